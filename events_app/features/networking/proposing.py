"""Proposing a seat plan: read, search beside the event loop, keep."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

import msgspec

from events_app.features.events.access import may_edit
from events_app.features.events.model import EventRecord
from events_app.features.networking import arrangement
from events_app.features.networking.errors import NobodyToSeat, RulesCannotBeKept
from events_app.features.networking.model import Guest, PlanRecord, PlanStatus, RoomSettings, Rounds
from events_app.features.networking.queries import guests_of, networking_session
from events_app.features.networking.service import digest_of, existing_plan, note, settings_in_force
from events_app.features.networking.tables import Seat, SeatingPlan
from events_app.infra.database import read_snapshot, unit_of_work
from events_app.infra.threads import in_thread
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput, NotAllowed
from events_app.matching.tables.problem import Infeasible
from events_app.matching.tables.seating_plan import TablesPlan, TablesProblem
from events_app.matching.tables.tables import plan_tables

EFFORT = 0.6  # somebody looks at the page meanwhile; 45 people need less
LONGEST_SECONDS = 3.0
DRAWS = 1_000_000_000  # seeds are short enough to be read out
ROWS_A_STATEMENT = 500


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


async def propose(
    world: World, actor: Actor, event: EventRecord, code: str, seed: int | None = None
) -> PlanRecord:
    """Raises `NotAllowed`, `NotFound`, `NobodyToSeat`, `RulesCannotBeKept`, `InvalidInput`."""
    return await keep(world, actor, await compute(world, actor, event, code, seed))


async def compute(
    world: World, actor: Actor, event: EventRecord, code: str, seed: int | None = None
) -> Proposal:
    """Outside of any transaction: it may take seconds. The same seed, people and settings give the same plan,
    unless the machine is too slow for the search."""
    if not may_edit(actor, event):
        raise NotAllowed
    if seed is not None and not 0 <= seed < DRAWS:
        raise InvalidInput.one("/seed", "range", arrangement.RANGE, low=0, high=DRAWS - 1)
    async with read_snapshot():
        session = await networking_session(event, code)
        guests = await guests_of(event.id)
        settings = await settings_in_force(session, len(guests))
    if len(guests) < 2:
        raise NobodyToSeat
    if errors := arrangement.table_errors(settings, len(guests)):
        raise InvalidInput(errors)
    chosen = int.from_bytes(world.entropy.bytes(8), "big") % DRAWS if seed is None else seed
    found = await _solve(arrangement.problem_of(guests, settings), chosen, guests)
    ids = [guest.registration_id for guest in guests]
    return Proposal(
        event=event,
        session_id=session.id,
        settings=settings,
        seed=chosen,
        tables=arrangement.tables_for(settings, len(guests)),
        possible=found.bounds.distinct,
        digest=digest_of(guests, settings),
        rounds=[[[ids[person] for person in table] for table in tables] for tables in found.rounds],
    )


async def keep(world: World, actor: Actor, proposal: Proposal) -> PlanRecord:
    plan_id = world.new_id()
    async with unit_of_work():
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
        await _save_seats(world, plan_id, proposal.rounds)
        await note(world, actor, proposal.event, plan_id, "networking.proposed")
        return await existing_plan(plan_id)


async def _solve(problem: TablesProblem, seed: int, guests: Sequence[Guest]) -> TablesPlan:
    work = partial(plan_tables, problem, effort=EFFORT, seconds=LONGEST_SECONDS, seed=seed)
    try:
        return await in_thread(work)
    except Infeasible as conflict:
        pairs = ", ".join(f"{guests[a].name} – {guests[b].name}" for a, b in conflict.apart)
        raise RulesCannotBeKept(tables=problem.tables, pairs=pairs) from conflict


async def _save_seats(world: World, plan_id: UUID, rounds: Rounds) -> None:
    seats = [
        Seat(
            id=world.new_id(),
            plan=plan_id,
            registration=person,
            round_number=round_number,
            table_number=table_number,
        )
        for round_number, tables in enumerate(rounds, 1)
        for table_number, table in enumerate(tables, 1)
        for person in table
    ]
    for start in range(0, len(seats), ROWS_A_STATEMENT):
        await Seat.insert(*seats[start : start + ROWS_A_STATEMENT])
