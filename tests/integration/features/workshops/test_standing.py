"""One figure of who has no place and what is free, on every page, and a proof only of what was computed."""

import re
from datetime import timedelta
from uuid import UUID

import httpx
import msgspec
import pytest

from events_app.app import introduce_features
from events_app.features.events.model import EventRecord
from events_app.features.registration.changes import set_preferences
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.withdrawal import cancel
from events_app.features.workshops.hand import WantedPlace, adjust
from events_app.features.workshops.model import RunRequest
from events_app.features.workshops.publication import publish
from events_app.features.workshops.queries import places_of
from events_app.features.workshops.service import propose
from events_app.features.workshops.standing import standing_of
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration, make_session
from tests.integration.features.workshops.test_pages import arrived

HERE = "/org/events/monkey-time/placement"
PROVEN = "Proven: no placement is better by this measure."


class Scene(msgspec.Struct):
    event: EventRecord
    people: list[RegistrationRecord]
    run: str


async def scene_of(world: World) -> Scene:
    """Two workshops of three: five people want the first, then the second; one the second."""
    introduce_features()
    event = await make_event(world, preferences_count=2)
    for code in ("voix", "corps"):
        await make_session(world, event, code, title=code.capitalize(), capacity_min=None, capacity_max=3)
    people = [await make_registration(world, event, preferences=["voix", "corps"]) for _ in range(5)]
    people.append(await make_registration(world, event, preferences=["corps"]))
    run = await propose(world, SYSTEM, event, RunRequest(seed=1))
    await publish(world, SYSTEM, run.id)
    return Scene(event, people, str(run.id))


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def words_of(desk: httpx.AsyncClient, address: str) -> str:
    answer = await desk.get(address)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


async def who_sits_in(people: list[RegistrationRecord], code: str) -> list[RegistrationRecord]:
    return [person for person in people if any(p.session.code == code for p in await places_of(person.id))]


async def test_a_proof_is_shown_while_it_holds(desk: httpx.AsyncClient, world: World) -> None:
    scene = await scene_of(world)
    for address in (HERE, f"{HERE}/{scene.run}"):
        assert PROVEN in await words_of(desk, address)
    answer = (await desk.get(f"/api/v1/assignments/{scene.run}")).json()
    assert (answer["objective"]["proven"], answer["standing"]["current"]) == (True, True)
    assert "without a workshop" not in await words_of(desk, "/org/events/monkey-time")


async def test_after_withdrawals_every_page_says_the_same_and_nothing_is_called_proven(
    desk: httpx.AsyncClient, world: World
) -> None:
    scene = await scene_of(world)
    leaver = (await who_sits_in(scene.people, "voix"))[0]
    await cancel(world, SYSTEM, leaver.id)
    for address in (HERE, f"{HERE}/{scene.run}"):
        words = await words_of(desk, address)
        assert PROVEN not in words
        assert "Computed before: 1 withdrawal." in words
        assert "1 place in “Voix”" in words
        assert words.count("could go from “Corps” to “Voix”") == 2
    answer = (await desk.get(f"/api/v1/assignments/{scene.run}")).json()
    listed = (await desk.get("/api/v1/events/monkey-time/assignments")).json()["items"][0]
    assert answer["objective"] == listed["objective"]
    assert answer["standing"] == listed["standing"]
    assert answer["objective"]["proven"] is False
    assert answer["objective"]["rank_counts"] == [3, 2]
    assert answer["standing"]["free"] == [{"session": "voix", "seats": 1}]
    assert answer["standing"]["better_exists"] is True
    for address in ("/org", "/org/events/monkey-time"):
        words = await words_of(desk, address)
        assert "A better workshop is possible for some people, 1 place free in “Voix”" in words


async def test_people_without_a_workshop_stand_among_what_needs_the_organiser(
    desk: httpx.AsyncClient, world: World
) -> None:
    scene = await scene_of(world)
    late = [await make_registration(world, scene.event, preferences=["voix", "corps"]) for _ in range(2)]
    assert [await places_of(person.id) for person in late] == [[], []]
    await db.execute("UPDATE session SET capacity_max = 4 WHERE code = 'corps'")
    assert (await standing_of(scene.event.id)).outcome.unassigned == 2  # type: ignore[union-attr]
    task = "2 people without a workshop, 1 place free in “Corps”"
    for address in ("/org", "/org/events/monkey-time"):
        assert task in await words_of(desk, address)
    for address in (HERE, f"{HERE}/{scene.run}"):
        words = await words_of(desk, address)
        assert "2 people have no place." in words
        assert "Everybody has a place" not in words
        assert "Computed before: 2 registrations, changes of the workshops." in words
    proposal = await desk.post(f"{HERE}/improve")
    assert proposal.status_code == 303
    words = await words_of(desk, await arrived(desk, proposal.headers["location"]))
    assert "1 person has no place." in words


