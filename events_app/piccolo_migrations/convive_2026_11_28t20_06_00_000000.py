"""Each reminder once. Apart: raw statements run before new tables."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-28T20:06:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Each reminder once"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def create_indexes() -> None:
        await execute("CREATE UNIQUE INDEX reminder_once ON reminder (event, minutes, starts_at)")
        await execute("CREATE UNIQUE INDEX no_reminders_once ON no_reminders (registration)")

    manager.add_raw(create_indexes)
    return manager
