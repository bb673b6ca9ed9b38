"""Somebody who is registered again gets a new number in the order of arrival: the last one is kept then too."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute, is_postgres

ID = "2026-11-28T17:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The last number of arrival follows changed numbers"

SQLITE = [
    "CREATE TRIGGER registration_renumbered AFTER UPDATE OF arrival ON registration BEGIN"
    " UPDATE event_count SET last_arrival = max(last_arrival, NEW.arrival) WHERE event = NEW.event; END",
]
POSTGRES = [
    "CREATE FUNCTION registration_renumbered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " UPDATE event_count SET last_arrival = greatest(last_arrival, NEW.arrival) WHERE event = NEW.event;"
    " RETURN NULL; END $$",
    "CREATE TRIGGER registration_renumbered AFTER UPDATE OF arrival ON registration"
    " FOR EACH ROW WHEN (OLD.arrival IS DISTINCT FROM NEW.arrival)"
    " EXECUTE FUNCTION registration_renumbered()",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def follow_numbers() -> None:
        for statement in POSTGRES if is_postgres() else SQLITE:
            await execute(statement)

    manager.add_raw(follow_numbers)
    return manager
