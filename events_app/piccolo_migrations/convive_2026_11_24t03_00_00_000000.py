"""What calendar feeds and the outbox look up."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-24T03:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes of calendar feeds and of the outbox"

STATEMENTS = [
    "CREATE INDEX event_updated ON event (updated_at)",
    "CREATE INDEX mail_registration ON mail (registration_id)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def create_indexes() -> None:
        for statement in STATEMENTS:
            await execute(statement)

    manager.add_raw(create_indexes)
    return manager
