"""One copy of a message for each person. Apart: raw statements run before new tables."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-28T20:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A message reaches each person once"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def create_index() -> None:
        await execute("CREATE UNIQUE INDEX message_copy_once ON message_copy (message, registration)")

    manager.add_raw(create_index)
    return manager
