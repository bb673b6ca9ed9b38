"""Sessions that people choose themselves."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Varchar

from events_app.infra.database.new_tables import add_columns, column

ID = "2026-11-29T07:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Sessions that people choose themselves"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    add_columns(manager, "Session", "session", [("choice", *column(Varchar, length=8, default=""))])
    return manager
