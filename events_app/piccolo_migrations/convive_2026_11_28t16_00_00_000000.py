"""Whose ids the ids of scans are, and what a registration was before its last change."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Varchar

ID = "2026-11-28T16:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Scan ids by device"

COLUMNS = [
    ("Scan", "scan", "device", {"length": 80, "default": "", "null": False}),
    ("Scan", "scan", "voids_device", {"length": 80, "default": None, "null": True}),
    ("Registration", "registration", "status_before", {"length": 12, "default": "", "null": False}),
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    for table, tablename, column, params in COLUMNS:
        manager.add_column(
            table_class_name=table,
            tablename=tablename,
            column_name=column,
            db_column_name=column,
            column_class_name="Varchar",
            column_class=Varchar,
            params=params,
        )
    return manager
