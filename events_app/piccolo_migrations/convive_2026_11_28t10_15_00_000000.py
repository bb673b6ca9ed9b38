"""How many workshops somebody ranks at least who accepts no other one."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import SmallInt

ID = "2026-11-28T10:15:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The least number of wishes"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    manager.add_column(
        table_class_name="Event",
        tablename="event",
        column_name="preferences_least",
        db_column_name="preferences_least",
        column_class_name="SmallInt",
        column_class=SmallInt,
        params={"default": 3, "null": False},
    )
    return manager
