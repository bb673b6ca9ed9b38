"""Objectives as lists of criteria, each minimised before the next, folded into one exact integer."""

from collections.abc import Callable

from msgspec import Struct

from events_app.features.workshops.problem import Objective, PlacementProblem

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
    if objective == Objective.SQUARES or (objective == Objective.GUARANTEE and slots > 1):
        return squares
    return [_at_rank(rank) for rank in range(ranks + has_unranked, 1, -1)]


def cost_model(problem: PlacementProblem, objective: Objective, order: tuple[int, ...]) -> CostModel:
    """Costs of `objective`; equal placements are told apart by `order`, the draw.

    The last criterion is the sum of rank x place from the end of the draw: of two people who could
    trade places at no other cost, the one drawn first has the better rank.
    """
    ranks, slots, people = max(problem.ranks, 1), problem.slots, problem.people
    criteria = _criteria(objective, problem)
    worst_seat = [max([c.seat_cost(r) for r in range(1, ranks + 2)] + [c.most]) for c in criteria]
    guarantee = objective == Objective.GUARANTEE
    priority = [0] * people
    for place, person in enumerate(order):
        priority[person] = people - place
    weight = slots * (ranks + 2) * people * (people + 1) // 2 + 1
    weights = []
    for worst in reversed(worst_seat):
        weights.append(weight)
        weight *= people * slots * worst + 1
    top_bonus = weight if guarantee else 0
    if guarantee:
        weights.append(weight)
        weight *= people + 1
    weights = [weight, *reversed(weights)]
    names = ["unplaced", *(["without_top_2"] if guarantee else []), *(c.name for c in criteria)]
    own = weights[2:] if guarantee else weights[1:]
    by_rank = [
        sum(w * c.seat_cost(r) for w, c in zip(own, criteria, strict=True)) for r in range(1, ranks + 2)
    ]
    empty = weights[0] + sum(w * c.most for w, c in zip(own, criteria, strict=True))
    return CostModel(
        names=tuple(names),
        weights=tuple(weights),
        seat=tuple(
            tuple(cost + priority[p] * (rank + 1) for rank, cost in enumerate(by_rank)) for p in range(people)
        ),
        unplaced=tuple(empty + priority[p] * (ranks + 2) for p in range(people)),
        top_bonus=top_bonus,
        constant=top_bonus * people,
    )
