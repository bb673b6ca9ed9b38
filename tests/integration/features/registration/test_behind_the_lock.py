"""What decides is read behind the event's lock: a deed sees the change that it had to wait for."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from events_app.app import introduce_features
from events_app.features.admission.schemas import ScanRequest
from events_app.features.admission.service import record_scan
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.events.content import EventChanges
from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import counts_of_one
from events_app.features.events.service import edit_event
from events_app.features.registration import approval, withdrawal
from events_app.features.registration.service import promote_waiting
from events_app.features.workshops.errors import AssignmentStale, EventNotAnnounced
from events_app.features.workshops.model import RunRequest
from events_app.features.workshops.publication import publish
from events_app.features.workshops.service import propose
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.errors import AppError
from tests.factories import make_event, make_registration, make_session

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("database", ["postgres"], indirect=True)]

Deed = Callable[[World, EventRecord, UUID], Awaitable[Any]]


async def _approve(world: World, event: EventRecord, pending: UUID) -> None:
    await approval.approve(world, SYSTEM, pending)


async def _promote(world: World, event: EventRecord, pending: UUID) -> None:
    await promote_waiting(world, event)


async def _withdraw_another(world: World, event: EventRecord, pending: UUID) -> None:
    """Of two confirmed, one goes; with one place left nobody comes in their stead."""
    found = await db.row("SELECT id FROM registration WHERE status = 'confirmed'")
    assert found is not None
    await db.execute("UPDATE registration SET status = 'confirmed' WHERE id = {}", pending)
    await make_registration(world, event)
    await withdrawal.cancel(world, SYSTEM, found["id"])


async def _register(world: World, event: EventRecord, pending: UUID) -> None:
    await make_registration(world, event)


async def _raise_and_rename(world: World, event: EventRecord, pending: UUID) -> None:
    """Whoever changes something else keeps the capacity of the other change."""
    await edit_event(world, SYSTEM, event.slug, EventChanges(title="Another title"))


@pytest.mark.parametrize("deed", [_approve, _promote, _withdraw_another, _register, _raise_and_rename])
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


async def test_a_workshop_made_smaller_meanwhile_is_not_overfilled(database: str, world: World) -> None:
    """Placing somebody who comes late counts behind the lock."""
    introduce_features()
    event = await make_event(world)
    session = await make_session(world, event, "only", capacity_min=None, capacity_max=2)
    first = await make_registration(world, event, preferences=["only"])
    run = await propose(world, SYSTEM, event, RunRequest(seed=1))
    await publish(world, SYSTEM, run.id)

    smaller = f"UPDATE session SET capacity_max = 1 WHERE event = $1 AND id = '{session.id}'"
    async with _uncommitted(database, smaller, event.id) as commit:
        waiting = asyncio.create_task(make_registration(world, event, preferences=["only"]))
        await commit(waiting)
    await _outcome(waiting)

    found = await db.rows("SELECT registration FROM place")
    assert [each["registration"] for each in found] == [first.id]


async def test_a_placement_is_not_published_for_an_event_that_was_called_off_meanwhile(
    database: str, world: World
) -> None:
    event, run = await _proposed(world)
    called_off = "UPDATE event SET status = 'cancelled' WHERE id = $1"

    async with _uncommitted(database, called_off, event.id) as commit:
        waiting = asyncio.create_task(publish(world, SYSTEM, run))
        await commit(waiting)

    assert isinstance(await _outcome(waiting), EventNotAnnounced)
    assert await db.rows("SELECT id FROM place") == []


async def test_a_placement_of_somebody_who_left_meanwhile_is_not_published(
    database: str, world: World
) -> None:
    event, run = await _proposed(world)
    left = "UPDATE registration SET status = 'cancelled' WHERE event = $1"

    async with _uncommitted(database, left, event.id) as commit:
        waiting = asyncio.create_task(publish(world, SYSTEM, run))
        await commit(waiting)

    assert isinstance(await _outcome(waiting), AssignmentStale)


async def test_nobody_is_admitted_after_the_event_was_called_off_meanwhile(
    database: str, world: World
) -> None:
    event = await make_event(
        world, starts_at=world.now() + timedelta(hours=1), ends_at=world.now() + timedelta(hours=3)
    )
    person = await make_registration(world, event)
    scan = ScanRequest(scan_id="one", ticket_code=await ticket_code_of(world, event, person))
    called_off = "UPDATE event SET status = 'cancelled' WHERE id = $1"

    async with _uncommitted(database, called_off, event.id) as commit:
        waiting = asyncio.create_task(record_scan(world, SYSTEM, event, scan))
        await commit(waiting)

    answer = await _outcome(waiting)
    assert (answer.outcome, answer.reason) == ("refused", "event_cancelled")


async def test_of_two_deeds_in_each_others_way_both_are_done(database: str, world: World) -> None:
    """PostgreSQL ends one of two that wait for each other: that one is done once more."""
    events = [await make_event(world, slug=slug) for slug in ("one", "two")]
    tries = 0

    @db.retried
    async def deed(first: EventRecord, second: EventRecord) -> None:
        nonlocal tries
        tries += 1
        async with db.unit_of_work():
            await held(first.id)
            await asyncio.sleep(0.1)
            await held(second.id)

    await asyncio.gather(deed(*events), deed(*reversed(events)))
    assert tries == 3


async def _proposed(world: World) -> tuple[EventRecord, UUID]:
    event = await make_event(world)
    await make_session(world, event, "only", capacity_min=None, capacity_max=2)
    await make_registration(world, event, preferences=["only"])
    run = await propose(world, SYSTEM, event, RunRequest(seed=1))
    return event, run.id


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
