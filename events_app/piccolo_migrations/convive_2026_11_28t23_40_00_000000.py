"""Counting without registration: what is counted where, and each count."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import UUID, Integer, Text, Timestamptz, Varchar

from events_app.infra.database.new_tables import add_tables, column, refers_to

ID = "2026-11-28T23:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Counting without registration"

TABLES: dict[str, tuple[Any, ...]] = {
    "counting_setup": (
        "CountingSetup",
        ("id", *column(UUID, primary_key=True)),
        ("event", *refers_to("event", OnDelete.cascade, index=True)),
        ("sites", *column(Text, default="[]")),
        ("revision", *column(Integer, default=1)),
    ),
    "tally": (
        "Tally",
        ("id", *column(UUID, primary_key=True)),
        ("event", *refers_to("event", OnDelete.cascade, index=True)),
        ("device", *column(Varchar, length=80, default="")),
        ("tally_id", *column(Varchar, length=80, default="")),
        ("site", *column(Varchar, length=80, default="")),
        ("gate", *column(Varchar, length=80, default="")),
        ("direction", *column(Varchar, length=3, default="")),
        ("people", *column(Integer, default=1)),
        ("at", *column(Timestamptz)),
        ("received_at", *column(Timestamptz)),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    add_tables(manager, TABLES)
    return manager
