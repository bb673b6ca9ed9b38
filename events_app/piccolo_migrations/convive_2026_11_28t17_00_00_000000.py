"""Networking sessions: their settings, seat plans and seats."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import UUID, Integer, SmallInt, Text, Timestamptz, Varchar

from events_app.infra.database.new_tables import add_tables, column, refers_to

ID = "2026-11-28T17:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Networking rooms and seat plans"

TABLES: dict[str, tuple[Any, ...]] = {
    "networking_room": (
        "NetworkingRoom",
        ("id", *column(UUID, primary_key=True)),
        ("session", *refers_to("session", OnDelete.cascade, index=True)),
        ("settings", *column(Text, default="{}")),
        ("revision", *column(Integer, default=1)),
    ),
    "seating_plan": (
        "SeatingPlan",
        ("id", *column(UUID, primary_key=True)),
        ("session", *refers_to("session", OnDelete.cascade, index=True)),
        ("status", *column(Varchar, length=12, default="")),
        ("seed", *column(Varchar, length=20, default="")),
        ("settings", *column(Text, default="{}")),
        ("tables", *column(SmallInt, default=1)),
        ("possible", *column(Integer, default=0)),
        ("digest", *column(Varchar, length=64, default="")),
        ("revision", *column(Integer, default=1)),
        ("created_at", *column(Timestamptz)),
        ("published_at", *column(Timestamptz, null=True)),
    ),
    "seat": (
        "Seat",
        ("id", *column(UUID, primary_key=True)),
        ("plan", *refers_to("seating_plan", OnDelete.cascade, index=True)),
        ("registration", *refers_to("registration", OnDelete.cascade, index=True)),
        ("round_number", *column(SmallInt, default=1)),
        ("table_number", *column(SmallInt, default=1)),
    ),
}

async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    add_tables(manager, TABLES)
    return manager