async def test_a_freed_seat_goes_first_to_whoever_ranked_it_higher_than_their_own(
    desk: httpx.AsyncClient, world: World
) -> None:
    introduce_features()
    event = await make_event(world, capacity=6, preferences_count=2, preferences_least=1)
    for code in ("voix", "corps"):
        await make_session(world, event, code, title=code.capitalize(), capacity_min=None, capacity_max=3)
    people = [await make_registration(world, event, preferences=["voix", "corps"]) for _ in range(6)]
    newcomer = await make_registration(world, event, preferences=["voix", "corps"])
    assert newcomer.status == "waiting"
    run = await propose(world, SYSTEM, event, RunRequest(seed=1))
    await publish(world, SYSTEM, run.id)
    second = await who_sits_in(people, "corps")
    await cancel(world, SYSTEM, (await who_sits_in(people, "voix"))[0].id)
    assert await places_of(newcomer.id) == []
    for address in ("/org", "/org/events/monkey-time"):
        assert "1 person without a workshop, 1 place free in “Voix”" in await words_of(desk, address)
    mine = f"/me/{world.derived_token('manage', f'{newcomer.id}:{newcomer.token_generation}')}?lang=en"
    assert "“Voix” has had a place free since: the organiser decides" in await words_of(desk, mine)
    proposal = await desk.post(f"{HERE}/improve")
    assert "Everybody has a place." in await words_of(desk, await arrived(desk, proposal.headers["location"]))
    assert (
        await desk.post(f"{await arrived(desk, proposal.headers['location'])}/publish")
    ).status_code == 303
    assert [place.session.code for place in await places_of(newcomer.id)] == ["corps"]
    now = {person.id for person in await who_sits_in(people, "voix")}
    assert len(now & {person.id for person in second}) == 1


async def test_the_day_before_whoever_comes_is_seated_at_once(world: World, database: str) -> None:
    introduce_features()
    event = await make_event(world, preferences_count=2)
    for code in ("voix", "corps"):
        await make_session(world, event, code, capacity_min=None, capacity_max=3)
    people = [await make_registration(world, event, preferences=["voix", "corps"]) for _ in range(6)]
    run = await propose(world, SYSTEM, event, RunRequest(seed=1))
    await publish(world, SYSTEM, run.id)
    world.clock.advance(event.starts_at - world.now() - timedelta(hours=3))  # type: ignore[attr-defined]
    await cancel(world, SYSTEM, (await who_sits_in(people, "voix"))[0].id)
    late = await make_registration(world, event, preferences=["voix", "corps"])
    assert [place.session.code for place in await places_of(late.id)] == ["voix"]


async def test_moves_by_hand_and_changed_wishes_end_the_proof(desk: httpx.AsyncClient, world: World) -> None:
    scene = await scene_of(world)
    mover = (await who_sits_in(scene.people, "voix"))[0]
    await set_preferences(world, SYSTEM, mover.id, ["corps"])
    words = await words_of(desk, HERE)
    assert "Computed before: changes of wishes." in words
    assert PROVEN not in words
    await adjust(world, SYSTEM, UUID(scene.run), [WantedPlace(mover.id, None, slot="ateliers")])
    assert "1 person who has changed places, changes of wishes" in await words_of(desk, HERE)


async def test_a_stale_proposal_proves_nothing(desk: httpx.AsyncClient, world: World) -> None:
    scene = await scene_of(world)
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=2))
    assert PROVEN in await words_of(desk, f"{HERE}/{run.id}")
    await cancel(world, SYSTEM, scene.people[0].id)
    words = await words_of(desk, f"{HERE}/{run.id}")
    assert PROVEN not in words
    assert "Computed before: 1 withdrawal" in words
    assert (await desk.get(f"/api/v1/assignments/{run.id}")).json()["objective"]["proven"] is False
