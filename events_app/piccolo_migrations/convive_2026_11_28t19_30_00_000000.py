"""Speed-dating: what people say of each other before they meet."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import UUID, Varchar

from events_app.infra.database.new_tables import add_tables, column, refers_to

ID = "2026-11-28T19:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Wishes of speed-dating"

TABLES: dict[str, tuple[Any, ...]] = {
    "meeting_wish": (
        "MeetingWish",
        ("id", *column(UUID, primary_key=True)),
        ("session", *refers_to("session", OnDelete.cascade, index=True)),
        ("registration", *refers_to("registration", OnDelete.cascade, index=True)),
        ("about", *refers_to("registration", OnDelete.cascade, index=True)),
        ("value", *column(Varchar, length=4, default="")),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    add_tables(manager, TABLES)
    return manager
