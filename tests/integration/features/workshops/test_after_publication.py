"""Published places: who comes late, who withdraws, who is moved, who is told, on both databases."""

import asyncio
from uuid import UUID

import pytest

from events_app.features.events.queries import sessions_of
from events_app.features.registration.model import RegistrationRequest
from events_app.features.registration.service import register
from events_app.features.registration.withdrawal import cancel
from events_app.features.workshops.errors import (
    AssignmentOver,
)
from events_app.features.workshops.hand import WantedPlace, adjust
from events_app.features.workshops.model import Keep, RunRequest
from events_app.features.workshops.publication import publish
from events_app.features.workshops.queries import (
    occupancy_of,
    people_in,
    places_of,
    places_of_event,
    run_places,
    seated_in,
)
from events_app.features.workshops.service import propose
from events_app.features.workshops.solving import verify
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import WORKSHOPS, again, make_registration
from tests.integration.features.workshops.afternoon import Afternoon, afternoon, jobs_of

pytestmark = pytest.mark.usefixtures("database")


async def published(world: World, scene: Afternoon) -> UUID:
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    await publish(world, SYSTEM, run.id)
    return run.id


async def test_a_withdrawal_frees_the_place_for_whoever_comes_late(world: World) -> None:
    scene = await afternoon(world, people=43)
    await published(world, scene)
    leaver = scene.confirmed[0]
    seat = (await places_of(leaver.id))[0].session
    before = (await occupancy_of(scene.event.id))[seat.id]
    waiting = next(person for person in scene.people if person.status == "waiting")
    await cancel(world, SYSTEM, leaver.id)
    assert await places_of(leaver.id) == []
    promoted = await again(waiting)
    assert promoted.status == "confirmed"
    places = await places_of(promoted.id)
    assert [place.source for place in places] == ["late"]
    assert (await occupancy_of(scene.event.id))[seat.id] in (before - 1, before)
    found = await db.row(
        "SELECT count(*) AS n FROM job WHERE kind = 'mail.placed' AND payload LIKE {}", f"%{promoted.id}%"
    )
    assert found == {"n": 1}


async def test_without_wishes_one_is_seated_only_when_the_organiser_asks_for_it(world: World) -> None:
    scene = await afternoon(world, people=40, without_wishes=9)
    silent = {person.id for person in scene.people[-9:]}
    strict = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    nowhere = {p.registration_id for p in await run_places(strict.id) if p.session_id is None}
    assert silent <= nowhere
    filled = await propose(world, SYSTEM, scene.event, RunRequest(seed=1, without_wishes=True))
    assert filled.outcome.outside_wishes == 9
    assert filled.outcome.unassigned == 0
    assert {p.registration_id for p in await run_places(filled.id) if p.rank is None} == silent
    assert filled.proven


@pytest.mark.parametrize("without_wishes", [True, False])
async def test_late_without_wishes(world: World, without_wishes: bool) -> None:
    scene = await afternoon(world, people=20, capacity=25)
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1, without_wishes=without_wishes))
    await publish(world, SYSTEM, run.id)
    before = await occupancy_of(scene.event.id)
    silent = await make_registration(world, scene.event)
    places = await places_of(silent.id)
    if not without_wishes:
        assert places == []
        return
    assert [(place.rank, place.source) for place in places] == [(None, "late")]
    assert before[places[0].session.id] == min(before.values())  # the emptiest that takes place


