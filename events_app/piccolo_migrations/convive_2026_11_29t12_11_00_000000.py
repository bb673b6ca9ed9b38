"""What is unique of series. Apart: raw statements run before new tables."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-29T12:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Unique indexes of series"

STATEMENTS = [
    "CREATE UNIQUE INDEX series_slug_key ON series (slug)",
    "CREATE UNIQUE INDEX series_event_once ON series_event (event)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def create_indexes() -> None:
        for statement in STATEMENTS:
            await execute(statement)

    manager.add_raw(create_indexes)
    return manager
