"""When somebody signed in last: an invitation that nobody has followed is seen."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Timestamptz

from events_app.infra.database.new_tables import column

ID = "2026-11-28T18:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Last sign-in"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    kind, params = column(Timestamptz, null=True)
    manager.add_column(
        table_class_name="Account",
        tablename="account",
        column_name="signed_in_at",
        db_column_name="signed_in_at",
        column_class_name=kind.__name__,
        column_class=kind,
        params=params,
        schema=None,
    )
    return manager
