"""What a placement is worth, counted from the places alone."""

from collections.abc import Sequence

from events_app.matching.workshops.objectives import TOP, CostModel
from events_app.matching.workshops.problem import UNPLACED, PlacementProblem

Places = tuple[tuple[int, ...], ...]


def rank_counts(
    problem: PlacementProblem, places: Sequence[Sequence[int]]
) -> tuple[tuple[int, ...], int, int]:
    """Seats at each rank from the first, seats unplaced, seats in workshops that were not ranked."""
    counts = [0] * problem.ranks
    unplaced = unranked = 0
    for person, row in enumerate(places):
        for workshop in row:
            if workshop == UNPLACED:
                unplaced += 1
            elif workshop in problem.wishes[person]:
                counts[problem.rank(person, workshop) - 1] += 1
            else:
                unranked += 1
    return tuple(counts), unplaced, unranked


def person_cost(problem: PlacementProblem, model: CostModel, person: int, row: Sequence[int]) -> int:
    """What one person's places cost, the bonus for top wishes taken off."""
    cost, tops = 0, set[int]()
    for slot, workshop in enumerate(row):
        if workshop == UNPLACED:
            cost += model.unplaced(person, problem.slot_part(slot))
            continue
        rank = problem.rank(person, workshop)
        cost += model.seat(person, workshop, rank)
        part = problem.part(workshop)
        if rank <= TOP and not model.always_served(person, part):
            tops.add(part)
    return cost - model.top_bonus * len(tops)


def total_cost(problem: PlacementProblem, model: CostModel, places: Sequence[Sequence[int]]) -> int:
    """The cost of a whole placement."""
    return model.constant + sum(person_cost(problem, model, person, row) for person, row in enumerate(places))