@pytest.mark.parametrize("keep", ["improve", "fewest_moves"])
async def test_after_withdrawals_few_people_move(world: World, keep: Keep) -> None:
    scene = await afternoon(world, people=40)
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    await publish(world, SYSTEM, run.id)
    for person in scene.people[::8]:
        await cancel(world, SYSTEM, person.id)
    before = {who: places[0] for who, places in (await places_of_event(scene.event.id)).items()}
    new = await propose(world, SYSTEM, scene.event, RunRequest(seed=1, keep=keep))
    after = {place.registration_id: place for place in await run_places(new.id)}
    changed = [who for who, place in before.items() if after[who].session_id != place.session.id]
    assert len(changed) == new.outcome.moved
    afresh = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    if keep == "improve":
        for who, place in before.items():
            rank = after[who].rank
            assert rank is not None
            assert rank <= (place.rank or 99)
    else:
        assert new.outcome.rank_counts == afresh.outcome.rank_counts
        assert new.outcome.moved <= afresh.outcome.moved
        verify(bytes(new.certificate))
    await publish(world, SYSTEM, new.id)
    assert await jobs_of("mail.place_changed") == new.outcome.moved


async def test_late_registrations_at_once_never_overfill_a_workshop(world: World) -> None:
    scene = await afternoon(world, people=30, capacity=None, preferences_least=1)
    await published(world, scene)
    occupancy = await occupancy_of(scene.event.id)
    sessions = {session.id: session for session in await sessions_of(scene.event.id)}
    free = {sessions[key].code: 8 - taken for key, taken in occupancy.items()}
    wanted = max(free, key=lambda code: free[code])
    # One transaction per task, as requests have it.
    await asyncio.gather(
        *(
            register(
                world,
                SYSTEM,
                scene.event,
                RegistrationRequest(
                    email=f"late{number}@example.org",
                    given_name="Late",
                    family_name=str(number),
                    preferences=[wanted],
                    accepts_any=False,
                ),
            )
            for number in range(free[wanted] + 6)
        )
    )
    after = await occupancy_of(scene.event.id)
    assert {sessions[key].code: size for key, size in after.items()}[wanted] == 8
    assert max(after.values()) <= 8
    assert await jobs_of("mail.placed") == sum(occupancy.values()) + free[wanted]


async def test_moving_one_person_after_the_publication(world: World) -> None:
    scene = await afternoon(world, people=20)
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    await publish(world, SYSTEM, run.id)
    somebody = scene.confirmed[0]
    old = (await places_of(somebody.id))[0]
    occupancy = await occupancy_of(scene.event.id)
    target = next(
        s for s in await sessions_of(scene.event.id) if s.id != old.session.id and occupancy.get(s.id, 0) < 8
    )
    await adjust(world, SYSTEM, run.id, [WantedPlace(somebody.id, target.code)])
    new = (await places_of(somebody.id))[0]
    assert (new.session.code, new.source) == (target.code, "moved")
    assert new.calendar_sequence == old.calendar_sequence + 1
    assert await jobs_of("mail.place_changed") == 1
    assert somebody.id in await seated_in(target.id)
    assert somebody.id in [person.registration_id for person in await people_in(target.id)]


async def test_publishing_again_tells_only_those_who_move(world: World) -> None:
    scene = await afternoon(world, people=30, capacity=40)
    first = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    await publish(world, SYSTEM, first.id)
    before = await places_of_event(scene.event.id)
    newcomer = await make_registration(world, scene.event, preferences=list(WORKSHOPS))
    assert len(await places_of(newcomer.id)) == 1
    told = await jobs_of("mail.placed")
    second = await propose(world, SYSTEM, scene.event, RunRequest(seed=1, keep=True))
    assert second.outcome.moved == 0
    await publish(world, SYSTEM, second.id)
    assert await jobs_of("mail.place_changed") == 0
    assert await jobs_of("mail.placed") == told
    after = await places_of_event(scene.event.id)
    assert {who: after[who] for who in before} == before
    with pytest.raises(AssignmentOver):
        await publish(world, SYSTEM, first.id)


async def test_publishing_twice_tells_nobody_again(world: World) -> None:
    scene = await afternoon(world, people=12)
    run_id = (await propose(world, SYSTEM, scene.event, RunRequest())).id
    await publish(world, SYSTEM, run_id)
    told = await jobs_of("mail.placed")
    assert (await publish(world, SYSTEM, run_id)).status == "published"
    assert await jobs_of("mail.placed") == told
