"""An index for the waiting list: how many groups wait is read with every registration at a full event."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-24T02:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Index of the waiting list"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def create_index() -> None:
        await execute(
            "CREATE INDEX registration_waiting ON registration (event, status, arrival)"
            " WHERE id = group_id AND status = 'waiting'"
        )

    manager.add_raw(create_index)
    return manager
