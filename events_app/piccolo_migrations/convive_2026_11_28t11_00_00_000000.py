"""Counts that are kept by the database itself, in the transaction of the deed (docs/decisions/0065).

`event_count` and `registered_group` are kept by triggers on `registration` and `preference`. On PostgreSQL
whoever changes those holds the event's row, so its counts change one after the other.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute, is_postgres

ID = "2026-11-28T11:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Kept counts of registrations"

TABLES = [
    "CREATE TABLE event_count (event UUID PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,"
    " confirmed INTEGER NOT NULL DEFAULT 0, waiting INTEGER NOT NULL DEFAULT 0,"
    " waiting_groups INTEGER NOT NULL DEFAULT 0, pending INTEGER NOT NULL DEFAULT 0,"
    " cancelled INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0,"
    " wishing INTEGER NOT NULL DEFAULT 0, last_arrival INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE registered_group (event UUID NOT NULL REFERENCES event (id) ON DELETE CASCADE,"
    " kind VARCHAR(12) NOT NULL, name VARCHAR(200) NOT NULL, people INTEGER NOT NULL,"
    " PRIMARY KEY (event, kind, name))",
]

LINE = (
    "CREATE INDEX registration_line ON registration (event, arrival) WHERE status = 'waiting' AND id = group_id"
)

STATUSES = ("confirmed", "waiting", "pending", "cancelled", "refused")


def _one(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


def _has_status(status: str) -> str:
    return f"status = '{status}'"


WAITING_LEAD = "status = 'waiting' AND id = group_id"
WITH_WISHES = "status = 'confirmed' AND EXISTS (SELECT 1 FROM preference p WHERE p.registration = r.id)"

FILL = [
    f"INSERT INTO event_count (event, {', '.join(STATUSES)}, waiting_groups, wishing, last_arrival)"
    " SELECT event, "
    + "".join(f"sum({_one(condition)}), " for condition in [*map(_has_status, STATUSES), WAITING_LEAD])
    + f"sum({_one(WITH_WISHES)}), max(arrival) FROM registration r GROUP BY event",
    *(
        "INSERT INTO registered_group (event, kind, name, people)"
        f" SELECT event, '{kind}', {kind}, count(*) FROM registration WHERE status = 'confirmed'"
        f" GROUP BY event, {kind}"
        for kind in ("organisation", "commune")
    ),
]


# SQLite: a trigger for each row, in plain statements.


def _sqlite_count(row: str, sign: str, wishing: str) -> str:
    values = [_one(f"{row}.status = '{status}'") for status in STATUSES]
    values.append(_one(f"{row}.status = 'waiting' AND {row}.id = {row}.group_id"))
    values.append(wishing)
    names = (*STATUSES, "waiting_groups", "wishing")
    changes = ", ".join(f"{name} = {name} {sign} {value}" for name, value in zip(names, values, strict=True))
    return f"UPDATE event_count SET {changes} WHERE event = {row}.event;"


def _sqlite_group(row: str, sign: str) -> str:
    """Where nobody is left, the name goes too: it may have been one person's."""
    statements = []
    for kind in ("organisation", "commune"):
        where = f"event = {row}.event AND kind = '{kind}' AND name = {row}.{kind}"
        if sign == "+":
            statements.append(
                "INSERT INTO registered_group (event, kind, name, people)"
                f" SELECT {row}.event, '{kind}', {row}.{kind}, 1 WHERE {row}.status = 'confirmed'"
                " ON CONFLICT (event, kind, name) DO UPDATE SET people = people + 1;"
            )
        else:
            statements.append(
                f"UPDATE registered_group SET people = people - 1"
                f" WHERE {row}.status = 'confirmed' AND {where};"
                f"DELETE FROM registered_group WHERE {where} AND people <= 0;"
            )
    return "".join(statements)


def _has_wishes(row: str) -> str:
    return _one(
        f"{row}.status = 'confirmed' AND EXISTS (SELECT 1 FROM preference WHERE registration = {row}.id)"
    )


def _sqlite_wishing(row: str, sign: str) -> str:
    """The first wish of somebody came, or the last one went."""
    return (
        f"UPDATE event_count SET wishing = wishing {sign} 1"
        f" WHERE NOT EXISTS (SELECT 1 FROM preference WHERE registration = {row}.registration"
        f" AND id <> {row}.id)"
        " AND event = (SELECT event FROM registration"
        f" WHERE id = {row}.registration AND status = 'confirmed');"
    )


SQLITE = [
    "CREATE TRIGGER registration_counted AFTER INSERT ON registration BEGIN"
    " INSERT INTO event_count (event, last_arrival) VALUES (NEW.event, NEW.arrival)"
    " ON CONFLICT (event) DO UPDATE SET last_arrival = max(last_arrival, excluded.last_arrival);"
    f" {_sqlite_count('NEW', '+', '0')}{_sqlite_group('NEW', '+')} END",
    "CREATE TRIGGER registration_recounted AFTER UPDATE OF status, organisation, commune ON registration"
    " WHEN OLD.status <> NEW.status OR OLD.organisation <> NEW.organisation OR OLD.commune <> NEW.commune"
    f" BEGIN {_sqlite_count('OLD', '-', _has_wishes('OLD'))}{_sqlite_group('OLD', '-')}"
    f" {_sqlite_count('NEW', '+', _has_wishes('NEW'))}{_sqlite_group('NEW', '+')} END",
    # Before, because the wishes are still there.
    "CREATE TRIGGER registration_uncounted BEFORE DELETE ON registration BEGIN"
    f" {_sqlite_count('OLD', '-', _has_wishes('OLD'))}{_sqlite_group('OLD', '-')} END",
    f"CREATE TRIGGER preference_counted AFTER INSERT ON preference BEGIN {_sqlite_wishing('NEW', '+')} END",
    f"CREATE TRIGGER preference_uncounted AFTER DELETE ON preference BEGIN {_sqlite_wishing('OLD', '-')} END",
]


