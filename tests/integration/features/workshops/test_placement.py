"""From wishes to published places, on both databases."""

import asyncio
from collections import Counter
from uuid import UUID

import pytest

from events_app.features.events.model import SessionRecord
from events_app.features.events.queries import event_by_id, sessions_of
from events_app.features.registration.model import RegistrationRequest
from events_app.features.registration.queries import group_of
from events_app.features.registration.service import register
from events_app.features.registration.withdrawal import cancel
from events_app.features.workshops.certified import verify
from events_app.features.workshops.changes import WantedPlace
from events_app.features.workshops.errors import (
    AssignmentOver,
    AssignmentStale,
    NothingToPlace,
    PlacementImpossible,
    ProgrammeChanged,
    SessionFull,
    WishesChanged,
)
from events_app.features.workshops.hand import adjust, effect_of
from events_app.features.workshops.model import Keep, RequestedBalance, RequestedLock, RunRequest
from events_app.features.workshops.publication import publish
from events_app.features.workshops.queries import (
    occupancy_of,
    people_in,
    places_of,
    places_of_event,
    run_by_id,
    run_places,
    seated_in,
)
from events_app.features.workshops.service import propose
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import ANONYMOUS, SYSTEM
from events_app.kernel.errors import InvalidInput, NotAllowed
from tests.factories import WORKSHOPS, again, make_event, make_registration
from tests.integration.features.workshops.afternoon import Afternoon, afternoon, jobs_of

pytestmark = pytest.mark.usefixtures("database")


async def published(world: World, scene: Afternoon) -> UUID:
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    await publish(world, SYSTEM, run.id)
    return run.id


async def test_forty_of_forty_three_are_placed_and_told(world: World) -> None:
    scene = await afternoon(world)
    assert len(scene.confirmed) == 40
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=7))
    assert sum(run.outcome.rank_counts) + run.outcome.unassigned == 40
    assert (run.proven, run.outcome.moved, run.seed) == (True, 0, 7)
    assert await places_of_event(scene.event.id) == {}  # nothing is true before it is published
    done = await publish(world, SYSTEM, run.id)
    assert (done.status, done.published_at) == ("published", world.now())
    places = await places_of_event(scene.event.id)
    assert Counter(place.rank for line in places.values() for place in line) == Counter(
        {rank: n for rank, n in enumerate(run.outcome.rank_counts, start=1) if n}
    )
    assert all(4 <= size <= 8 for size in (await occupancy_of(scene.event.id)).values())
    assert await jobs_of("mail.placed") == len(places)
    assert await jobs_of("mail.place_changed") == 0
    event = await event_by_id(scene.event.id)
    assert event is not None
    assert event.placement_published_at == world.now()


async def test_publishing_twice_tells_nobody_again(world: World) -> None:
    scene = await afternoon(world, people=12)
    run_id = (await propose(world, SYSTEM, scene.event, RunRequest())).id
    await publish(world, SYSTEM, run_id)
    told = await jobs_of("mail.placed")
    assert (await publish(world, SYSTEM, run_id)).status == "published"
    assert await jobs_of("mail.placed") == told


async def test_the_same_seed_gives_the_same_places(world: World) -> None:
    scene = await afternoon(world, people=30)
    first, second = [await propose(world, SYSTEM, scene.event, RunRequest(seed=5)) for _ in range(2)]
    assert await run_places(first.id) == await run_places(second.id)
    assert first.inputs_digest == second.inputs_digest


async def test_the_certificate_stands_by_itself(world: World) -> None:
    scene = await afternoon(world)
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=3))
    certified = verify(bytes(run.certificate))
    assert certified.placement.proven
    shown = {
        (who, certified.sessions[w][s])
        for who, row in zip(certified.registrations, certified.placement.places, strict=True)
        for s, w in enumerate(row)
        if w >= 0
    }
    codes = {s.id: s.code for s in (await _sessions(scene))}
    kept = {(p.registration_id, codes[p.session_id]) for p in await run_places(run.id) if p.session_id}
    assert shown == kept


async def _sessions(scene: Afternoon) -> list[SessionRecord]:
    return await sessions_of(scene.event.id)


