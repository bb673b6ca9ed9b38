"""When an event was postponed and when a ticket was issued anew: scans made before are judged by what held."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Timestamptz

from events_app.infra.database.new_tables import add_columns, column

ID = "2026-11-29T03:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "When an event was postponed, when a ticket was issued anew"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    add_columns(manager, "Event", "event", [("postponed_at", *column(Timestamptz, null=True, default=None))])
    add_columns(
        manager,
        "Registration",
        "registration",
        [("ticket_issued_at", *column(Timestamptz, null=True, default=None))],
    )
    return manager
