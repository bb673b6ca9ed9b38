"""What the doors have seen, kept by triggers on `presence` and `scan` (docs/decisions/0065).

Kinds of `presence_count`: `point` (everybody who came in at the event's door, '', or at a session's), `gate`
(by the gate of the first entry), `arrival` (by ten minutes), `registered`, `organisation` and `commune` (those
who hold a place), `refused` and `flagged` (scans).

On PostgreSQL the triggers wait for the commit: whoever scans holds people's rows, whoever withdraws holds the
event's, and neither may wait for a count while holding what the other needs. Each takes the counts in one order:
what is counted of the scan, then the point, then `registered`, then the groups.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute, is_postgres

ID = "2026-11-28T11:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Kept counts of the doors"

TABLE = (
    "CREATE TABLE presence_count (event UUID NOT NULL REFERENCES event (id) ON DELETE CASCADE,"
    " kind VARCHAR(12) NOT NULL, name VARCHAR(200) NOT NULL, present INTEGER NOT NULL DEFAULT 0,"
    " inside INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (event, kind, name))"
)

REGISTERED_HERE = "FROM presence p JOIN registration r ON r.id = p.registration AND r.status = 'confirmed'"


def _bucket(moment: str) -> str:
    """Ten minutes, as `2018-04-10 12:3` and a zero: SQLite keeps instants as such texts, in UTC."""
    if is_postgres():
        return f"left(to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), 15) || '0'"
    return f"substr({moment}, 1, 15) || '0'"


def _fill() -> list[str]:
    into = "INSERT INTO presence_count (event, kind, name, present, inside)"
    here = "point = ''"
    bucket = _bucket("first_at")
    return [
        f"{into} SELECT event, 'point', point, count(*), sum(CASE WHEN inside THEN 1 ELSE 0 END)"
        " FROM presence GROUP BY event, point",
        f"{into} SELECT event, 'gate', first_gate, count(*), 0 FROM presence WHERE {here}"
        " GROUP BY event, first_gate",
        f"{into} SELECT event, 'arrival', {bucket}, count(*), 0 FROM presence WHERE {here}"
        f" GROUP BY event, {bucket}",
        f"{into} SELECT p.event, 'registered', '', count(*), 0 {REGISTERED_HERE} WHERE p.{here}"
        " GROUP BY p.event",
        f"{into} SELECT p.event, 'organisation', r.organisation, count(*), 0 {REGISTERED_HERE}"
        f" WHERE p.{here} GROUP BY p.event, r.organisation",
        f"{into} SELECT p.event, 'commune', r.commune, count(*), 0 {REGISTERED_HERE} WHERE p.{here}"
        " GROUP BY p.event, r.commune",
        f"{into} SELECT event, 'refused', '', count(*), 0 FROM scan WHERE outcome = 'refused' GROUP BY event",
        f"{into} SELECT event, 'flagged', '', count(*), 0 FROM scan WHERE flagged GROUP BY event",
    ]


def _add(event: str, kind: str, name: str, condition: str, inside: str = "0") -> str:
    return (
        "INSERT INTO presence_count (event, kind, name, present, inside)"
        f" SELECT {event}, '{kind}', {name}, 1, {inside} WHERE {condition}"
        " ON CONFLICT (event, kind, name)"
        " DO UPDATE SET present = presence_count.present + 1,"
        " inside = presence_count.inside + excluded.inside;"
    )


def _take(event: str, kind: str, name: str, condition: str, inside: str = "0") -> str:
    """Where nobody is left, the name goes too."""
    where = f"event = {event} AND kind = '{kind}' AND name = {name}"
    return (
        f"UPDATE presence_count SET present = present - 1, inside = inside - {inside}"
        f" WHERE {condition} AND {where};"
        f"DELETE FROM presence_count WHERE {where} AND present <= 0;"
    )


def _inside(row: str) -> str:
    return f"CASE WHEN {row}.inside THEN 1 ELSE 0 END"


def _of_person(change, row: str) -> str:  # type: ignore[no-untyped-def]
    """The counts of those who hold a place, for a row of `presence`."""
    who = f"FROM registration WHERE id = {row}.registration"
    holds = f"{row}.point = '' AND EXISTS (SELECT 1 {who} AND status = 'confirmed')"
    return str(
        change(f"{row}.event", "registered", "''", holds)
        + change(f"{row}.event", "organisation", f"(SELECT organisation {who})", holds)
        + change(f"{row}.event", "commune", f"(SELECT commune {who})", holds)
    )


def _of_registration(change, row: str) -> str:  # type: ignore[no-untyped-def]
    """The same for a row of `registration`, whose presence may be there already."""
    came = (
        f"{row}.status = 'confirmed'"
        f" AND EXISTS (SELECT 1 FROM presence WHERE registration = {row}.id AND point = '')"
    )
    return str(
        change(f"{row}.event", "registered", "''", came)
        + change(f"{row}.event", "organisation", f"{row}.organisation", came)
        + change(f"{row}.event", "commune", f"{row}.commune", came)
    )


def _came() -> str:
    return (
        _add("NEW.event", "point", "NEW.point", "1 = 1", _inside("NEW"))
        + _add("NEW.event", "gate", "NEW.first_gate", "NEW.point = ''")
        + _add("NEW.event", "arrival", _bucket("NEW.first_at"), "NEW.point = ''")
        + _of_person(_add, "NEW")
    )


def _changed() -> str:
    """Of an upsert, only this half: a person stays who they are, the first entry may be another one."""
    return (
        f"UPDATE presence_count SET inside = inside + {_inside('NEW')} - {_inside('OLD')}"
        " WHERE event = NEW.event AND kind = 'point' AND name = NEW.point;"
        + _take("OLD.event", "gate", "OLD.first_gate", "OLD.point = ''")
        + _add("NEW.event", "gate", "NEW.first_gate", "NEW.point = ''")
        + _take("OLD.event", "arrival", _bucket("OLD.first_at"), "OLD.point = ''")
        + _add("NEW.event", "arrival", _bucket("NEW.first_at"), "NEW.point = ''")
    )


def _gone() -> str:
    return (
        _take("OLD.event", "point", "OLD.point", "1 = 1", _inside("OLD"))
        + _take("OLD.event", "gate", "OLD.first_gate", "OLD.point = ''")
        + _take("OLD.event", "arrival", _bucket("OLD.first_at"), "OLD.point = ''")
        + _of_person(_take, "OLD")
    )


def _moved() -> str:
    return _of_registration(_take, "OLD") + _of_registration(_add, "NEW")


def _scanned() -> str:
    return _add("NEW.event", "refused", "''", "NEW.outcome = 'refused'") + _add(
        "NEW.event", "flagged", "''", "NEW.flagged"
    )


MOVES = "OLD.status <> NEW.status OR OLD.organisation <> NEW.organisation OR OLD.commune <> NEW.commune"
CHANGES = "OLD.inside <> NEW.inside OR OLD.first_gate <> NEW.first_gate OR OLD.first_at <> NEW.first_at"


def _triggers() -> list[tuple[str, str, str, str]]:
    """Name, moment, condition, body."""
    return [
        ("presence_counted", "AFTER INSERT ON presence", "1 = 1", _came()),
        ("presence_recounted", "AFTER UPDATE ON presence", CHANGES, _changed()),
        ("presence_uncounted", "AFTER DELETE ON presence", "1 = 1", _gone()),
        ("scan_counted", "AFTER INSERT ON scan", "NEW.outcome = 'refused' OR NEW.flagged", _scanned()),
        (
            "registration_presence_recounted",
            "AFTER UPDATE OF status, organisation, commune ON registration",
            MOVES,
            _moved(),
        ),
    ]


def _statements() -> list[str]:
    made = []
    for name, moment, condition, body in _triggers():
        if is_postgres():
            made += [
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN {body} RETURN NULL; END $$",
                f"CREATE CONSTRAINT TRIGGER {name} {moment} DEFERRABLE INITIALLY DEFERRED"
                f" FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()",
            ]
        else:
            made.append(f"CREATE TRIGGER {name} {moment} WHEN {condition} BEGIN {body} END")
    if not is_postgres():
        # Its presence goes by the foreign key, when nobody can tell any more whether it held a place.
        made.append(
            "CREATE TRIGGER registration_presence_uncounted BEFORE DELETE ON registration BEGIN"
            f" {_of_registration(_take, 'OLD')} END"
        )
    return made


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def keep_counts() -> None:
        for statement in [TABLE, *_fill(), *_statements()]:
            await execute(statement)

    manager.add_raw(keep_counts)
    return manager