async def test_a_run_is_stale_after_a_withdrawal(world: World) -> None:
    scene = await afternoon(world, people=20)
    run = await propose(world, SYSTEM, scene.event, RunRequest())
    await cancel(world, SYSTEM, scene.people[3].id)
    with pytest.raises(AssignmentStale) as refused:
        await publish(world, SYSTEM, run.id)
    assert refused.value.fields["changed"] == ["people", "wishes"]
    assert await places_of_event(scene.event.id) == {}
    assert await jobs_of("mail.placed") == 0


async def test_a_run_is_stale_after_other_changes_too(world: World) -> None:
    scene = await afternoon(world, people=12)
    run = await propose(world, SYSTEM, scene.event, RunRequest())
    await db.execute("UPDATE session SET room = 'B2' WHERE event = {}", scene.event.id)
    await db.execute(
        "UPDATE session SET capacity_max = 9 WHERE event = {} AND code = 'mental'", scene.event.id
    )
    with pytest.raises(ProgrammeChanged):
        await publish(world, SYSTEM, run.id)
    run = await propose(world, SYSTEM, scene.event, RunRequest())
    await db.execute("DELETE FROM preference WHERE registration = {}", scene.people[0].id)
    with pytest.raises(WishesChanged):
        await publish(world, SYSTEM, run.id)


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


async def test_moving_by_hand_in_the_proposal(world: World) -> None:
    scene = await afternoon(world, people=20)
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    place = next(place for place in await run_places(run.id) if place.rank == 1)
    sessions = {s.id: s for s in await _sessions(scene)}
    sizes = Counter(p.session_id for p in await run_places(run.id))
    target = next(s for s in sessions.values() if s.id != place.session_id and sizes[s.id] < 8)
    wanted = [WantedPlace(place.registration_id, target.code)]
    effect = await effect_of(SYSTEM, run.id, wanted)
    assert effect.before == run.outcome
    assert effect.after.rank_counts[0] == effect.before.rank_counts[0] - 1
    assert effect.sizes[target.id] == sizes[target.id] + 1
    assert (await run_by_id(run.id)) == run  # looking changes nothing
    after = await adjust(world, SYSTEM, run.id, wanted)
    assert after.outcome == effect.after
    assert (after.by_hand, after.proven, bytes(after.certificate)) == (True, False, b"null")
    await publish(world, SYSTEM, run.id)
    assert [p.session.code for p in await places_of(place.registration_id)] == [target.code]


async def test_locks_are_kept_when_computed_again(world: World) -> None:
    scene = await afternoon(world, people=20)
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    sessions = {s.id: s.code for s in await _sessions(scene)}
    locked = [(p.registration_id, sessions[p.session_id]) for p in await run_places(run.id) if p.session_id][
        :5
    ]
    locks = [RequestedLock(who, code) for who, code in locked]
    for objective in ("guarantee", "generous", "greedy", "squares"):
        again_run = await propose(
            world, SYSTEM, scene.event, RunRequest(seed=99, objective=objective, locks=locks)
        )
        there = {
            (p.registration_id, sessions[p.session_id]): p
            for p in await run_places(again_run.id)
            if p.session_id
        }
        assert all(there[lock].locked for lock in locked)


async def test_a_lock_that_cannot_be_kept_names_the_session_that_lacks_people(world: World) -> None:
    scene = await afternoon(world, people=3)
    sessions = await _sessions(scene)
    locks = [RequestedLock(scene.people[0].id, sessions[0].code)]
    with pytest.raises(PlacementImpossible) as refused:
        await propose(world, SYSTEM, scene.event, RunRequest(seed=1, locks=locks))
    assert type(refused.value) is PlacementImpossible
    assert refused.value.fields == {"sessions": f"“{sessions[0].title}”"}


async def test_moving_one_person_after_the_publication(world: World) -> None:
    scene = await afternoon(world, people=20)
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    await publish(world, SYSTEM, run.id)
    somebody = scene.confirmed[0]
    old = (await places_of(somebody.id))[0]
    occupancy = await occupancy_of(scene.event.id)
    target = next(s for s in await _sessions(scene) if s.id != old.session.id and occupancy.get(s.id, 0) < 8)
    await adjust(world, SYSTEM, run.id, [WantedPlace(somebody.id, target.code)])
    new = (await places_of(somebody.id))[0]
    assert (new.session.code, new.source) == (target.code, "moved")
    assert new.calendar_sequence == old.calendar_sequence + 1
    assert await jobs_of("mail.place_changed") == 1
    assert somebody.id in await seated_in(target.id)
    assert somebody.id in [person.registration_id for person in await people_in(target.id)]


