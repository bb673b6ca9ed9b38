"""Proposing a seat plan: read, search beside the event loop, keep."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

import msgspec

from events_app.features.events.access import may_edit
from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord
from events_app.features.networking import arrangement, pair_rules
from events_app.features.networking.errors import (
    NobodyToSeat,
    OnBothSides,
    OneSideEmpty,
    RulesCannotBeKept,
)
from events_app.features.networking.model import Guest, Lock, PlanRecord, PlanStatus, RoomSettings, Rounds
from events_app.features.networking.now import RoomNow, room_now
from events_app.features.networking.queries import locks_of, networking_session, plan_by_id, rounds_of
from events_app.features.networking.service import existing_plan, note, save_seats
from events_app.features.networking.sides import (
    TwoSides,
    meetings_in,
    meetings_problem,
    seats_of_meetings,
)
from events_app.features.networking.tables import SeatingPlan
from events_app.infra.database import read_snapshot, retried, unit_of_work
from events_app.infra.threads import in_thread
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput, NotAllowed, NotFound
from events_app.matching.speed_dating.structures import plan_structures
from events_app.matching.tables.problem import Infeasible
from events_app.matching.tables.seating_plan import TablesPlan, TablesProblem
from events_app.matching.tables.tables import plan_tables
from events_app.matching.tables.together import seat_together

EFFORT = 0.6  # somebody looks at the page meanwhile; 45 people need less
LONGEST_SECONDS = 3.0
DRAWS = 1_000_000_000  # seeds are short enough to be read out


class Proposal(msgspec.Struct, frozen=True):
    """A computed plan that is not kept yet."""

    event: EventRecord
    session_id: UUID
    settings: RoomSettings
    seed: int
    tables: int
    possible: int
    digest: str
    rounds: Rounds
    locks: list[Lock]


class Kept(msgspec.Struct, frozen=True):
    """Of an earlier plan."""

    rounds: Rounds
    locks: list[Lock]


async def propose(
    world: World,
    actor: Actor,
    event: EventRecord,
    code: str,
    seed: int | None = None,
    keeping: UUID | None = None,
) -> PlanRecord:
    """Raises `NotAllowed`, `NotFound`, `NobodyToSeat`, `RulesCannotBeKept`, `OnBothSides`, `InvalidInput`."""
    return await keep(world, actor, await compute(world, actor, event, code, seed, keeping))


async def compute(
    world: World,
    actor: Actor,
    event: EventRecord,
    code: str,
    seed: int | None = None,
    keeping: UUID | None = None,
) -> Proposal:
    """Outside of any transaction: it may take seconds. The same seed, people and settings give the same plan,
    unless the machine is too slow for the search. `keeping`: a plan whose locked seats stay."""
    if not may_edit(actor, event):
        raise NotAllowed
    if seed is not None and not 0 <= seed < DRAWS:
        raise InvalidInput.one("/seed", "range", arrangement.RANGE, low=0, high=DRAWS - 1)
    async with read_snapshot():
        now = await room_now(event, await networking_session(event, code))
        kept = await _kept(now, keeping) if keeping else None
    chosen = int.from_bytes(world.entropy.bytes(8), "big") % DRAWS if seed is None else seed
    if now.meets_in_pairs:
        rounds, possible = await _pairs(now, kept, chosen)
    else:
        rounds, possible = await _tables(now, kept, chosen)
    return Proposal(
        event=event,
        session_id=now.session.id,
        settings=now.settings,
        seed=chosen,
        tables=now.tables,
        possible=possible,
        digest=now.digest,
        rounds=rounds,
        locks=kept.locks if kept else [],
    )


async def _kept(now: RoomNow, plan_id: UUID) -> Kept:
    """Raises `NotFound` for a plan of another session. Of one with other rounds or tables nothing is kept."""
    plan = await plan_by_id(plan_id)
    if plan is None or plan.session_id != now.session.id:
        raise NotFound
    fits = plan.settings.rounds == now.settings.rounds and plan.tables == now.tables
    return Kept(await rounds_of(plan), await locks_of(plan.id) if fits else [])


async def _pairs(now: RoomNow, kept: Kept | None, seed: int) -> tuple[Rounds, int]:
    two = now.two
    if now.settings.sides is None or not two.candidates or not two.posts:
        raise OneSideEmpty
    if two.both:
        raise OnBothSides(names=", ".join(guest.name for guest in two.both))
    problem = meetings_problem(two, now.settings, now.wishes, _fixed(two, kept) if kept else ())
    plan = await in_thread(partial(plan_structures, problem, seed=seed))
    return seats_of_meetings(two, now.settings, plan.rounds), plan.bound


def _fixed(two: TwoSides, kept: Kept) -> list[tuple[int, int, int]]:
    """Candidate, who receives, round: where the candidate's seat is locked."""
    locked = {(lock.registration, lock.round) for lock in kept.locks}
    candidate = {guest.registration_id: number for number, guest in enumerate(two.candidates)}
    post = {guest.registration_id: number for number, guest in enumerate(two.posts)}
    return [
        (candidate[person], post[host], number - 1)
        for number, _, person, host in meetings_in(kept.rounds, two)
        if (person, number) in locked
    ]


