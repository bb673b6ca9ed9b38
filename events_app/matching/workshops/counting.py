"""What a placement is worth, counted from the places alone."""

from collections.abc import Sequence

from events_app.matching.workshops.objectives import TOP, CostModel
from events_app.matching.workshops.problem import UNPLACED, PlacementProblem

Places = Sequence[Sequence[int]]


def rank_counts(problem: PlacementProblem, places: Places) -> tuple[tuple[int, ...], int, int]:
    """Seats at each rank from the first, seats unplaced, seats in workshops that were not ranked."""
    counts = [0] * problem.ranks
    unplaced = unranked = 0
    for wishes, row in zip(problem.wishes, places, strict=True):
        for workshop in row:
            if workshop == UNPLACED:
                unplaced += 1
            elif workshop in wishes:
                counts[wishes.index(workshop)] += 1
            else:
                unranked += 1
    return tuple(counts), unplaced, unranked


def person_cost(problem: PlacementProblem, model: CostModel, person: int, row: Sequence[int]) -> int:
    """What one person's places cost; a workshop that was not ranked counts as just behind the last rank."""
    wishes, cost = problem.wishes[person], model.top_bonus
    for workshop in row:
        if workshop == UNPLACED:
            cost += model.unplaced[person]
        else:
            cost += model.seat[person][wishes.index(workshop) if workshop in wishes else problem.ranks]
    if any(workshop in wishes[:TOP] for workshop in row):
        cost -= model.top_bonus
    return cost


def total_cost(problem: PlacementProblem, model: CostModel, places: Places) -> int:
    """The cost of a whole placement."""
    return sum(person_cost(problem, model, person, row) for person, row in enumerate(places))
