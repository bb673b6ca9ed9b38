"""From wishes to a proposal of places, on both databases."""

from collections import Counter
from uuid import UUID

import pytest

from events_app.features.events.queries import event_by_id, sessions_of
from events_app.features.registration.queries import group_of
from events_app.features.registration.withdrawal import cancel
from events_app.features.workshops.errors import (
    AssignmentStale,
    NothingToPlace,
    PlacementImpossible,
    ProgrammeChanged,
    SessionFull,
    WishesChanged,
)
from events_app.features.workshops.hand import WantedPlace, adjust, effect_of
from events_app.features.workshops.model import RequestedBalance, RequestedLock, RunRequest
from events_app.features.workshops.publication import publish
from events_app.features.workshops.queries import (
    occupancy_of,
    places_of,
    places_of_event,
    run_by_id,
    run_places,
    seated_in,
)
from events_app.features.workshops.service import propose
from events_app.features.workshops.solving import verify
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import ANONYMOUS, SYSTEM
from events_app.kernel.errors import InvalidInput, NotAllowed
from tests.factories import WORKSHOPS, make_event, make_registration
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
    codes = {s.id: s.code for s in (await sessions_of(scene.event.id))}
    kept = {(p.registration_id, codes[p.session_id]) for p in await run_places(run.id) if p.session_id}
    assert shown == kept


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


async def test_moving_by_hand_in_the_proposal(world: World) -> None:
    scene = await afternoon(world, people=20)
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    place = next(place for place in await run_places(run.id) if place.rank == 1)
    sessions = {s.id: s for s in await sessions_of(scene.event.id)}
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
    sessions = {s.id: s.code for s in await sessions_of(scene.event.id)}
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
    sessions = await sessions_of(scene.event.id)
    locks = [RequestedLock(scene.people[0].id, sessions[0].code)]
    with pytest.raises(PlacementImpossible) as refused:
        await propose(world, SYSTEM, scene.event, RunRequest(seed=1, locks=locks))
    assert type(refused.value) is PlacementImpossible
    assert refused.value.fields == {"sessions": f"“{sessions[0].title}”"}


async def test_a_full_workshop_takes_nobody_by_hand(world: World) -> None:
    scene = await afternoon(world, people=40)
    run_id = await published(world, scene)
    occupancy = await occupancy_of(scene.event.id)
    full = next(s for s in await sessions_of(scene.event.id) if occupancy.get(s.id) == 8)
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
