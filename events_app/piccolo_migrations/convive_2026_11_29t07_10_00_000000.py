"""Notes of the organisers on people."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import UUID, Text, Timestamptz, Varchar

from events_app.infra.database.new_tables import add_tables, column, refers_to

ID = "2026-11-29T07:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Notes on people"

TABLES: dict[str, tuple[Any, ...]] = {
    "registration_note": (
        "RegistrationNote",
        ("id", *column(UUID, primary_key=True)),
        ("registration", *refers_to("registration", OnDelete.cascade, index=True)),
        ("text", *column(Text, default="")),
        ("author", *column(Varchar, length=200, default="")),
        ("written_at", *column(Timestamptz)),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    add_tables(manager, TABLES)
    return manager
