"""Whether somebody accepts a workshop that they did not rank."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Boolean

ID = "2026-11-28T10:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Accepting another workshop"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    manager.add_column(
        table_class_name="Registration",
        tablename="registration",
        column_name="accepts_any",
        db_column_name="accepts_any",
        column_class_name="Boolean",
        column_class=Boolean,
        params={"default": True, "null": False},
    )
    return manager
