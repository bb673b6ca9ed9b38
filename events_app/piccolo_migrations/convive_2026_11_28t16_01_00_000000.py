"""Scans are unique by event and device. The index first: triggers wait for the commit where rows changed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-28T16:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Unique scan ids by device"

STATEMENTS = [
    "DROP INDEX scan_once",
    "CREATE UNIQUE INDEX scan_once ON scan (event, scan_id, device)",
    "UPDATE scan SET device = lower(replace(CAST(device_id AS VARCHAR(40)), '-', ''))"
    " WHERE device_id IS NOT NULL",
    "UPDATE scan SET voids_device = (SELECT s.device FROM scan s WHERE s.event = scan.event"
    " AND s.scan_id = scan.voids) WHERE voids IS NOT NULL",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def change() -> None:
        for statement in STATEMENTS:
            await execute(statement)

    manager.add_raw(change)
    return manager