async def test_a_full_workshop_takes_nobody_by_hand(world: World) -> None:
    scene = await afternoon(world, people=40)
    run_id = await published(world, scene)
    occupancy = await occupancy_of(scene.event.id)
    full = next(s for s in await _sessions(scene) if occupancy.get(s.id) == 8)
    inside = await seated_in(full.id)
    outsider = next(p for p in scene.confirmed if p.id not in inside)
    with pytest.raises(SessionFull):
        await adjust(world, SYSTEM, run_id, [WantedPlace(outsider.id, full.code)])
    insider = inside[0]
    other = next(iter(await places_of(outsider.id)), None)
    # A swap keeps the number.
    swap = [WantedPlace(outsider.id, full.code), WantedPlace(insider, other.session.code if other else None)]
    await adjust(world, SYSTEM, run_id, swap)
    assert outsider.id in await seated_in(full.id)


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


async def test_what_cannot_be_placed(world: World) -> None:
    empty = await make_event(world)
    with pytest.raises(NothingToPlace):
        await propose(world, SYSTEM, empty, RunRequest())
    scene = await afternoon(world, people=3)
    with pytest.raises(NotAllowed):
        await propose(world, ANONYMOUS, scene.event, RunRequest())
    somebody, stranger = scene.people[0], await make_registration(world, empty)
    with pytest.raises(InvalidInput) as refused:
        await propose(
            world,
            SYSTEM,
            scene.event,
            RunRequest(
                objective="luck",
                seed=-1,
            ),
        )
    assert [(e.pointer, e.code) for e in refused.value.errors] == [
        ("/objective", "unknown"),
        ("/seed", "range"),
    ]
    with pytest.raises(InvalidInput) as refused:
        await propose(
            world,
            SYSTEM,
            scene.event,
            RunRequest(
                locks=[
                    RequestedLock(stranger.id, "mental"),
                    RequestedLock(somebody.id, "nowhere"),
                    RequestedLock(somebody.id, "mental"),
                    RequestedLock(somebody.id, "confiance"),
                ]
            ),
        )
    assert [(e.pointer, e.code) for e in refused.value.errors] == [
        ("/locks/0/registration", "unknown"),
        ("/locks/1/session", "unknown"),
        ("/locks/3/session", "contradiction"),
    ]


async def test_a_mixed_public(world: World) -> None:
    scene = await afternoon(world, people=24)
    chosen = ("student", "manager", "job_seeker")
    for number, person in enumerate(scene.people):
        await db.execute(
            "UPDATE registration SET profile = {} WHERE id = {}", chosen[(number % 5) // 2], person.id
        )
    profile = {person.id: chosen[(number % 5) // 2] for number, person in enumerate(scene.people)}
    balance = RequestedBalance(0.6, ["manager", "job_seeker"])
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1, balance=balance))
    in_session: dict[UUID, list[str]] = {}
    for place in await run_places(run.id):
        if place.session_id:
            in_session.setdefault(place.session_id, []).append(profile[place.registration_id])
    for profiles in in_session.values():
        assert max(Counter(profiles).values()) <= 0.6 * len(profiles)
        assert set(profiles) & {"manager", "job_seeker"}
    assert run.outcome.unassigned <= 4


async def test_companions_go_together_when_asked(world: World) -> None:
    scene = await afternoon(world, people=20, max_companions=2, capacity=40)
    lead = await make_registration(world, scene.event, preferences=list(WORKSHOPS[:3]), companions=2)
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1, together=True))
    group = {person.id for person in await group_of(lead.id)}
    where = {place.session_id for place in await run_places(run.id) if place.registration_id in group}
    assert len(group) == 3
    assert len(where) == 1
    await publish(world, SYSTEM, run.id)
    told = await db.rows("SELECT payload FROM job WHERE kind = 'mail.placed'")
    assert sum(1 for job in told if any(str(one) in job["payload"] for one in group)) == 1  # one mail a group


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
    sessions = {session.id: session for session in await _sessions(scene)}
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
