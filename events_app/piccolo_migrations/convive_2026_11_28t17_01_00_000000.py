"""One room for each session, one seat for each person and round. Apart: raw statements run before new tables."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-28T17:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Unique indexes of networking rooms and seats"

STATEMENTS = [
    "CREATE UNIQUE INDEX networking_room_once ON networking_room (session)",
    "CREATE UNIQUE INDEX seat_once ON seat (plan, registration, round_number)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def create_indexes() -> None:
        for statement in STATEMENTS:
            await execute(statement)

    manager.add_raw(create_indexes)
    return manager
