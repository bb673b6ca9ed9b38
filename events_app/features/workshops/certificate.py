"""Checks that a placement obeys every rule and that none can be better. Knows nothing of any solver.

The bound is Lagrangian: give each session a price per seat, let every person take what is cheapest
for them alone, and take the value of the seats off again. Whatever the prices, no placement can cost
less than that; for the right prices the bound is the cost (Geoffrion 1974). A `Split` adds a case
distinction, each case with prices of its own.
"""

from collections.abc import Sequence

from events_app.features.workshops.counting import Places, rank_counts, session_sizes, total_cost
from events_app.features.workshops.draw import drawn_order
from events_app.features.workshops.objectives import TOP, CostModel, cost_model
from events_app.features.workshops.problem import (
    UNPLACED,
    Placement,
    PlacementProblem,
    Prices,
    Proof,
    Split,
)

Session = tuple[int, int]


class Refused(ValueError):
    """The placement or its certificate is wrong; the message says where, for engineers."""


def check(problem: PlacementProblem, placement: Placement) -> None:
    """Raise `Refused` unless the placement is allowed and, where it says so, proven to be the best."""
    check_places(problem, placement.places)
    counts, unplaced, unranked = rank_counts(problem, placement.places)
    if (counts, unplaced, unranked) != (placement.rank_counts, placement.unplaced, placement.unranked):
        raise Refused("rank_counts: do not agree with the places")
    model = cost_model(problem, placement.objective, drawn_order(problem.people, placement.seed))
    total = total_cost(problem, model, placement.places)
    if model.criteria(total) != placement.value:
        raise Refused("value: does not agree with the places")
    if not placement.proven:
        return
    if placement.bound != placement.value:
        raise Refused("bound: proven, and still not the value")
    if placement.certificate is None:
        raise Refused("certificate: proven without one")
    lower = proven_bound(problem, model, placement.certificate)
    if lower < total:
        raise Refused(f"certificate: proves {lower}, which is less than {total}")


def check_places(problem: PlacementProblem, places: Places) -> None:
    """Raise `Refused` unless every rule of the problem holds."""
    if [len(row) for row in places] != [problem.slots] * problem.people:
        raise Refused("places: one workshop for each person and slot is needed")
    locked = {(lock.person, lock.slot): lock.workshop for lock in problem.locks}
    for person, row in enumerate(places):
        seated = [workshop for workshop in row if workshop != UNPLACED]
        if len(set(seated)) < len(seated):
            raise Refused(f"places[{person}]: the same workshop twice")
        for slot, workshop in enumerate(row):
            by_hand = locked.get((person, slot))
            if by_hand is not None and by_hand != workshop:
                raise Refused(f"places[{person}][{slot}]: locked to {by_hand}")
            free = workshop == UNPLACED or by_hand is not None or person in problem.anywhere
            if not free and workshop not in problem.wishes[person]:
                raise Refused(f"places[{person}][{slot}]: not wished for")
    for workshop, row in enumerate(session_sizes(problem, places)):
        for slot, size in enumerate(row):
            if size > problem.capacity[workshop][slot]:
                raise Refused(f"session {workshop}, {slot}: {size} people, too many")
            if 0 < size < problem.least(workshop, slot):
                raise Refused(f"session {workshop}, {slot}: {size} people, below the minimum")


def proven_bound(problem: PlacementProblem, model: CostModel, proof: Proof) -> int:
    """A number that no allowed placement can cost less than."""
    lowest: int | None = None
    cases: list[tuple[Proof, frozenset[Session], frozenset[Session]]] = [(proof, frozenset(), frozenset())]
    while cases:
        case, closed, running = cases.pop()
        if isinstance(case, Split):
            session = (case.workshop, case.slot)
            cases.append((case.closed, closed | {session}, running))
            cases.append((case.running, closed, running | {session}))
            continue
        bound = price_bound(problem, model, case, closed, running)
        lowest = bound if lowest is None else min(lowest, bound)
    if lowest is None:  # pragma: no cover - the list of cases starts with one
        raise Refused("certificate: empty")
    return lowest


def price_bound(
    problem: PlacementProblem,
    model: CostModel,
    prices: Prices,
    closed: frozenset[Session] = frozenset(),
    running: frozenset[Session] = frozenset(),
) -> int:
    """No placement that keeps these sessions closed and running costs less than this."""
    bound = 0
    running |= {(lock.workshop, lock.slot) for lock in problem.locks}
    for session in problem.sessions():
        workshop, slot = session
        price = prices.seat[workshop][slot]
        if session in closed:
            continue
        if price >= 0:
            bound -= price * problem.seats(workshop, slot)
        elif session in running:
            bound -= price * problem.least(workshop, slot)
        else:
            raise Refused(f"certificate: a negative price for session {session}, which need not run")
    locked: dict[int, dict[int, int]] = {}
    for lock in problem.locks:
        locked.setdefault(lock.person, {})[lock.slot] = lock.workshop
    for person in range(problem.people):
        bound += _cheapest(problem, model, person, prices.seat, closed, locked.get(person, {}))
    return bound


def _cheapest(
    problem: PlacementProblem,
    model: CostModel,
    person: int,
    prices: Sequence[Sequence[int]],
    closed: frozenset[Session],
    locked: dict[int, int],
) -> int:
    """What this person alone would pay at least, over all ways to fill their slots."""
    wishes = problem.wishes[person]
    ranked = {workshop: rank for rank, workshop in enumerate(wishes)}
    choices: list[list[tuple[int, int, bool]]] = []
    for slot in range(problem.slots):
        if slot in locked:
            workshop = locked[slot]
            cost = model.seat[person][ranked.get(workshop, problem.ranks)] + prices[workshop][slot]
            choices.append([(cost, workshop, ranked.get(workshop, TOP) < TOP)])
            continue
        offered = [
            (model.seat[person][rank] + prices[workshop][slot], workshop, rank < min(TOP, len(wishes)))
            for workshop, rank in problem.choices(person)
            if problem.seats(workshop, slot) > 0 and (workshop, slot) not in closed
        ]
        choices.append(sorted([*offered, (model.unplaced[person], UNPLACED, False)]))
    # Without any rule the rest cannot cost less than each slot's cheapest choice and the whole bonus.
    rest = [0] * (len(choices) + 1)
    for slot in range(len(choices) - 1, -1, -1):
        rest[slot] = rest[slot + 1] + choices[slot][0][0]
    best: int | None = None

    def explore(slot: int, cost: int, taken: tuple[int, ...], top: bool) -> None:
        nonlocal best
        if best is not None and cost + rest[slot] - (0 if top else model.top_bonus) >= best:
            return
        if slot == len(choices):
            best = cost
            return
        for more, workshop, is_top in choices[slot]:
            if workshop == UNPLACED or workshop not in taken:
                bonus = model.top_bonus if is_top and not top else 0
                explore(slot + 1, cost + more - bonus, (*taken, workshop), top or is_top)

    explore(0, model.top_bonus, (), False)
    if best is None:
        raise Refused(f"person {person}: the locks leave no choice")
    return best
