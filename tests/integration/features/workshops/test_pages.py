"""The organiser's placement pages and the coach's lists, without JavaScript."""

import asyncio
import re
from uuid import UUID

import httpx
import pytest

from events_app.features.accounts import members, sign_in
from events_app.features.accounts.rules import LINK_LIFE
from events_app.features.events.model import Question
from events_app.features.workshops.model import PlaceRecord, RunRequest
from events_app.features.workshops.publication import publish
from events_app.features.workshops.queries import places_of_event, run_places, runs_of
from events_app.features.workshops.service import propose
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration, make_session
from tests.integration.features.workshops.afternoon import Afternoon, afternoon, jobs_of

HERE = "/org/events/monkey-time/placement"


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    """The organiser's browser (a key stands for the session), in English."""
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def computed(desk: httpx.AsyncClient, **form: str) -> str:
    answer = await desk.post(HERE, data={"objective": "guarantee", "seed": "4"} | form)
    assert answer.status_code == 303, answer.text
    return await arrived(desk, answer.headers["location"])


async def arrived(desk: httpx.AsyncClient, location: str) -> str:
    """The proposal, also where computing took so long that the page which waits came first."""
    while "/computing/" in location:
        await asyncio.sleep(0.1)
        location = (await desk.get(location)).headers.get("location", location)
    return location


async def text_of(desk: httpx.AsyncClient, address: str, status: int = 200) -> str:
    answer = await desk.get(address)
    assert answer.status_code == status, answer.text
    assert "text/html" in answer.headers["content-type"]
    return answer.text


async def test_nothing_to_place_teaches_the_first_step(desk: httpx.AsyncClient, world: World) -> None:
    await make_event(world)
    assert "No workshop yet" in await text_of(desk, HERE)


async def test_from_wishes_to_publication(desk: httpx.AsyncClient, world: World) -> None:
    scene = await afternoon(world, people=43, without_wishes=5)
    before = await text_of(desk, HERE)
    assert "Also seat the 2 people who gave no wishes" in before
    assert re.search(r'name="without_wishes" value="yes" checked', before)
    run = await computed(desk, without_wishes="yes")
    shown = await text_of(desk, run)
    for person in scene.confirmed:
        assert person.name in shown
    assert "Everybody has a place." in shown
    assert "Proven: no placement is better" in shown
    asked = await text_of(desk, f"{run}/publish")
    assert "No mail is sent from here" in asked  # no mail server is set up in these tests
    done = await desk.post(f"{run}/publish")
    assert done.status_code == 303
    assert "Published placement" in await text_of(desk, run)
    assert await jobs_of("mail.placed") == 40
    lists = await text_of(desk, f"{HERE}/lists")
    assert all(person.name in lists for person in scene.confirmed)


async def test_wrong_input_keeps_what_was_typed(desk: httpx.AsyncClient, world: World) -> None:
    scene = await afternoon(world, people=6)
    answer = await desk.post(HERE, data={"objective": "luck", "seed": "many"})
    assert answer.status_code == 422
    assert 'value="many"' in answer.text
    assert await runs_of(scene.event.id) == []


async def test_the_effect_of_a_move_is_shown_before_it_is_made(desk: httpx.AsyncClient, world: World) -> None:
    scene = await afternoon(world, people=20)
    run = await computed(desk)
    who = scene.people[0]
    address = f"{run}/move?registration={who.id}&slot=ateliers"
    assert f"Move {who.name}" in await text_of(desk, address)
    sizes = await desk.get(f"{address}&session=-")
    assert "The effect" in sizes.text
    assert "Move and lock" in sizes.text
    form = {"registration": str(who.id), "slot": "ateliers", "session": "-"}
    assert (await desk.post(f"{run}/move", data=form)).status_code == 303
    assert "Without a place" in await text_of(desk, run)
    unlocked = await text_of(desk, run)
    lock = {"registration": str(scene.people[1].id), "slot": "ateliers", "locked": "1"}
    assert (await desk.post(f"{run}/lock", data=lock)).status_code == 303
    assert await text_of(desk, run) != unlocked
    assert "locked" in await text_of(desk, run)
    again = await desk.post(f"{run}/again")
    assert again.status_code == 303
    assert "locked" in await text_of(desk, await arrived(desk, again.headers["location"]))


async def test_locks_that_no_longer_fit_are_named_on_the_proposal(
    desk: httpx.AsyncClient, world: World
) -> None:
    scene = await afternoon(world, people=20)
    run = await computed(desk)
    for place in await run_places(UUID(run.rpartition("/")[2])):
        lock = {"registration": str(place.registration_id), "slot": "ateliers", "locked": "1"}
        assert (await desk.post(f"{run}/lock", data=lock)).status_code == 303
    await db.execute("UPDATE session SET capacity_max = 1, capacity_min = 1")
    refused = await desk.post(f"{run}/again")
    assert refused.status_code == 422
    assert refused.text.count("than it has places: 1.") >= 2
    assert "Proposed placement" in refused.text
    assert len(await runs_of(scene.event.id)) == 1


async def test_locks_that_contradict_a_minimum_are_named_on_the_proposal(
    desk: httpx.AsyncClient, world: World
) -> None:
    scene = await afternoon(world, people=6)
    run = await computed(desk)
    lock = {"registration": str(scene.people[0].id), "slot": "ateliers", "locked": "1"}
    assert (await desk.post(f"{run}/lock", data=lock)).status_code == 303
    await db.execute("UPDATE session SET capacity_min = 8, capacity_max = 8")
    refused = await desk.post(f"{run}/again")
    assert refused.status_code == 409
    assert "too few people can come to" in refused.text
    assert "This proposal stays as it is." in refused.text


