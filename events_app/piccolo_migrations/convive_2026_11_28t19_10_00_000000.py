"""What changed at the doors since a device last asked: presence, undone and flagged scans."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-28T19:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "News for the doors"

INDEXES = [
    "CREATE INDEX presence_changed ON presence (event, changed_at)",
    "CREATE INDEX scan_undone ON scan (event, received_at) WHERE voids IS NOT NULL",
    "CREATE INDEX scan_flagged ON scan (event, received_at) WHERE flagged",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def index_news() -> None:
        for statement in INDEXES:
            await execute(statement)

    manager.add_raw(index_news)
    return manager
