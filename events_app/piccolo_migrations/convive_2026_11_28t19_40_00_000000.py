"""The evening itself: rounds that were announced, who is in the room."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import UUID, SmallInt, Timestamptz, Varchar

from events_app.infra.database.new_tables import add_tables, column, refers_to

ID = "2026-11-28T19:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Announced rounds, presence in the room"

TABLES: dict[str, tuple[Any, ...]] = {
    "announced_round": (
        "AnnouncedRound",
        ("id", *column(UUID, primary_key=True)),
        ("plan", *refers_to("seating_plan", OnDelete.cascade, index=True)),
        ("number", *column(SmallInt, default=1)),
        ("starts_at", *column(Timestamptz)),
    ),
    "room_presence": (
        "RoomPresence",
        ("id", *column(UUID, primary_key=True)),
        ("session", *refers_to("session", OnDelete.cascade, index=True)),
        ("registration", *refers_to("registration", OnDelete.cascade, index=True)),
        ("state", *column(Varchar, length=6, default="")),
        ("at", *column(Timestamptz)),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    add_tables(manager, TABLES)
    return manager
