"""A number for each event that grows when the door's list changes, kept by triggers on people and places.

Somebody new is seen by the last number of arrival. It begins with the seconds of today, so that no number comes
again after a backup was restored.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute, is_postgres

ID = "2026-11-28T11:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Changes of the door's list"

TABLE = (
    "CREATE TABLE door_list (event UUID PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,"
    " changes BIGINT NOT NULL)"
)

COUNT_UP = " ON CONFLICT (event) DO UPDATE SET changes = door_list.changes + 1;"
SQLITE_NOW, POSTGRES_NOW = "CAST(strftime('%s', 'now') AS INTEGER)", "extract(epoch FROM now())::bigint"
OF_PERSON = "UPDATE OF status, ticket_id, ticket_generation, erased_at ON registration"


def _sqlite() -> list[str]:
    def trigger(name: str, moment: str, event: str) -> str:
        return (
            f"CREATE TRIGGER {name} AFTER {moment} BEGIN INSERT INTO door_list (event, changes)"
            f" SELECT event, {SQLITE_NOW} FROM ({event}) WHERE true{COUNT_UP} END"
        )

    of_person = "SELECT event FROM registration WHERE id = {}.registration"
    return [
        trigger("door_list_person_changed", OF_PERSON, "SELECT NEW.event AS event"),
        trigger("door_list_person_gone", "DELETE ON registration", "SELECT OLD.event AS event"),
        trigger("door_list_place_given", "INSERT ON place", of_person.replace("{}", "NEW")),
        trigger("door_list_place_moved", "UPDATE ON place", of_person.replace("{}", "NEW")),
        trigger("door_list_place_gone", "DELETE ON place", of_person.replace("{}", "OLD")),
    ]


def _postgres() -> list[str]:
    def trigger(name: str, moment: str, rows: str, events: str) -> list[str]:
        return [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" INSERT INTO door_list (event, changes) SELECT DISTINCT event, {POSTGRES_NOW} FROM ({events}) e"
            f" ORDER BY event{COUNT_UP} RETURN NULL; END $$",
            f"CREATE TRIGGER {name} AFTER {moment} REFERENCING {rows} TABLE AS touched"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        ]

    changed = (
        "CREATE FUNCTION door_list_person_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" INSERT INTO door_list (event, changes) VALUES (NEW.event, {POSTGRES_NOW}){COUNT_UP}"
        " RETURN NULL; END $$"
    )
    of_person = "SELECT r.event FROM touched t JOIN registration r ON r.id = t.registration"
    return [
        changed,
        f"CREATE TRIGGER door_list_person_changed AFTER {OF_PERSON} FOR EACH ROW WHEN"
        " ((OLD.status, OLD.ticket_id, OLD.ticket_generation, OLD.erased_at) IS DISTINCT FROM"
        " (NEW.status, NEW.ticket_id, NEW.ticket_generation, NEW.erased_at))"
        " EXECUTE FUNCTION door_list_person_changed()",
        *trigger("door_list_person_gone", "DELETE ON registration", "OLD", "SELECT event FROM touched"),
        *trigger("door_list_place_given", "INSERT ON place", "NEW", of_person),
        *trigger("door_list_place_moved", "UPDATE ON place", "NEW", of_person),
        *trigger("door_list_place_gone", "DELETE ON place", "OLD", of_person),
    ]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def count_changes() -> None:
        for statement in [TABLE, *(_postgres() if is_postgres() else _sqlite())]:
            await execute(statement)

    manager.add_raw(count_changes)
    return manager
