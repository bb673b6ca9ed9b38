"""What a mail told, as a digest: the same is not told twice, and what was told before is known."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Varchar

ID = "2026-11-28T14:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What a mail told"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    manager.add_column(
        table_class_name="Mail",
        tablename="mail",
        column_name="told",
        db_column_name="told",
        column_class_name="Varchar",
        column_class=Varchar,
        params={"length": 64, "default": "", "null": False},
    )
    return manager
