"""How often each organiser is told what is new, and until when they were."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Timestamptz, Varchar

from events_app.infra.database.new_tables import add_columns, column

ID = "2026-11-29T06:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Digests for organisers"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    columns = [
        ("digest", *column(Varchar, length=8, default="daily")),
        ("digest_until", *column(Timestamptz, null=True, default=None)),
    ]
    add_columns(manager, "Account", "account", columns)
    return manager
