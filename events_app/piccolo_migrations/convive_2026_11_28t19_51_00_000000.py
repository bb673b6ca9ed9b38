"""One tick and one release for each pair; what a plan had when it was published."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer, Timestamptz

from events_app.infra.database import execute

ID = "2026-11-28T19:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Contacts pass once"

COLUMNS = [
    ("planned", Integer, {"default": 0, "null": False}),
    ("released_at", Timestamptz, {"default": None, "null": True}),
]
STATEMENTS = [
    "CREATE UNIQUE INDEX contact_tick_once ON contact_tick (session, registration, about)",
    "CREATE UNIQUE INDEX contact_release_once ON contact_release (session, first, second)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    for name, kind, params in COLUMNS:
        manager.add_column(
            table_class_name="SeatingPlan",
            tablename="seating_plan",
            column_name=name,
            db_column_name=name,
            column_class_name=kind.__name__,
            column_class=kind,
            params=params,
        )

    async def create_indexes() -> None:
        for statement in STATEMENTS:
            await execute(statement)

    manager.add_raw(create_indexes)
    return manager
