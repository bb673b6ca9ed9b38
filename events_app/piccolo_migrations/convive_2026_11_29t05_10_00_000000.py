"""A device at the door may be a kiosk, before which people stand alone."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Boolean

from events_app.infra.database.new_tables import add_columns, column

ID = "2026-11-29T05:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Kiosks"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    add_columns(manager, "DoorDevice", "door_device", [("kiosk", *column(Boolean, default=False))])
    return manager
