"""Each count once, one setting for each event. Apart: raw statements run before new tables."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-28T23:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Unique indexes of counting"

STATEMENTS = [
    "CREATE UNIQUE INDEX counting_setup_once ON counting_setup (event)",
    "CREATE UNIQUE INDEX tally_once ON tally (event, device, tally_id)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def create_indexes() -> None:
        for statement in STATEMENTS:
            await execute(statement)

    manager.add_raw(create_indexes)
    return manager
