"""Watches every transaction of the tests on PostgreSQL: an event's row is held before anything of it is
written, and what was read before the lock is read again behind it (docs/decisions/0075-order-of-locks.md)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from events_app.infra.database import postgres
from events_app.infra.database.ownership import joined

OF_AN_EVENT = frozenset(
    {
        *("registration", "preference", "consent", "presence", "scan", "place", "session", "invitation"),
        *("event", "tally", "counting_setup", "networking_room", "seating_plan", "seat", "meeting_wish"),
        *("announced_round", "room_presence", "contact_tick", "contact_release"),
        *("assignment_run", "run_place", "message", "message_copy"),
    }
)
_TABLES = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?([a-z_]+)"?', re.IGNORECASE)
_EVERYTHING = re.compile(r"DELETE FROM \w+")
_HOLDS = re.compile(r'^\s*SELECT 1 FROM "?event"? .*FOR NO KEY UPDATE', re.IGNORECASE | re.DOTALL)
_HOLDS_AND_READS = re.compile(r"^\s*SELECT e\.\*.* FROM event e .*FOR NO KEY UPDATE OF e$", re.DOTALL)


class Watched:
    """The statements of one transaction."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def complaints(self) -> list[str]:
        """Of a transaction that was committed."""
        if any(_EVERYTHING.fullmatch(sql) for sql in self.statements):  # a backup is put in place
            return []
        found, holds, makes = [], False, False
        before: set[str] = set()
        again: set[str] = set()
        for sql in self.statements:
            tables = set(_TABLES.findall(sql)) & OF_AN_EVENT
            if _HOLDS.match(sql):
                holds = True
            elif _HOLDS_AND_READS.match(sql):
                holds = True
                again.add("event")
            elif sql.lstrip().upper().startswith("SELECT"):
                (again if holds else before).update(tables)
            elif tables:
                makes = makes or "INTO EVENT " in sql.upper().replace('"', "")
                if not holds and not makes:
                    found.append(f"written without holding the event: {sql}")
        if holds and before - again:
            found.append(f"read before the lock only: {sorted(before - again)} in {self.statements}")
        return found


@contextmanager
def watched_locks() -> Iterator[list[str]]:
    """What the transactions of the block did wrong."""
    complaints: list[str] = []
    call, leave = postgres.Postgres._call, postgres.Transaction.__aexit__

    async def noting(self: postgres.Postgres, method: str, sql: str, args: Any) -> Any:
        transaction = joined(self.current_transaction)
        if transaction is not None and not transaction.read_only:
            vars(transaction).setdefault("watched", Watched()).statements.append(sql)
        return await call(self, method, sql, args)

    async def checking(self: postgres.Transaction, kind: Any, error: Any, trace: Any) -> Any:
        watched = vars(self).get("watched")
        if self._joined_to is None and error is None and watched is not None:
            complaints.extend(watched.complaints())
        return await leave(self, kind, error, trace)

    postgres.Postgres._call = noting  # type: ignore[method-assign]
    postgres.Transaction.__aexit__ = checking  # type: ignore[method-assign]
    try:
        yield complaints
    finally:
        postgres.Postgres._call = call  # type: ignore[method-assign]
        postgres.Transaction.__aexit__ = leave  # type: ignore[method-assign]
