"""The words by which a registration is found, in place of its folded name."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Text

ID = "2026-11-28T11:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Words of registrations"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    manager.add_column(
        table_class_name="Registration",
        tablename="registration",
        column_name="search_words",
        db_column_name="search_words",
        column_class_name="Text",
        column_class=Text,
        params={"default": "", "null": False},
    )
    manager.drop_column(
        table_class_name="Registration",
        tablename="registration",
        column_name="search_name",
        db_column_name="search_name",
    )
    return manager
