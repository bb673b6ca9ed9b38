"""What people answer to the invitation of their calendar."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import UUID, Timestamptz, Varchar

from events_app.infra.database.new_tables import add_tables, column, refers_to

ID = "2026-11-29T06:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Answers to invitations"

TABLES: dict[str, tuple[Any, ...]] = {
    "calendar_answer": (
        "CalendarAnswer",
        ("id", *column(UUID, primary_key=True)),
        ("registration", *refers_to("registration", OnDelete.cascade, index=True)),
        ("answer", *column(Varchar, length=12, default="")),
        ("stamped_at", *column(Timestamptz)),
        ("received_at", *column(Timestamptz)),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    add_tables(manager, TABLES)
    return manager
