"""Nobody has two places at one time: whatever slots are called, and whatever becomes of them."""

from datetime import timedelta
from itertools import combinations

import httpx
import pytest

from events_app.app import introduce_features
from events_app.features.events.content import SessionChanges
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import sessions_of
from events_app.features.events.sessions import edit_session
from events_app.features.registration.model import RegistrationRecord
from events_app.features.workshops.hand import WantedPlace, adjust
from events_app.features.workshops.model import RunRequest
from events_app.features.workshops.publication import publish
from events_app.features.workshops.queries import places_of, places_of_event
from events_app.features.workshops.service import propose
from events_app.features.workshops.standing import standing_of
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.errors import InvalidInput
from tests.factories import make_event, make_registration, make_session


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def published(world: World, event: EventRecord, seed: int = 1, slot: str | None = None) -> None:
    run = await propose(world, SYSTEM, event, RunRequest(seed=seed, slot=slot))
    await publish(world, SYSTEM, run.id)


async def assert_one_place_at_a_time(event: EventRecord, people: list[RegistrationRecord]) -> None:
    for places in (await places_of_event(event.id)).values():
        for one, other in combinations(places, 2):
            first, second = one.session, other.session
            assert first.ends_at <= second.starts_at or second.ends_at <= first.starts_at
    found = await db.row("SELECT count(*) AS n FROM place")
    assert found is not None
    assert found["n"] == len(people)


async def test_a_renamed_slot_takes_its_places_along(desk: httpx.AsyncClient, world: World) -> None:
    introduce_features()
    event = await make_event(world)
    for code in ("a", "b"):
        await make_session(world, event, code, capacity_min=None, capacity_max=6)
    people = [await make_registration(world, event, preferences=["a", "b"]) for _ in range(8)]
    await published(world, event)
    feed = f"/me/{world.derived_token('feed', f'{people[0].id}:{people[0].token_generation}')}/calendar.ics"
    before = (await desk.get(feed)).text
    for code in ("a", "b"):
        await edit_session(world, SYSTEM, event.slug, code, SessionChanges(slot="matin"))
    assert {place.slot for p in (await places_of_event(event.id)).values() for place in p} == {"matin"}
    for seed in (2, 3):
        await published(world, event, seed)
        await assert_one_place_at_a_time(event, people)
    after = (await desk.get(feed)).text
    uids = [sorted(line for line in text.splitlines() if line.startswith("UID")) for text in (before, after)]
    assert uids[0] == uids[1]  # the entry that calendars hold is changed, not left beside a new one
    await published(world, event, 4, slot="matin")
    await assert_one_place_at_a_time(event, people)


async def test_a_session_that_moves_to_another_slot_is_warned_of_and_placed_again(
    desk: httpx.AsyncClient, world: World
) -> None:
    introduce_features()
    event = await make_event(world)
    early, late = event.starts_at, event.starts_at + timedelta(hours=1)
    for code, slot, at in (("a", "un", early), ("b", "un", early), ("c", "deux", late), ("d", "deux", late)):
        await make_session(
            world,
            event,
            code,
            slot=slot,
            starts_at=at,
            ends_at=at + timedelta(hours=1),
            capacity_min=None,
            capacity_max=9,
        )
    wishes = ["a", "c"]
    people = [await make_registration(world, event, preferences=wishes) for _ in range(4)]
    await published(world, event)
    assert [len(await places_of(person.id)) for person in people] == [2] * 4
    moved = SessionChanges(slot="un", starts_at=early, ends_at=late)
    await edit_session(world, SYSTEM, event.slug, "c", moved)
    words = "4 people have places in two workshops at the same time."
    for address in ("/org", "/org/events/monkey-time", "/org/events/monkey-time/programme"):
        assert words in (await desk.get(address)).text
    await published(world, event, 2)
    await assert_one_place_at_a_time(event, people)
    assert words not in (await desk.get("/org/events/monkey-time/programme")).text


async def test_overlapping_sessions_of_two_slots_are_warned_of_and_never_both_given(
    desk: httpx.AsyncClient, world: World
) -> None:
    introduce_features()
    event = await make_event(world)
    session = {"kind": "workshop", "capacity_max": 50, "starts_at": "2018-04-10T14:00:00+02:00"}
    sessions = "/api/v1/events/monkey-time/sessions"
    first = session | {"code": "P", "title": "Atelier P", "slot": "x", "ends_at": "2018-04-10T15:00:00+02:00"}
    second = session | {
        "code": "Q",
        "title": "Atelier Q",
        "slot": "y",
        "ends_at": "2018-04-10T14:30:00+02:00",
    }
    assert (await desk.post(sessions, json=first)).json()["warnings"] == []
    warnings = (await desk.post(sessions, json=second)).json()["warnings"]
    assert [(warning["kind"], sorted(warning["sessions"])) for warning in warnings] == [
        ("overlap", ["P", "Q"])
    ]
    assert (await desk.get(sessions)).json()["warnings"] == warnings
    again = await desk.patch(f"{sessions}/Q", json={"room": "B"})
    assert again.json()["warnings"] == warnings
    page = (await desk.get("/org/events/monkey-time/programme")).text
    assert "are at the same time under different slots: nobody is given both." in page
    people = [await make_registration(world, event, preferences=["P", "Q"]) for _ in range(3)]
    await published(world, event)
    await assert_one_place_at_a_time(event, people)
    standing = await standing_of(event.id)
    assert standing is not None
    assert standing.outcome.unassigned == 0  # nobody lacks what nobody can have
    await published(world, event, slot="y")  # one slot alone knows of the places in the other
    await assert_one_place_at_a_time(event, people)
    late = await make_registration(world, event, preferences=["P", "Q"])
    await assert_one_place_at_a_time(event, [*people, late])
    by_code = {one.code: one for one in await sessions_of(event.id)}
    other = "Q" if (await places_of(late.id))[0].session.id == by_code["P"].id else "P"
    run = await propose(world, SYSTEM, event, RunRequest(seed=1))
    with pytest.raises(InvalidInput) as refused:
        await adjust(world, SYSTEM, run.id, [WantedPlace(late.id, other)])
    assert [error.code for error in refused.value.errors] == ["overlap"]
    later = {"starts_at": "2018-04-10T15:00:00+02:00", "ends_at": "2018-04-10T15:30:00+02:00"}
    assert (await desk.patch(f"{sessions}/Q", json=later)).json()["warnings"] == []
