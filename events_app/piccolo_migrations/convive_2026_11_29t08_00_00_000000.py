"""An event's texts in another language than its own."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Text

from events_app.infra.database.new_tables import add_columns, column

ID = "2026-11-29T08:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Two languages of an event"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    add_columns(manager, "Event", "event", [("translations", *column(Text, default="{}"))])
    return manager
