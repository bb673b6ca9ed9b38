"""One database as it was: whether the application wrote to it, and put back afterwards."""

import asyncio
import sqlite3
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Protocol

import asyncpg


class Kept(Protocol):
    def writes(self) -> int:
        """A number that changes with each commit of the application that changed a row."""

    def put_back(self) -> None:
        """All rows as they were when the watch began."""

    def close(self) -> None: ...


class KeptSqlite:
    def __init__(self, path: Path) -> None:
        self._watcher = sqlite3.connect(path)
        self._as_it_was = sqlite3.connect(":memory:")
        self._watcher.backup(self._as_it_was)

    def writes(self) -> int:
        return int(self._watcher.execute("PRAGMA data_version").fetchone()[0])

    def put_back(self) -> None:
        self._as_it_was.backup(self._watcher)

    def close(self) -> None:
        self._watcher.close()
        self._as_it_was.close()


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
