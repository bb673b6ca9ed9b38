"""What nothing reads or writes: the secret of an event's link, the number of scans of a door device."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-28T21:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Columns that nothing uses are gone"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    for class_name, table, column in (
        ("Event", "event", "link_token"),
        ("DoorDevice", "door_device", "scans_count"),
    ):
        manager.drop_column(
            table_class_name=class_name, tablename=table, column_name=column, db_column_name=column
        )
    return manager
