"""One placement of an event is computed at a time."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-28T10:25:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "One computation of an event at a time"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def create_index() -> None:
        await execute(
            "CREATE UNIQUE INDEX computation_active ON computation (event)"
            " WHERE status IN ('queued', 'running')"
        )

    manager.add_raw(create_index)
    return manager
