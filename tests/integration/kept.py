"""One database as it was: whether the application wrote to it, and put back afterwards."""

import asyncio
import json
import re
import sqlite3
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Protocol

import asyncpg

_WRITTEN = re.compile(r"\b(?:INTO|UPDATE|DELETE FROM) (\w+)")  # in a trigger; `UPDATE OF` names columns


class Kept(Protocol):
    def writes(self) -> int:
        """A number that changes with each commit of the application that changed a row."""

    def put_back(self) -> None:
        """All rows as they were when the watch began."""

    def close(self) -> None: ...


class KeptSqlite:
    """Triggers note how each changed row is undone. To copy the whole database back would make every
    connection read the schema and prepare its statements again: that alone took a third of these tests.

    What the application's own triggers write comes last, as it was: undoing the rest fires them once more.
    """

    def __init__(self, path: Path) -> None:
        self._watcher = sqlite3.connect(path, isolation_level=None)
        self._watcher.execute("CREATE TABLE noted (n INTEGER PRIMARY KEY, of TEXT, undo TEXT)")
        schema = self._watcher.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        triggers = " ".join(sql for kind, _, sql in schema if kind == "trigger")
        self._derived = json.dumps(sorted(set(_WRITTEN.findall(triggers))))
        for kind, name, _ in schema:
            if kind == "table" and name not in ("noted", "migration") and not name.startswith("sqlite_"):
                self._watch(name)

    def _watch(self, table: str) -> None:
        described = self._watcher.execute(f"PRAGMA table_info({table})").fetchall()
        columns = [f'"{column[1]}"' for column in described]
        key = [f'"{column[1]}"' for column in described if column[5]]
        values = "||','||".join(f"quote(OLD.{column})" for column in columns)
        sets = "||','||".join(f"'{column}='||quote(OLD.{column})" for column in columns)
        this = "||' AND '||".join(f"'{column} IS '||quote(NEW.{column})" for column in key)
        undone = {
            "INSERT": f"'DELETE FROM {table} WHERE '||{this}",
            "UPDATE": f"'UPDATE {table} SET '||{sets}||' WHERE '||{this}",
            "DELETE": f"'INSERT INTO {table} ({','.join(columns)}) VALUES ('||{values}||')'",
        }
        for deed, undo in undone.items():
            self._watcher.execute(
                f"CREATE TRIGGER noted_{table}_{deed} AFTER {deed} ON {table}"
                f" BEGIN INSERT INTO noted (of, undo) VALUES ('{table}', {undo}); END"
            )

    def writes(self) -> int:
        return int(self._watcher.execute("PRAGMA data_version").fetchone()[0])

    def put_back(self) -> None:
        run, derived = self._watcher.execute, self._derived
        if run("SELECT 1 FROM noted LIMIT 1").fetchone() is None:
            return
        run("BEGIN IMMEDIATE")
        for of_triggers in ("NOT IN", "IN"):
            chosen = f"SELECT undo FROM noted WHERE of {of_triggers} (SELECT value FROM json_each(?))"
            for (undo,) in run(f"{chosen} ORDER BY n DESC", (derived,)).fetchall():
                run(undo)
        run("DELETE FROM noted")
        run("COMMIT")

    def close(self) -> None:
        self._watcher.close()


# Triggers note each changed row in the transaction that changes it; undone from the last to the first, with
# triggers and foreign keys off (`replica`).
_WATCH = """
CREATE TABLE noted (n bigint GENERATED ALWAYS AS IDENTITY, of regclass, op text, before jsonb, after jsonb);

CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO noted (of, op, before, after) VALUES (TG_RELID, TG_OP,
    CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END);
  RETURN NULL;
END $$;

CREATE FUNCTION put_back() RETURNS void LANGUAGE plpgsql AS $$ DECLARE one record; BEGIN
  IF NOT EXISTS (SELECT FROM noted) THEN RETURN; END IF;
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT * FROM noted ORDER BY n DESC LOOP
    IF one.after IS NOT NULL THEN
      EXECUTE format('DELETE FROM %s AS kept WHERE to_jsonb(kept) = $1', one.of) USING one.after;
    END IF;
    IF one.before IS NOT NULL THEN
      EXECUTE format('INSERT INTO %s SELECT (jsonb_populate_record(NULL::%s, $1)).*', one.of, one.of)
        USING one.before;
    END IF;
  END LOOP;
  DELETE FROM noted;
END $$;

DO $$ DECLARE one regclass; BEGIN
  FOR one IN SELECT c.oid FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
      WHERE c.relkind = 'r' AND s.nspname = 'public' AND c.relname NOT IN ('noted', 'migration') LOOP
    EXECUTE format('CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON %s
      FOR EACH ROW EXECUTE FUNCTION note()', one);
  END LOOP;
END $$;
"""


class KeptPostgres:
    """Its connection lives on a loop of its own, beside that of the application."""

    def __init__(self, url: str) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._connection = self._run(asyncpg.connect(url))
        self._run(self._connection.execute(_WATCH))

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def writes(self) -> int:
        return int(self._run(self._connection.fetchval("SELECT coalesce(max(n), 0) FROM noted")))

    def put_back(self) -> None:
        self._run(self._connection.execute("SELECT put_back()"))

    def close(self) -> None:
        self._run(self._connection.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
