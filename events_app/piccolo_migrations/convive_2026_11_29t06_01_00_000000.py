"""One answer a registration; a mail that came back is found by its Message-ID. Apart: raw statements run
before new tables."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-29T06:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes of what comes back by mail"

STATEMENTS = [
    "CREATE UNIQUE INDEX calendar_answer_once ON calendar_answer (registration)",
    "CREATE INDEX mail_message ON mail (message_id)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def create_indexes() -> None:
        for statement in STATEMENTS:
            await execute(statement)

    manager.add_raw(create_indexes)
    return manager
