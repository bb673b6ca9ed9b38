"""How long a call may take, whether the database answers, and what the log says when it does not.

A server that is away or frozen costs each of the first callers some seconds; the others are refused at once
until one of them, a second later, gets an answer again. The log has one line for the beginning of an outage
and one for its end (docs/decisions/0076-every-call-has-an-end.md).
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from typing import NoReturn

from events_app.infra.database.errors import DatabaseAway, TooSlow, describe, translated

STATEMENT_SECONDS = 4.0
CONNECTION_SECONDS = 4.0  # for a free connection, or for making one
LOCK_SECONDS = 3.5  # for a row that another transaction holds; under that of a statement, to say which it was
REQUEST_SECONDS = 8.5  # of the database's time that one request may use in all
UNHURRIED_SECONDS = 600.0
TRY_EVERY_SECONDS = 1.0
FAILURE_REMEMBERED_SECONDS = 30.0

log = logging.getLogger("convive.database")
log.addHandler(logging.NullHandler())  # a command says it in its own words


class Budget:
    """What is left of the database's time for one request."""

    __slots__ = ("left",)

    def __init__(self, seconds: float) -> None:
        self.left = seconds


_budget: ContextVar[Budget | None] = ContextVar("database_budget", default=None)
_unhurried: ContextVar[bool] = ContextVar("database_unhurried", default=False)


def begin_request() -> Budget:
    """From now on in this context. The caller lifts the limit once the answer has begun (`left = inf`)."""
    budget = Budget(REQUEST_SECONDS)
    _budget.set(budget)
    return budget


@contextmanager
def unhurried() -> Iterator[None]:
    """For commands that nobody waits for with an open page: migrating, saving, restoring, counting again."""
    token = _unhurried.set(True)
    try:
        yield
    finally:
        _unhurried.reset(token)


def seconds_for(usual: float) -> float:
    """How long this call may take. Raises `TooSlow` when the request has used up its time."""
    if _unhurried.get():
        return UNHURRIED_SECONDS
    budget = _budget.get()
    if budget is None:
        return usual
    if budget.left <= 0:
        raise TooSlow
    return min(usual, budget.left)


def spend(seconds: float) -> None:
    budget = _budget.get()
    if budget is not None:
        budget.left -= seconds


class Health:
    """Of one engine."""

    def __init__(self) -> None:
        self._away_since: float | None = None
        self._tried_at = 0.0
        self._answered_at = 0.0
        self._refused = 0
        self._unwritable_since: float | None = None
        self._write_failed_at = -inf

    @property
    def writable(self) -> bool:
        """False after a write that found no room, until one succeeds or none was tried for a while."""
        return time.monotonic() - self._write_failed_at > FAILURE_REMEMBERED_SECONDS

    def refuse_while_away(self) -> None:
        """Raises `DatabaseAway` during an outage, but for one caller a second, who tries."""
        if self._away_since is None:
            return
        now = time.monotonic()
        if now - self._tried_at < TRY_EVERY_SECONDS:
            self._refused += 1
            raise DatabaseAway("the database does not answer")
        self._tried_at = now

    def answered(self) -> None:
        self._answered_at = time.monotonic()
        if self._away_since is not None:
            seconds = self._answered_at - self._away_since
            log.warning(
                "the database answers again after %.0f s; %d calls were refused", seconds, self._refused
            )
            self._away_since = None

    def failed(self, error: BaseException, began: float) -> None:
        """A call that began then got no answer. Others did meanwhile: it was that call alone."""
        if self._answered_at > began:
            return
        self._tried_at = time.monotonic()
        self._refused += 1
        if self._away_since is None:
            self._away_since, self._refused = self._tried_at, 1
            log.error("the database does not answer: %s", describe(error))

    def fail(self, error: Exception, began: float) -> NoReturn:
        """For `except` clauses around a driver: its error, noted, as ours where we have one."""
        ours = translated(error)
        if isinstance(ours, DatabaseAway):
            if ours.full:
                self.write_failed(error)
            else:
                self.failed(error, began)
        if ours is error:
            raise error
        raise ours from error

    def write_failed(self, error: BaseException) -> None:
        self._write_failed_at = time.monotonic()
        if self._unwritable_since is None:
            self._unwritable_since = self._write_failed_at
            log.error("the database cannot be written: %s", describe(error))

    def written(self) -> None:
        if self._unwritable_since is not None:
            seconds = time.monotonic() - self._unwritable_since
            log.warning("the database can be written again after %.0f s", seconds)
            self._unwritable_since, self._write_failed_at = None, -inf
