"""Proposing a placement: read, solve beside the event loop, check, keep."""

from collections.abc import Sequence
from threading import Event as Flag
from uuid import UUID

import msgspec

from events_app.features.events.access import may_edit, may_read_registrations
from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import event_by_id
from events_app.features.workshops import building
from events_app.features.workshops.building import check_balance
from events_app.features.workshops.errors import (
    NothingToPlace,
    PlacementImpossible,
    PlacementTooLarge,
    impossible,
)
from events_app.features.workshops.inputs import Inputs, digests_of, inputs_digest, read_inputs
from events_app.features.workshops.model import (
    KeptOutcome,
    RunPlaceRecord,
    RunRecord,
    RunRequest,
    RunStatus,
)
from events_app.features.workshops.queries import placed_then, run_by_id
from events_app.features.workshops.seating import ROWS_A_STATEMENT
from events_app.features.workshops.solving import (
    Answer,
    Certified,
    Impossible,
    Improved,
    TooLarge,
    better_places,
    solve_beside,
    turn,
)
from events_app.features.workshops.tables import AssignmentRun, RunPlace
from events_app.features.workshops.tally import outcome_of
from events_app.infra import audit
from events_app.infra.database import read_snapshot, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, FieldError, InvalidInput, NotAllowed, NotFound
from events_app.matching.workshops.place import Progress, quiet
from events_app.matching.workshops.problem import Objective, Placement, PlacementProblem, Rule, RuleKind

MOST_SEED = 2**53 - 1  # what every reader of JSON keeps exactly
DRAWS = 1_000_000_000  # seeds that we choose are short enough to be read out


class Proposal(msgspec.Struct, frozen=True):
    """A computed placement that is not kept yet."""

    event: EventRecord
    request: RunRequest
    seed: int
    kept: KeptOutcome
    places: list[RunPlaceRecord]
    certificate: bytes


async def propose(world: World, actor: Actor, event: EventRecord, request: RunRequest) -> RunRecord:
    """Raises `NotAllowed`, `InvalidInput`, `NothingToPlace`, `PlacementImpossible`, `PlacementsBusy`."""
    async with turn():
        proposal = await compute(world, actor, event, request)
    return await keep(world, actor, proposal)


async def compute(
    world: World,
    actor: Actor,
    event: EventRecord,
    request: RunRequest,
    *,
    progress: Progress = quiet,
    cancel: Flag | None = None,
) -> Proposal:
    """Outside of any transaction: it may take seconds. The same seed and inputs give the same places.

    `progress` is called from another thread; `cancel` ends the work, by the engine's `Cancelled`.
    """
    if not may_edit(actor, event):
        raise NotAllowed
    async with read_snapshot():
        inputs = await read_inputs(event.id, request.slot)
        earlier = await placed_then(event.id)
    _check(request, inputs)
    if not inputs.sessions or not inputs.people:
        raise NothingToPlace
    seed = int.from_bytes(world.entropy.bytes(8), "big") % DRAWS if request.seed is None else request.seed
    problem = building.build(inputs, request)
    placement: Answer
    if request.keeping == "improve":
        placement = await better_places(inputs, request, problem, seed, earlier, progress, cancel)
    else:
        placement = await solve_beside(
            problem, Objective(request.objective), seed, progress=progress, cancel=cancel
        )
    if isinstance(placement, Impossible):
        error = impossible(placement.rules, placement.irreducible)
        named = RuleKind.MINIMUM if error is PlacementImpossible else RuleKind.LOCK
        raise error(sessions=_titles(inputs, placement.rules, named))
    if isinstance(placement, TooLarge):
        raise PlacementTooLarge(limit=placement.reason)
    places = building.run_places(inputs, request, problem, placement.places)
    return Proposal(
        event=event,
        request=request,
        seed=seed,
        kept=KeptOutcome(
            outcome_of(inputs, places, request),
            digests_of(inputs),
            isinstance(placement, Placement) and placement.proven,
        ),
        places=places,
        certificate=_certificate(inputs, problem, placement),
    )


