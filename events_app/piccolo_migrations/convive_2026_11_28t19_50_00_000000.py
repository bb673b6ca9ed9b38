"""Afterwards: whom somebody would like to meet again, whose contacts have passed."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import UUID, Timestamptz, Varchar

from events_app.infra.database.new_tables import add_tables, column, refers_to

ID = "2026-11-28T19:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Contacts after a networking session"

TABLES: dict[str, tuple[Any, ...]] = {
    "contact_tick": (
        "ContactTick",
        ("id", *column(UUID, primary_key=True)),
        ("session", *refers_to("session", OnDelete.cascade, index=True)),
        ("registration", *refers_to("registration", OnDelete.cascade, index=True)),
        ("about", *refers_to("registration", OnDelete.cascade, index=True)),
        ("at", *column(Timestamptz)),
    ),
    "contact_release": (
        "ContactRelease",
        ("id", *column(UUID, primary_key=True)),
        ("session", *refers_to("session", OnDelete.cascade, index=True)),
        ("first", *refers_to("registration", OnDelete.cascade, index=True)),
        ("second", *refers_to("registration", OnDelete.cascade, index=True)),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    add_tables(manager, TABLES)
    return manager
