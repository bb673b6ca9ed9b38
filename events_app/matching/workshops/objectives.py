"""Objectives as lists of criteria, each minimised before the next, folded into one exact integer."""

from collections.abc import Callable, Iterator

from msgspec import Struct

from events_app.matching.workshops.problem import Objective, PlacementProblem

TOP = 2
"""Somebody with one of their first TOP wishes is well served by the guarantee."""


class Criterion(Struct, frozen=True):
    """One thing counted over all seats; `seat_cost(rank)` with rank 1 best, `most` for an empty seat."""

    name: str
    seat_cost: Callable[[int], int]
    most: int


class CostModel(Struct, frozen=True):
    """What a seat costs: `seat[person][rank - 1]`, `unplaced[person]`, and `top_bonus` off, once a person.

    Weights dominate: one unit of a criterion outweighs every possible sum of those below it, so
    comparing two totals compares the criteria one after the other. `constant` belongs to any total.
    """

    names: tuple[str, ...]
    weights: tuple[int, ...]
    seat: tuple[tuple[int, ...], ...]
    unplaced: tuple[int, ...]
    top_bonus: int
    constant: int

    def criteria(self, total: int) -> tuple[int, ...]:
        """A total (or a bound on it) as one number per criterion; the draw at the end is left out."""
        values = []
        for weight in self.weights:
            value, total = divmod(total, weight)
            values.append(value)
        return tuple(values)


def _at_rank(rank: int) -> Criterion:
    return Criterion(f"rank_{rank}", lambda r: int(r == rank), 0)


def _beyond_rank(rank: int) -> Criterion:
    return Criterion(f"beyond_rank_{rank}", lambda r: int(r > rank), 1)


def _criteria(objective: Objective, problem: PlacementProblem) -> list[Criterion]:
    ranks, slots, has_unranked = max(problem.ranks, 1), problem.slots, problem.has_unranked
    squares = [Criterion("squares", lambda r: r * r, 0)]
    if objective == Objective.GREEDY:
        return [_beyond_rank(rank) for rank in range(1, ranks + has_unranked)]
    several = slots > 1 or bool(problem.elsewhere)
    if objective == Objective.SQUARES or (objective == Objective.GUARANTEE and several):
        return squares
    return [_at_rank(rank) for rank in range(ranks + has_unranked, 1, -1)]


def cost_model(
    problem: PlacementProblem, objective: Objective, order: tuple[int, ...], exchanged: int | None = None
) -> CostModel:
    """Costs of `objective`; equal placements are told apart by `order`, the draw.

    The last criterion is the sum of rank x place from the end of the draw: of two people who could
    trade places at no other cost, the one drawn first has the better rank. Where the problem knows
    the places of today, fewest new ones come before the draw.

    With `exchanged` the weights only dominate between placements that differ in so many seats: far
    smaller numbers, but only such differences mean anything, totals do not.
    """
    ranks, slots, people = max(problem.ranks, 1), problem.slots, problem.people
    seats = people * slots if exchanged is None else exchanged
    drawn = slots * people * (people + 1) // 2 if exchanged is None else exchanged * people
    scale = _Scale((ranks + 2) * drawn)
    new_place = scale.add("new_places", seats) if problem.current else 0
    by_rank, empty = [0] * (ranks + 1), 0
    for criterion in reversed(_criteria(objective, problem)):
        costs = [criterion.seat_cost(rank) for rank in range(1, ranks + 2)]
        weight = scale.add(criterion.name, seats * max(*costs, criterion.most))
        by_rank = [total + weight * cost for total, cost in zip(by_rank, costs, strict=True)]
        empty += weight * criterion.most
    top_bonus = scale.add(f"without_top_{TOP}", min(people, seats)) if objective == Objective.GUARANTEE else 0
    empty += scale.add("unplaced", seats)
    not_assured = scale.add("assured_unplaced", seats) if problem.assured else 0
    priority = {person: people - place for place, person in enumerate(order)}
    return CostModel(
        names=tuple(scale.names),
        weights=tuple(scale.weights),
        seat=tuple(_seats(problem, priority, by_rank, new_place, top_bonus)),
        unplaced=tuple(
            empty + priority[p] * (ranks + 2) + (not_assured if p in problem.assured else 0)
            for p in range(people)
        ),
        top_bonus=top_bonus,
        constant=top_bonus * people,
    )


def _seats(
    problem: PlacementProblem, priority: dict[int, int], by_rank: list[int], new_place: int, top_bonus: int
) -> Iterator[tuple[int, ...]]:
    """For each person what each rank costs."""
    anew = [cost + new_place for cost in by_rank]
    for person, wishes in enumerate(problem.wishes):
        first = priority[person]
        costs = [cost + first * rank for rank, cost in enumerate(anew, start=1)]
        if top_bonus and problem.elsewhere and _served(problem, person):
            costs[:TOP] = [cost + top_bonus for cost in costs[:TOP]]
        if problem.current:
            known = problem.current[person]
            for rank, workshop in enumerate(wishes):
                if workshop in known:
                    costs[rank] -= new_place
        yield tuple(costs)


def _served(problem: PlacementProblem, person: int) -> bool:
    """Whether the person has one of their first wishes in another slot."""
    return any(workshop in problem.wishes[person][:TOP] for workshop in problem.elsewhere[person])


class _Scale:
    """Weights from the last criterion up, each above all that the ones below can come to together."""

    def __init__(self, most: int) -> None:
        self.names: list[str] = []
        self.weights: list[int] = []
        self._next = most + 1

    def add(self, name: str, most: int) -> int:
        weight = self._next
        self.names.insert(0, name)
        self.weights.insert(0, weight)
        self._next = weight * (most + 1)
        return weight