async def keep(world: World, actor: Actor, proposal: Proposal) -> RunRecord:
    run_id = world.new_id()
    run, lines = _rows_of(world, actor, run_id, proposal)
    async with unit_of_work():
        await held(proposal.event.id)
        await run.save()
        for start in range(0, len(lines), ROWS_A_STATEMENT):
            await RunPlace.insert(*lines[start : start + ROWS_A_STATEMENT])
        await audit.record(
            world,
            actor,
            "assignment.proposed",
            body_id=proposal.event.body_id,
            event_id=proposal.event.id,
            object_id=run_id,
            objective=proposal.request.objective,
            seed=proposal.seed,
        )
        found = await run_by_id(run_id)
    assert found is not None  # noqa: S101 - written just above
    return found


def _rows_of(
    world: World, actor: Actor, run_id: UUID, proposal: Proposal
) -> tuple[AssignmentRun, list[RunPlace]]:
    kept = proposal.kept
    run = AssignmentRun(
        id=run_id,
        event=proposal.event.id,
        slot=proposal.request.slot or "",
        objective=proposal.request.objective,
        seed=str(proposal.seed),
        status=RunStatus.PROPOSED.value,
        inputs_digest=inputs_digest(kept.digests),
        request=msgspec.json.encode(proposal.request).decode(),
        outcome=msgspec.json.encode(kept).decode(),
        certificate=proposal.certificate.decode(),
        created_at=world.now(),
        created_by=actor.name,
    )
    lines = [
        RunPlace(
            id=world.new_id(),
            run=run_id,
            registration=place.registration_id,
            session=place.session_id,
            slot=place.slot,
            rank=place.rank,
            reason=place.reason,
            locked=place.locked,
        )
        for place in proposal.places
    ]
    return run, lines


async def run_for_editing(actor: Actor, run_id: UUID) -> tuple[RunRecord, EventRecord]:
    """Raises `NotFound` where there is no such run, or its event is another body's; `NotAllowed`."""
    run = await run_by_id(run_id)
    event = await event_by_id(run.event_id) if run else None
    if run is None or event is None or not may_read_registrations(actor, event):
        raise NotFound
    if not may_edit(actor, event):
        raise NotAllowed
    return run, event


def _titles(inputs: Inputs, rules: Sequence[Rule], kind: RuleKind) -> str:
    """The sessions that rules of this kind are about."""
    grid = building.grid_of(inputs)
    named = [rule for rule in rules if rule.kind is kind]
    titles = dict.fromkeys(cell.title for rule in named if (cell := grid.session[rule.workshop][rule.slot]))
    return ", ".join(f"“{title}”" for title in titles)


def _certificate(inputs: Inputs, problem: PlacementProblem, placement: Placement | Improved) -> bytes:
    if isinstance(placement, Improved) or placement.certificate is None:
        return b"null"
    grid = building.grid_of(inputs)
    return msgspec.json.encode(
        Certified(
            registrations=tuple(person.registration_id for person in inputs.people),
            sessions=tuple(tuple(cell.code if cell else None for cell in line) for line in grid.session),
            problem=problem,
            placement=msgspec.structs.replace(placement, seconds=0.0),
        )
    )


def _check(request: RunRequest, inputs: Inputs) -> None:
    errors = []
    if request.slot is not None and not inputs.sessions:
        errors.append(FieldError("/slot", "unknown", N_("No workshop of this event has this slot.")))
    if request.objective not in list(Objective):
        errors.append(FieldError("/objective", "unknown", N_("Please choose one of the values offered.")))
    errors += check_balance(request.balance)
    if request.seed is not None and not 0 <= request.seed <= MOST_SEED:
        message = N_("Please enter a whole number from {low} to {high}.")
        errors.append(FieldError("/seed", "range", message, {"low": 0, "high": MOST_SEED}))
    if errors:
        raise InvalidInput(errors)
