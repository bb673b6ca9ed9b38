"""Who was entered at a door is counted from an index of theirs."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-29T05:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Index of people entered at a door"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def create_index() -> None:
        await execute("CREATE INDEX registration_door ON registration (event) WHERE source = 'door'")

    manager.add_raw(create_index)
    return manager
