"""The host of calendar UIDs, chosen once: it must survive a change of the installation's address."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Varchar

ID = "2026-11-28T14:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The host of calendar UIDs"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    manager.add_column(
        table_class_name="Deployment",
        tablename="deployment",
        column_name="calendar_host",
        db_column_name="calendar_host",
        column_class_name="Varchar",
        column_class=Varchar,
        params={"length": 253, "default": None, "null": True},
    )
    return manager
