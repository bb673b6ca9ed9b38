"""What is unique of committees. Apart: raw statements run before new tables."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-29T12:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Unique indexes of committees"

STATEMENTS = [
    "CREATE UNIQUE INDEX assembly_slug_key ON assembly (slug)",
    "CREATE UNIQUE INDEX sitting_event_key ON sitting (event)",
    "CREATE UNIQUE INDEX sitting_answer_once ON sitting_answer (sitting, seat)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def create_indexes() -> None:
        for statement in STATEMENTS:
            await execute(statement)

    manager.add_raw(create_indexes)
    return manager