async def _tables(now: RoomNow, kept: Kept | None, seed: int) -> tuple[Rounds, int]:
    """Where all seats of a round are locked, the round stays."""
    if len(now.guests) < 2:
        raise NobodyToSeat
    settings, guests = now.settings, now.guests
    errors = arrangement.table_errors(settings, len(guests)) or pair_rules.together_errors(settings, guests)
    if errors := errors + pair_rules.chain_errors(settings, guests):
        raise InvalidInput(errors)
    problem = arrangement.problem_of(now.guests, now.settings)
    place = {guest.registration_id: number for number, guest in enumerate(now.guests)}
    stay = [each - 1 for each in sorted({lock.round for lock in kept.locks})] if kept else []
    if kept and stay:
        announced = tuple(
            tuple(tuple(place[p] for p in table if p in place) for table in kept.rounds[turn])
            for turn in stay
        )
        problem = msgspec.structs.replace(problem, announced=announced)
    found = await _solve(problem, seed, now.guests)
    order = [*stay, *(turn for turn in range(now.settings.rounds) if turn not in stay)]
    ids = [guest.registration_id for guest in now.guests]
    rounds: Rounds = [[] for _ in order]
    seats = seat_together(
        found.rounds,
        arrangement.together_groups(guests, settings),
        first=len(stay),
        staying=[person for person, _ in problem.hosts],
        apart=problem.apart,
        organisation=problem.organisation,
    )
    for turn, tables in zip(order, seats, strict=True):
        rounds[turn] = [[ids[person] for person in table] for table in tables]
        seated = {person for table in rounds[turn] for person in table}
        for person in ids if turn in stay else ():
            if person not in seated:  # came after the round was locked
                min(rounds[turn], key=len).append(person)
    return rounds, found.bounds.distinct


@retried
async def keep(world: World, actor: Actor, proposal: Proposal) -> PlanRecord:
    plan_id = world.new_id()
    async with unit_of_work():
        await held(proposal.event.id)
        await SeatingPlan(
            id=plan_id,
            session=proposal.session_id,
            status=PlanStatus.PROPOSED.value,
            seed=str(proposal.seed),
            settings=msgspec.json.encode(proposal.settings).decode(),
            tables=proposal.tables,
            possible=proposal.possible,
            digest=proposal.digest,
            created_at=world.now(),
        ).save()
        await save_seats(world, plan_id, dict(enumerate(proposal.rounds, 1)), proposal.locks)
        await note(world, actor, proposal.event, plan_id, "networking.proposed")
        return await existing_plan(plan_id)


async def _solve(problem: TablesProblem, seed: int, guests: Sequence[Guest]) -> TablesPlan:
    work = partial(plan_tables, problem, effort=EFFORT, seconds=LONGEST_SECONDS, seed=seed)
    try:
        return await in_thread(work)
    except Infeasible as conflict:
        rules = [f"{guests[a].name} – {guests[b].name}" for a, b in conflict.apart]
        rules += [f"{guests[person].name} → {table + 1}" for person, table in conflict.hosts]
        raise RulesCannotBeKept(tables=problem.tables, pairs=", ".join(rules)) from conflict
