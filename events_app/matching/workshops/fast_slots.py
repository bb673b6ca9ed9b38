"""`slots.py` with OR-tools (`convive[solvers]`): who goes when, by one small flow for each slot but the last.

Only for worker processes, as `fast_flow`, and for workshops that are alike in every slot.
"""

from collections.abc import Mapping, Sequence

from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from events_app.matching.workshops.problem import UNPLACED, PlacementProblem

Places = tuple[tuple[int, ...], ...]


def places(
    problem: PlacementProblem, locked: Mapping[int, int], held: Sequence[Sequence[int]]
) -> Places | None:
    """Each workshop in some slot, those `locked` in the first; None where a minimum is not met."""
    rows = [[UNPLACED] * problem.slots for _ in range(problem.people)]
    for person, workshop in locked.items():
        rows[person][0] = workshop
    left = [list(workshops) for workshops in held]
    for slot in range(problem.slots):
        going = _going(problem, left, slot)
        if going is None:
            return None
        for person, workshop in going:
            rows[person][slot] = workshop
            left[person].remove(workshop)
        sizes = [0] * problem.workshops
        for row in rows:
            if row[slot] != UNPLACED:
                sizes[row[slot]] += 1
        if any(0 < size < problem.least(workshop, slot) for workshop, size in enumerate(sizes)):
            return None
    return tuple(map(tuple, rows))


def _going(problem: PlacementProblem, left: list[list[int]], slot: int) -> list[tuple[int, int]] | None:
    """(person, workshop) in this slot, so that the later slots can hold what is left then.

    Whoever has as many workshops left as slots must go now. None: that cannot be.
    """
    later = problem.slots - slot - 1
    pairs = [(person, workshop) for person, workshops in enumerate(left) for workshop in workshops]
    if later == 0:
        return pairs
    bounds = _sizes(problem, left, slot)
    if any(low > high for low, high in bounds):
        return None
    flow = _flow(problem, left, slot, bounds)
    if flow.solve() != flow.OPTIMAL:
        return None
    taken = [pair for arc, pair in enumerate(pairs) if flow.flow(arc)]
    sizes, gone = [0] * problem.workshops, set()
    for person, workshop in taken:
        sizes[workshop] += 1
        gone.add(person)
    stuck = any(len(workshops) > later and p not in gone for p, workshops in enumerate(left))
    short = any(size < low for size, (low, _) in zip(sizes, bounds, strict=True))
    return None if stuck or short else taken


def _flow(
    problem: PlacementProblem, left: list[list[int]], slot: int, bounds: list[tuple[int, int]]
) -> SimpleMinCostFlow:
    """Its first arcs are who may go where, in the order of `left`."""
    people, end = problem.people, problem.people + problem.workshops
    must = 2 * sum(map(len, left)) + 1  # dearer than all else together
    flow = SimpleMinCostFlow()
    add = flow.add_arc_with_capacity_and_unit_cost
    for person, workshops in enumerate(left):
        today = problem.current[person] if problem.current else ()
        for workshop in workshops:
            cost = 0
            if workshop in today:
                cost = (workshop in today[slot + 1 :]) - (today[slot] == workshop)
            add(person, people + workshop, 1, cost)
    going = 0
    for person, workshops in enumerate(left):
        if workshops:
            add(person, end, 1, must if len(workshops) >= problem.slots - slot else 0)
            flow.set_node_supply(person, 1)
            going += 1
    for workshop, (low, high) in enumerate(bounds):
        add(people + workshop, end, low, -must)
        add(people + workshop, end, high - low, 0)
    flow.set_node_supply(end, -going)
    return flow


def _sizes(problem: PlacementProblem, left: list[list[int]], slot: int) -> list[tuple[int, int]]:
    """The least and most of each workshop in this slot. Even sizes, unless people are there already:
    then staying matters more."""
    later = problem.slots - slot - 1
    degree = [0] * problem.workshops
    for workshops in left:
        for workshop in workshops:
            degree[workshop] += 1
    if not problem.current:
        return [(count // (later + 1), -(-count // (later + 1))) for count in degree]
    bounds = []
    for workshop, count in enumerate(degree):
        seats = problem.seats(workshop, slot)
        least = problem.least(workshop, slot) if count else 0
        bounds.append((max(least, count - seats * later), min(seats, count - least * later)))
    return bounds
