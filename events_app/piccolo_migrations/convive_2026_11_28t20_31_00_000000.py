"""A tag stands once on each person."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-28T20:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Each tag once"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def create_index() -> None:
        await execute("CREATE UNIQUE INDEX registration_tag_once ON registration_tag (registration, tag)")

    manager.add_raw(create_index)
    return manager
