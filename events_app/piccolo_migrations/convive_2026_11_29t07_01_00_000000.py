"""People are counted by profile over a period."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-29T07:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "People by profile"

INDEX = (
    "CREATE INDEX registration_profile ON registration (event, profile)"
    " WHERE status = 'confirmed' AND profile <> ''"
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def run() -> None:
        await execute(INDEX)

    manager.add_raw(run)
    return manager
