"""A round is announced once, a person is in a room once."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-28T19:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Unique indexes of announced rounds and presence"

STATEMENTS = [
    "CREATE UNIQUE INDEX announced_round_once ON announced_round (plan, number)",
    "CREATE UNIQUE INDEX room_presence_once ON room_presence (session, registration)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def create_indexes() -> None:
        for statement in STATEMENTS:
            await execute(statement)

    manager.add_raw(create_indexes)
    return manager
