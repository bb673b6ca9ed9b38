"""Requests that share a transaction are decided one after the other, as if each had come alone."""

import asyncio

import pytest

from events_app.features.events.model import EventRecord
from events_app.features.events.queries import counts_of_one
from events_app.features.registration.model import RegistrationAnswer, RegistrationRequest, Source
from events_app.features.registration.queries import preferences_of, registrations_of
from events_app.features.registration.service import register
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import ANONYMOUS, SYSTEM, Actor
from events_app.kernel.errors import AppError
from tests.factories import WORKSHOPS, make_event, make_workshops


def asked(name: str, companions: int = 0, **fields: object) -> RegistrationRequest:
    return RegistrationRequest(
        email=f"{name}@example.org",
        given_name=name.title(),
        family_name="Petit",
        companions=companions,
        **fields,  # type: ignore[arg-type]
    )


async def together(
    world: World, event: EventRecord, requests: list[RegistrationRequest], actor: Actor = ANONYMOUS
) -> list[str]:
    found = await asyncio.gather(
        *(register(world, actor, event, request, Source.API) for request in requests),
        return_exceptions=True,
    )
    assert all(isinstance(each, RegistrationAnswer | AppError) for each in found), found
    return [
        f"{each.status.value} {each.waiting_position or ''}".strip()
        if isinstance(each, RegistrationAnswer)
        else type(each).__name__
        for each in found
    ]


async def test_places_go_in_order_of_arrival(database: str, world: World) -> None:
    event = await make_event(world, capacity=4, max_companions=2)
    requests = [asked("a"), asked("b", 2), asked("c"), asked("d", 2), asked("e")]
    assert await together(world, event, requests, SYSTEM) == [
        "confirmed", "confirmed", "waiting 1", "waiting 2", "waiting 3",
    ]  # fmt: skip
    people = await registrations_of(event.id)
    assert [each.arrival for each in people] == list(range(1, 10))
    assert len({each.ticket_id for each in people}) == len({each.short_code for each in people}) == 9
    assert (await counts_of_one(event.id)).waiting_groups == 3


async def test_the_same_address_twice_is_one_person(database: str, world: World) -> None:
    event = await make_event(world)
    answers = await together(world, event, [asked("a"), asked("b"), asked("a"), asked("A")])
    assert answers == ["confirmed"] * 4
    assert [each.email for each in await registrations_of(event.id)] == ["a@example.org", "b@example.org"]
    jobs = await db.rows("SELECT kind FROM job ORDER BY kind")
    assert [job["kind"] for job in jobs] == ["mail.already_registered"] + ["mail.confirmation"] * 2


async def test_a_refusal_takes_nobody_along(database: str, world: World) -> None:
    event = await make_event(world, capacity=2, waiting_list=False)
    await make_workshops(world, event)
    requests = [
        asked("a", preferences=list(WORKSHOPS[:2])),
        RegistrationRequest(email="not an address", given_name="B", family_name="B"),
        asked("c", preferences=["no-such-workshop"]),
        asked("d", preferences=[WORKSHOPS[3]]),
        asked("e"),
    ]
    assert await together(world, event, requests) == [
        "confirmed", "InvalidInput", "InvalidInput", "confirmed", "EventFull",
    ]  # fmt: skip
    wishes = await preferences_of(event.id)
    assert sorted(len(wanted) for wanted in wishes.values()) == [1, 2]
    audit = await db.rows("SELECT details FROM audit_entry WHERE action = 'registration.created'")
    assert len(audit) == 2


async def test_several_events_in_one_transaction(database: str, world: World) -> None:
    one, other = await make_event(world, capacity=1), await make_event(world, capacity=1)
    found = await asyncio.gather(
        *(register(world, SYSTEM, event, asked(name)) for name in "abc" for event in (one, other))
    )
    statuses = [(answer.registration.event_id, answer.status) for answer in found if answer.registration]
    assert statuses == [
        (event.id, "confirmed" if number == 0 else "waiting") for number in range(3) for event in (one, other)
    ]


@pytest.mark.parametrize("size", [40])
async def test_a_rush_is_written_in_few_statements(
    database: str, world: World, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = await make_event(world, capacity=None)
    engine, said = db.engine(), list[str]()
    name = "_call" if db.is_postgres() else "run_on"
    run_on = getattr(engine, name)

    async def counted(first: object, sql: str, *rest: object) -> object:
        said.append(sql)
        return await run_on(first, sql, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, name, counted)
    assert (
        await together(world, event, [asked(f"p{number}") for number in range(size)]) == ["confirmed"] * size
    )
    assert len(said) < size
