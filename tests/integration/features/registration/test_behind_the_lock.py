"""What decides is read behind the event's lock: a deed sees the change that it had to wait for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from events_app.features.events.model import EventRecord
from events_app.features.events.queries import counts_of_one
from events_app.features.registration import approval, withdrawal
from events_app.features.registration.service import promote_waiting
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.errors import AppError
from tests.factories import make_event, make_registration

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("database", ["postgres"], indirect=True)]

Deed = Callable[[World, EventRecord, UUID], Awaitable[Any]]


async def _approve(world: World, event: EventRecord, pending: UUID) -> None:
    await approval.approve(world, SYSTEM, pending)


async def _promote(world: World, event: EventRecord, pending: UUID) -> None:
    await promote_waiting(world, event)


@pytest.mark.parametrize("deed", [_approve, _promote])
async def test_a_capacity_lowered_meanwhile_holds(database: str, world: World, deed: Deed) -> None:
    event = await make_event(world, approval=deed is _approve, capacity=1)
    first = await make_registration(world, event)
    if deed is _approve:
        await approval.approve(world, SYSTEM, first.id)
    second = await make_registration(world, event)
    await db.execute("UPDATE event SET capacity = 2 WHERE id = {}", event.id)

    async with _uncommitted(database, "UPDATE event SET capacity = 1 WHERE id = $1", event.id) as commit:
        waiting = asyncio.create_task(deed(world, event, second.id))
        await commit(waiting)
    await _outcome(waiting)

    assert (await counts_of_one(event.id)).confirmed == 1


async def test_somebody_withdrawn_meanwhile_gets_no_place(database: str, world: World) -> None:
    event = await make_event(world, approval=True, capacity=2)
    person = await make_registration(world, event)
    withdrawn = "UPDATE registration SET status = 'cancelled' WHERE event = $1"

    async with _uncommitted(database, withdrawn, event.id) as commit:
        waiting = asyncio.create_task(approval.approve(world, SYSTEM, person.id))
        await commit(waiting)
    outcome = await _outcome(waiting)

    assert isinstance(outcome, AppError)
    assert (await counts_of_one(event.id)).confirmed == 0


async def test_withdrawing_twice_at_once_frees_one_place(database: str, world: World) -> None:
    event = await make_event(world, capacity=1)
    person = await make_registration(world, event)
    await make_registration(world, event)
    await make_registration(world, event)

    await asyncio.gather(*(withdrawal.cancel(world, SYSTEM, person.id) for _ in range(4)))

    assert (await counts_of_one(event.id)).confirmed == 1


class _uncommitted:  # noqa: N801  # reads as a statement
    """Another connection holds the event's row and has written; `commit(task)` lets go once `task` waits."""

    def __init__(self, url: str, sql: str, event_id: UUID) -> None:
        self._url, self._sql, self._event_id = url, sql, event_id

    async def __aenter__(self) -> Callable[[asyncio.Task[Any]], Awaitable[None]]:
        self._other = await asyncpg.connect(self._url)
        self._transaction = self._other.transaction()
        await self._transaction.start()
        await self._other.execute("SELECT 1 FROM event WHERE id = $1 FOR UPDATE", self._event_id)
        await self._other.execute(self._sql, self._event_id)
        return self._commit

    async def _commit(self, task: "asyncio.Task[Any]") -> None:
        while not await self._somebody_waits():
            assert not task.done(), "the deed went past the lock"
            await asyncio.sleep(0.01)
        await self._transaction.commit()

    async def _somebody_waits(self) -> bool:
        return bool(await self._other.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"))

    async def __aexit__(self, *_: object) -> None:
        await self._other.close()


async def _outcome(task: "asyncio.Task[Any]") -> Any:
    return (await asyncio.gather(task, return_exceptions=True))[0]