# PostgreSQL: one for each statement where many rows come at once.

_PG_NAMES = (*STATUSES, "waiting_groups", "wishing")


def _pg_count(row: str, sign: str) -> str:
    values = [f"({row}.status = '{status}')::int" for status in STATUSES]
    values.append(f"({row}.status = 'waiting' AND {row}.id = {row}.group_id)::int")
    values.append(
        f"({row}.status = 'confirmed'"
        f" AND EXISTS (SELECT 1 FROM preference p WHERE p.registration = {row}.id))::int"
    )
    changes = ", ".join(
        f"{name} = {name} {sign} {value}" for name, value in zip(_PG_NAMES, values, strict=True)
    )
    return f"UPDATE event_count SET {changes} WHERE event = {row}.event;"


def _pg_group(row: str, sign: str) -> str:
    statements = []
    for kind in ("organisation", "commune"):
        where = f"event = {row}.event AND kind = '{kind}' AND name = {row}.{kind}"
        if sign == "+":
            statements.append(
                "INSERT INTO registered_group AS g (event, kind, name, people)"
                f" VALUES ({row}.event, '{kind}', {row}.{kind}, 1)"
                " ON CONFLICT (event, kind, name) DO UPDATE SET people = g.people + 1;"
            )
        else:
            statements.append(
                f"UPDATE registered_group SET people = people - 1 WHERE {where};"
                f" DELETE FROM registered_group WHERE {where} AND people <= 0;"
            )
    return f"IF {row}.status = 'confirmed' THEN {' '.join(statements)} END IF;"


def _function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


_PG_INSERTED = (
    f"INSERT INTO event_count AS c (event, {', '.join(STATUSES)}, waiting_groups, last_arrival)"
    " SELECT event, "
    + "".join(f"sum({_one(condition)}), " for condition in [*map(_has_status, STATUSES), WAITING_LEAD])
    + "max(arrival) FROM fresh GROUP BY event ORDER BY event ON CONFLICT (event) DO UPDATE SET "
    + "".join(f"{name} = c.{name} + excluded.{name}, " for name in (*STATUSES, "waiting_groups"))
    + "last_arrival = greatest(c.last_arrival, excluded.last_arrival);"
    " INSERT INTO registered_group AS g (event, kind, name, people)"
    " SELECT event, k.kind, k.name, count(*) FROM fresh,"
    " LATERAL (VALUES ('organisation', organisation), ('commune', commune)) AS k (kind, name)"
    " WHERE status = 'confirmed' GROUP BY event, k.kind, k.name ORDER BY event, k.kind, k.name"
    " ON CONFLICT (event, kind, name) DO UPDATE SET people = g.people + excluded.people;"
    " RETURN NULL;"
)


def _pg_wishing(changed: str, sign: str, remaining: str) -> str:
    """`remaining`: how many wishes somebody has whose first one came, or last one went."""
    return (
        f"UPDATE event_count c SET wishing = wishing {sign} t.n FROM ("
        " SELECT r.event, count(*) AS n FROM ("
        f" SELECT registration, count(*) AS wishes FROM {changed} GROUP BY registration) w"
        " JOIN registration r ON r.id = w.registration AND r.status = 'confirmed'"
        f" WHERE (SELECT count(*) FROM preference p WHERE p.registration = w.registration) = {remaining}"
        " GROUP BY r.event) t WHERE c.event = t.event; RETURN NULL;"
    )


POSTGRES = [
    _function("registration_counted", _PG_INSERTED),
    _function(
        "registration_recounted",
        f"{_pg_count('OLD', '-')} {_pg_count('NEW', '+')} {_pg_group('OLD', '-')} {_pg_group('NEW', '+')}"
        " RETURN NULL;",
    ),
    _function("registration_uncounted", f"{_pg_count('OLD', '-')} {_pg_group('OLD', '-')} RETURN OLD;"),
    _function("preference_counted", _pg_wishing("fresh", "+", "w.wishes")),
    _function("preference_uncounted", _pg_wishing("gone", "-", "0")),
    "CREATE TRIGGER registration_counted AFTER INSERT ON registration"
    " REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION registration_counted()",
    "CREATE TRIGGER registration_recounted AFTER UPDATE OF status, organisation, commune ON registration"
    " FOR EACH ROW WHEN ((OLD.status, OLD.organisation, OLD.commune)"
    " IS DISTINCT FROM (NEW.status, NEW.organisation, NEW.commune))"
    " EXECUTE FUNCTION registration_recounted()",
    "CREATE TRIGGER registration_uncounted BEFORE DELETE ON registration"
    " FOR EACH ROW EXECUTE FUNCTION registration_uncounted()",
    "CREATE TRIGGER preference_counted AFTER INSERT ON preference"
    " REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION preference_counted()",
    "CREATE TRIGGER preference_uncounted AFTER DELETE ON preference"
    " REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION preference_uncounted()",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def keep_counts() -> None:
        for statement in [*TABLES, LINE, *FILL, *(POSTGRES if is_postgres() else SQLITE)]:
            await execute(statement)

    manager.add_raw(keep_counts)
    return manager
