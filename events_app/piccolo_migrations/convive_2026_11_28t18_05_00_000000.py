"""Who made a key or lent a phone the door: neither outlives that person's access."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID

from events_app.infra.database.new_tables import column

ID = "2026-11-28T18:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Makers of keys and of door devices"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    _, params = column(UUID, null=True)
    for class_name, tablename in (("ApiKey", "api_key"), ("DoorDevice", "door_device")):
        manager.add_column(
            table_class_name=class_name,
            tablename=tablename,
            column_name="created_by",
            db_column_name="created_by",
            column_class_name="UUID",
            column_class=UUID,
            params=params,
            schema=None,
        )
    return manager
