"""Whether somebody who has just registered sees the ticket before opening the mail."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Boolean

ID = "2026-11-28T23:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The ticket at once"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    manager.add_column(
        table_class_name="Event",
        tablename="event",
        column_name="ticket_at_once",
        db_column_name="ticket_at_once",
        column_class_name="Boolean",
        column_class=Boolean,
        params={"default": False, "null": False},
    )
    return manager
