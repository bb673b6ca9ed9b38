"""Seats that stay in the next proposal; one wish of each person about each other."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Boolean

from events_app.infra.database import execute

ID = "2026-11-28T19:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Locked seats, unique wishes"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    manager.add_column(
        table_class_name="Seat",
        tablename="seat",
        column_name="locked",
        db_column_name="locked",
        column_class_name="Boolean",
        column_class=Boolean,
        params={"default": False, "null": False},
    )

    async def create_index() -> None:
        await execute("CREATE UNIQUE INDEX meeting_wish_once ON meeting_wish (session, registration, about)")

    manager.add_raw(create_index)
    return manager
