"""Why somebody is there, and what would be if: what is answered is so."""

import re
from uuid import UUID

import httpx
import pytest

from events_app.app import create_app
from events_app.features.workshops import why
from events_app.features.workshops.hand import WantedPlace, adjust
from events_app.features.workshops.model import RunRequest
from events_app.features.workshops.publication import publish
from events_app.features.workshops.queries import run_places
from events_app.features.workshops.service import propose
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration, make_session
from tests.integration.features.workshops.afternoon import afternoon
from tests.integration.features.workshops.test_standing import scene_of, who_sits_in, words_of

HERE = "/org/events/monkey-time/placement"


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def test_the_draw_is_named_where_it_decided(desk: httpx.AsyncClient, world: World) -> None:
    scene = await scene_of(world)
    places = await run_places(UUID(scene.run))
    second = next(place for place in places if place.rank == 2)
    address = f"{HERE}/{scene.run}/why?registration={second.registration_id}"
    words = await words_of(desk, address)
    assert "It is full: 3 people are there. 3 had it as 1st wish." in words
    assert re.search(r"3 of them wished for it as much and came before in the draw", words)
    assert "Giving it would be no worse for the whole. 1 other person would lose by it." in words
    answer = (
        await desk.get(f"/api/v1/assignments/{scene.run}/why?registration={second.registration_id}")
    ).json()
    first = answer["wishes"][0]
    assert (first["found"], first["ranks"], first["drawn_before"]) == ("full", [3, 0], 3)
    assert (first["at_no_cost"], first["worse"]) == (True, 1)
    assert [(one["before"], one["after"]) for one in first["shifts"]] == [("voix", "corps")]
    assert answer["wishes"][1]["found"] == "held"


async def test_a_wish_that_costs_somebody_says_whom(desk: httpx.AsyncClient, world: World) -> None:
    """One wants nothing but the full workshop; whoever has it has no other wish."""
    create_app(world)
    event = await make_event(world, preferences_count=2, preferences_least=1)
    await make_session(world, event, "voix", title="Voix", capacity_min=None, capacity_max=1)
    for _ in range(2):
        await make_registration(world, event, preferences=["voix"], accepts_any=False)
    run = await propose(world, SYSTEM, event, RunRequest(seed=1))
    places = await run_places(run.id)
    loser = next(place for place in places if place.session_id is None)
    person, (story,) = await why.why(SYSTEM, run.id, loser.registration_id)
    assert (story.there, story.worse, [shift.after for shift in story.shifts]) == (1, 1, [None])
    assert "would lose “Voix”" in await words_of(
        desk, f"{HERE}/{run.id}/why?registration={person.registration_id}"
    )


async def test_one_place_more_is_what_the_placement_then_is(desk: httpx.AsyncClient, world: World) -> None:
    scene = await afternoon(world, people=43)
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    await publish(world, SYSTEM, run.id)
    answer = (await desk.get(f"/api/v1/assignments/{run.id}/what-if?session=mental&change=more")).json()
    assert answer["before"]["rank_counts"] == run.outcome.rank_counts
    capacity = {"capacity_max": 9}
    assert (await desk.patch("/api/v1/events/monkey-time/sessions/mental", json=capacity)).status_code == 200
    then = await propose(world, SYSTEM, scene.event, RunRequest(seed=1, keep="fewest_moves"))
    assert answer["after"]["rank_counts"] == then.outcome.rank_counts
    assert len(answer["moved"]) == then.outcome.moved
    words = await words_of(desk, f"{HERE}/{run.id}/what-if?session=mental&change=close")
    assert "Without “Mental”" in words
    assert "would have another place" in words
    assert "What if" in await words_of(desk, f"{HERE}/{run.id}/what-if")


async def test_odd_questions_are_not_found(desk: httpx.AsyncClient, world: World) -> None:
    scene = await scene_of(world)
    nobody = world.new_id()
    for address in (
        f"{HERE}/{scene.run}/why?registration={nobody}",
        f"{HERE}/{scene.run}/what-if?session=nothing&change=more",
        f"{HERE}/{scene.run}/what-if?session=voix&change=burn",
        f"/api/v1/assignments/{scene.run}/why?registration={nobody}",
        f"/api/v1/assignments/{scene.run}/what-if?session=voix&change=burn",
    ):
        assert (await desk.get(address)).status_code == 404, address


async def test_everybody_reads_on_the_own_page_why_a_wish_is_not_fulfilled(
    desk: httpx.AsyncClient, world: World
) -> None:
    scene = await scene_of(world)
    second = (await who_sits_in(scene.people[:-1], "corps"))[0]
    mine = f"/me/{world.derived_token('manage', f'{second.id}:{second.token_generation}')}?lang=en"
    words = await words_of(desk, mine)
    assert "Why? “Voix” is full. Of the 3 people there: 3 had it as 1st wish." in words
    assert "Between equal wishes a draw decides: number 1." in words
    first = (await who_sits_in(scene.people, "voix"))[0]
    mine = f"/me/{world.derived_token('manage', f'{first.id}:{first.token_generation}')}?lang=en"
    assert "Why?" not in await words_of(desk, mine)


async def test_before_publishing_one_reads_who_goes_from_where_to_where(
    desk: httpx.AsyncClient, world: World
) -> None:
    scene = await scene_of(world)
    mover = (await who_sits_in(scene.people, "voix"))[0]
    run = await propose(world, SYSTEM, scene.event, RunRequest(keep="places"))
    await adjust(world, SYSTEM, run.id, [WantedPlace(mover.id, None, slot="ateliers")])
    words = await words_of(desk, f"{HERE}/{run.id}/publish")
    assert "1 place changes: who goes where" in words
    assert f"{mover.name} Voix Without a place" in words
