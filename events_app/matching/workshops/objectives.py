"""Objectives as lists of criteria, each minimised before the next, folded into one exact integer."""

from collections.abc import Callable, Iterable, Sequence

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
    """What seats cost: by rank, by the person's place in the draw, and for being new there.

    Weights dominate: one unit of a criterion outweighs every possible sum of those below it, so
    comparing two totals compares the criteria one after the other. `top_bonus` is taken off once for each
    part of the programme in which a person has a top wish. `constant` belongs to any total.

    Where places may be unranked (`named` is not empty), whoever is left out costs by every criterion as much
    as if at the rank behind the last that they named: else it would help to have named fewer. For the same
    reason whoever named fewer than TOP counts as served, whatever they get.
    """

    names: tuple[str, ...]
    weights: tuple[int, ...]
    by_rank: tuple[int, ...]
    empty: int
    priority: tuple[int, ...]
    known: tuple[frozenset[int], ...]
    new_place: int
    top_bonus: int
    constant: int
    named: tuple[dict[int, int], ...]

    def seat(self, person: int, workshop: int, rank: int) -> int:
        """What a seat at that rank (1 is best) costs, the bonus apart."""
        cost = self.by_rank[rank - 1] + self.priority[person] * rank
        if self.new_place and workshop not in self.known[person]:
            cost += self.new_place
        return cost

    def unplaced(self, person: int, part: int) -> int:
        """What an empty seat in a part of the programme costs."""
        if not self.named:
            return self.empty + self.priority[person] * (len(self.by_rank) + 1)
        named = self.named[person].get(part, 0)
        return self.empty + self.by_rank[named] + self.priority[person] * (named + 2)

    def always_served(self, person: int, part: int) -> bool:
        """Whether the guarantee does not ask what the person gets in that part."""
        return bool(self.named) and self.named[person].get(part, 0) < TOP

    def criteria(self, total: int) -> tuple[int, ...]:
        """A total (or a bound on it) as one number per criterion; the draw at the end is left out."""
        values = []
        for weight in self.weights:
            value, total = divmod(total, weight)
            values.append(value)
        return tuple(values)

    def shares(self, cost: int) -> tuple[int, ...]:
        """A cost without the constant, as one number per criterion: that of the guarantee is not above 0."""
        all_unserved = self.constant // self.top_bonus if self.top_bonus else 0
        values = zip(self.names, self.criteria(cost + self.constant), strict=True)
        return tuple(
            value - all_unserved if name == f"without_top_{TOP}" else value for name, value in values
        )

    def folded(self, values: Iterable[int]) -> int:
        """The least total with these criteria."""
        return sum(weight * value for weight, value in zip(self.weights, values, strict=True))


def _at_rank(rank: int) -> Criterion:
    return Criterion(f"rank_{rank}", lambda r: int(r == rank), 0)


def _beyond_rank(rank: int) -> Criterion:
    return Criterion(f"beyond_rank_{rank}", lambda r: int(r > rank), 1)


def _criteria(objective: Objective, worst: int, slots: int) -> list[Criterion]:
    if objective == Objective.GREEDY:
        return [_beyond_rank(rank) for rank in range(1, worst)]
    if objective == Objective.SQUARES or (objective == Objective.GUARANTEE and slots > 1):
        return [Criterion("squares", lambda r: r * r, 0)]
    return [_at_rank(rank) for rank in range(worst, 1, -1)]


def cost_model(problem: PlacementProblem, objective: Objective, order: Sequence[int]) -> CostModel:
    """Costs of `objective`; equal placements are told apart by `order`, the draw.

    The last criterion is the sum of rank x place from the end of the draw: of two people who could
    trade places at no other cost, the one drawn first has the better rank. Where the problem knows
    the places of today, fewest new ones come before the draw.
    """
    worst, slots, people = problem.worst_rank, problem.slots, problem.people
    seats = people * slots
    scale = _Scale((worst + 2) * slots * people * (people + 1) // 2)
    new_place = scale.add("new_places", seats) if problem.current else 0
    by_rank, empty = [0] * worst, 0
    for criterion in reversed(_criteria(objective, worst, slots)):
        costs = [criterion.seat_cost(rank) for rank in range(1, worst + 1)]
        weight = scale.add(criterion.name, seats * max(*costs, criterion.most))
        by_rank = [total + weight * cost for total, cost in zip(by_rank, costs, strict=True)]
        empty += 0 if problem.anywhere else weight * criterion.most
    top_bonus = 0
    if objective == Objective.GUARANTEE:
        top_bonus = scale.add(f"without_top_{TOP}", people * problem.part_count)
    empty += scale.add("unplaced", seats)
    named = _named(problem) if problem.anywhere else ()
    served = sum(count < TOP for counts in named for count in counts.values())
    priority = [0] * people
    for place, person in enumerate(order):
        priority[person] = people - place
    return CostModel(
        names=tuple(scale.names),
        weights=tuple(scale.weights),
        by_rank=tuple(by_rank),
        empty=empty,
        priority=tuple(priority),
        known=tuple(frozenset(row) for row in problem.current),
        new_place=new_place,
        top_bonus=top_bonus,
        constant=top_bonus * (people * problem.part_count - served),
        named=named,
    )


def _named(problem: PlacementProblem) -> tuple[dict[int, int], ...]:
    """For each person how many wishes in each part."""
    parts = sorted(set(problem.parts) or {0})
    return tuple({part: problem.named(person, part) for part in parts} for person in range(problem.people))


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
