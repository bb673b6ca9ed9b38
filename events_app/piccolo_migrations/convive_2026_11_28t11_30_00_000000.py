"""An index of the words of registrations, kept by triggers; everybody who is there is written into it."""

from uuid import UUID

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.features.registration.finding import words_of
from events_app.infra.database import execute, is_postgres, rows
from events_app.kernel.text import fold

ID = "2026-11-28T11:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Index of the words of registrations"

# By the event's number: an id would be four times as long, and stands in every row.
SQLITE = [
    "CREATE TABLE registration_word (event INTEGER NOT NULL, word TEXT NOT NULL, arrival INTEGER NOT NULL,"
    " PRIMARY KEY (event, word, arrival)) WITHOUT ROWID",
]
POSTGRES = [
    'CREATE TABLE registration_word (event INTEGER NOT NULL, word TEXT COLLATE "C" NOT NULL,'
    " arrival INTEGER NOT NULL, PRIMARY KEY (event, word, arrival))",
]

# The words hold letters, digits and what stands in addresses, but neither quotes nor backslashes.
SQLITE_WRITE = (
    "INSERT OR IGNORE INTO registration_word (event, word, arrival)"
    " SELECT (SELECT number FROM event WHERE id = NEW.event), value, NEW.arrival"
    " FROM json_each('[\"' || replace(trim(NEW.search_words), ' ', '\",\"') || '\"]') WHERE value <> '';"
)
SQLITE_FORGET = (
    "DELETE FROM registration_word WHERE event = (SELECT number FROM event WHERE id = OLD.event)"
    " AND arrival = OLD.arrival AND word IN"
    " (SELECT value FROM json_each('[\"' || replace(trim(OLD.search_words), ' ', '\",\"') || '\"]'));"
)
SQLITE_TRIGGERS = [
    "CREATE TRIGGER registration_words_written AFTER INSERT ON registration WHEN NEW.search_words <> ''"
    f" BEGIN {SQLITE_WRITE} END",
    "CREATE TRIGGER registration_words_changed AFTER UPDATE OF search_words, arrival, event ON registration"
    " WHEN OLD.search_words <> NEW.search_words OR OLD.arrival <> NEW.arrival OR OLD.event <> NEW.event"
    f" BEGIN {SQLITE_FORGET} {SQLITE_WRITE} END",
    "CREATE TRIGGER registration_words_forgotten AFTER DELETE ON registration"
    f" BEGIN {SQLITE_FORGET} END",
]

WRITE = (
    "INSERT INTO registration_word (event, word, arrival)"
    " SELECT DISTINCT e.number, w.word, n.arrival FROM fresh n JOIN event e ON e.id = n.event,"
    " LATERAL unnest(string_to_array(trim(n.search_words), ' ')) AS w (word) WHERE w.word <> ''"
    " ON CONFLICT DO NOTHING;"
)
FORGET = (
    "DELETE FROM registration_word WHERE event = (SELECT number FROM event WHERE id = OLD.event)"
    " AND arrival = OLD.arrival AND word = ANY (string_to_array(trim(OLD.search_words), ' '));"
)
WRITE_ONE = (
    "INSERT INTO registration_word (event, word, arrival)"
    " SELECT DISTINCT e.number, w.word, NEW.arrival FROM event e,"
    " LATERAL unnest(string_to_array(trim(NEW.search_words), ' ')) AS w (word)"
    " WHERE e.id = NEW.event AND w.word <> '' ON CONFLICT DO NOTHING;"
)


def _function(name: str, body: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
    )


POSTGRES_TRIGGERS = [
    _function("registration_words_written", WRITE),
    _function("registration_words_changed", f"{FORGET} {WRITE_ONE}"),
    _function("registration_words_forgotten", FORGET),
    "CREATE TRIGGER registration_words_written AFTER INSERT ON registration"
    " REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION registration_words_written()",
    "CREATE TRIGGER registration_words_changed AFTER UPDATE OF search_words, arrival, event ON registration"
    " FOR EACH ROW WHEN ((OLD.search_words, OLD.arrival, OLD.event)"
    " IS DISTINCT FROM (NEW.search_words, NEW.arrival, NEW.event))"
    " EXECUTE FUNCTION registration_words_changed()",
    "CREATE TRIGGER registration_words_forgotten AFTER DELETE ON registration"
    " FOR EACH ROW EXECUTE FUNCTION registration_words_forgotten()",
]


async def _write_words() -> None:
    last = UUID(int=0)
    while found := await rows(
        "SELECT id, given_name, family_name, organisation, email, short_code FROM registration"
        " WHERE id > {} AND erased_at IS NULL ORDER BY id LIMIT 500",
        last,
    ):
        for each in found:
            last = each.pop("id")
            words = words_of(*each.values())
            await execute("UPDATE registration SET search_words = {} WHERE id = {}", words, last)


async def _write_search_texts() -> None:
    found = await rows(
        "SELECT e.id, e.title, e.summary, e.venue_name, e.venue_commune, b.name"
        " FROM event e JOIN body b ON b.id = e.body"
    )
    for each in found:
        event_id = each.pop("id")
        text = fold(" ".join(each.values()))
        await execute("UPDATE event SET search_text = {} WHERE id = {}", text, event_id)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def index_words() -> None:
        statements = [*POSTGRES, *POSTGRES_TRIGGERS] if is_postgres() else [*SQLITE, *SQLITE_TRIGGERS]
        for statement in statements:
            await execute(statement)
        await _write_words()
        await _write_search_texts()

    manager.add_raw(index_words)
    return manager