async def test_nobody_is_moved_into_a_workshop_they_have_at_another_time(
    desk: httpx.AsyncClient, world: World
) -> None:
    scene = await afternoon(world, people=12)
    await make_session(world, scene.event, "mental-2", title="Mental", slot="soir")
    run = await computed(desk)
    who = scene.people[0].id
    elsewhere = {"registration": str(who), "slot": "soir", "session": "-"}
    assert (await desk.post(f"{run}/move", data=elsewhere)).status_code == 303
    form = {"registration": str(who), "slot": "ateliers", "session": "mental"}
    assert (await desk.post(f"{run}/move", data=form)).status_code == 303
    again = form | {"slot": "soir", "session": "mental-2"}
    for answer in (await desk.get(f"{run}/move", params=again), await desk.post(f"{run}/move", data=again)):
        assert answer.status_code == 422
        assert "This person has the same workshop at another time already." in answer.text
        assert "See the effect" in answer.text


async def test_a_stale_proposal_says_so(desk: httpx.AsyncClient, world: World) -> None:
    scene = await afternoon(world, people=12)
    run = await computed(desk)
    await db.execute("UPDATE registration SET status = 'cancelled' WHERE id = {}", scene.people[0].id)
    assert "Compute it again before you publish" in await text_of(desk, run)
    assert "out of date" in await text_of(desk, f"{run}/publish", 409)


async def test_a_coach_sees_the_people_of_own_sessions_only(client: httpx.AsyncClient, world: World) -> None:
    scene = await afternoon(world, people=30)
    body_id = scene.event.body_id
    account_id = await members.add_member(
        world, SYSTEM, body_id, "coach@example.org", "coach", "Inès Coach", invite=False
    )
    await db.execute("UPDATE session SET coach_account_id = {} WHERE code = 'mental'", account_id)
    link = await sign_in.make_link(world, account_id, LINK_LIFE)
    assert (await client.post(link.removeprefix(world.settings.base_url))).status_code == 303
    client.headers["accept-language"] = "en"
    assert "The placement is not published yet." in await text_of(client, "/org/coach")
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=2))
    await publish(world, SYSTEM, run.id)
    mine = {place.registration_id for place in await places_in(scene, "mental")}
    shown = await text_of(client, "/org/coach")
    assert {person.id for person in scene.people if person.name in shown} == mine
    sheet = "/org/events/monkey-time/sessions"
    printed = await text_of(client, f"{sheet}/mental/people")
    assert {person.id for person in scene.people if person.name in printed} == mine
    await text_of(client, f"{sheet}/confiance/people", 403)
    await text_of(client, HERE, 403)


async def test_a_coach_reads_the_answers_that_are_meant_for_the_coach(
    client: httpx.AsyncClient, world: World
) -> None:
    questions = [
        Question("attente", "Qu’attendez-vous ?", "long_text", for_coach=True),
        Question("regime", "Régime", "short_text"),
    ]
    event = await make_event(world, questions=questions)
    account_id = await members.add_member(
        world, SYSTEM, event.body_id, "coach@example.org", "coach", "Inès Coach", invite=False
    )
    await make_session(world, event, "mental", capacity_min=1, coach_account_id=account_id)
    said = {"attente": "Oser parler <b>", "regime": "Sans gluten"}
    await make_registration(world, event, answers=said, preferences=["mental"])
    run = await propose(world, SYSTEM, event, RunRequest(seed=2))
    await publish(world, SYSTEM, run.id)
    link = await sign_in.make_link(world, account_id, LINK_LIFE)
    await client.post(link.removeprefix(world.settings.base_url))
    shown = await text_of(client, "/org/coach")
    assert "Oser parler &lt;b&gt;" in shown
    assert "Sans gluten" not in shown


async def places_in(scene: Afternoon, code: str) -> list[PlaceRecord]:
    places = await places_of_event(scene.event.id)
    return [place for each in places.values() for place in each if place.session.code == code]


async def test_the_personal_page_says_where_to_be(client: httpx.AsyncClient, world: World) -> None:
    scene = await afternoon(world, people=10)
    person = scene.people[0]
    address = f"/me/{world.derived_token('manage', f'{person.id}:{person.token_generation}')}?lang=en"
    before = await text_of(client, address)
    assert "My workshop<" not in before
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=2))
    await publish(world, SYSTEM, run.id)
    place = (await places_of_event(scene.event.id)).get(person.id)
    after = await text_of(client, address)
    assert "My workshop<" in after
    assert place is not None
    assert f"<strong>{place[0].session.title}</strong>" in after


async def test_wishes_changed_after_the_publication_say_what_they_can_do(
    client: httpx.AsyncClient, world: World
) -> None:
    scene = await afternoon(world, people=10)
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=2))
    await publish(world, SYSTEM, run.id)
    places = await places_of_event(scene.event.id)
    person = next(one for one in scene.people if places[one.id][0].rank == 1)
    client.headers["accept-language"] = "en"
    home = f"/me/{world.derived_token('manage', f'{person.id}:{person.token_generation}')}"
    assert "1st wish</span>" in await text_of(client, home)
    assert "Changing your choices takes no place away" in await text_of(client, f"{home}/wishes")
    other = next(code for code in ("reseauter", "mental") if code != places[person.id][0].session.code)
    saved = await client.post(f"{home}/wishes", data={"preferences.0": other})
    assert saved.status_code == 303
    after = await text_of(client, home)
    assert "your wishes count for what becomes free" in after
    assert "1st wish</span>" not in after
    assert "not among your present wishes" in after
    assert places[person.id][0].session.title in after
