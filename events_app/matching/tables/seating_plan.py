"""A tables problem, its plan, and how plans are measured."""

from fractions import Fraction

from msgspec import Struct

from events_app.matching.tables.annealing import Seats
from events_app.matching.tables.bounds import Bounds, pairs_of


class TablesProblem(Struct, frozen=True, kw_only=True):
    """`organisation[p]` below 0 means none. `announced` rounds stay as they are and count as met.

    `hosts` are (person, table): they stay at that table. `away` take part in no further round; people
    who are in no announced round are late joiners.
    """

    people: int
    tables: int
    rounds: int
    organisation: tuple[int, ...] | None = None
    hosts: tuple[tuple[int, int], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    wishes: tuple[tuple[int, int], ...] = ()
    announced: tuple[tuple[tuple[int, ...], ...], ...] = ()
    away: tuple[int, ...] = ()


class Measure(Struct, frozen=True, order=True):
    """What a plan costs, in the order of the goals: the smaller, the better."""

    apart_broken: int
    same_organisation: int
    wishes_missed: int
    repeats: int
    lost_pairs: int
    """Distinct pairs fewer than meetings: company - distinct."""


GOOD_RATIO = Fraction(97, 100)
"""Of the distinct pairs that the bound allows."""


class TablesPlan(Struct, frozen=True):
    rounds: Seats
    measure: Measure
    distinct: int
    bounds: Bounds

    @property
    def proven(self) -> bool:
        """No plan is better, goal by goal."""
        costs, least = self.measure, self.bounds
        kept = costs.apart_broken == costs.wishes_missed == 0
        fewest = costs.same_organisation <= least.same_organisation and costs.repeats <= least.repeats
        return kept and fewest and self.distinct >= least.distinct

    @property
    def good(self) -> bool:
        return self.distinct >= GOOD_RATIO * self.bounds.distinct

    @property
    def ratio(self) -> float:
        return self.distinct / self.bounds.distinct if self.bounds.distinct else 1.0


def measure(problem: TablesProblem, seats: Seats) -> tuple[Measure, int]:
    """The plan's costs and its number of distinct pairs, counted afresh."""
    met: dict[tuple[int, int], int] = {}
    for tables in seats:
        for table in tables:
            for i, p in enumerate(table):
                for q in table[:i]:
                    pair = (p, q) if p < q else (q, p)
                    met[pair] = met.get(pair, 0) + 1
    group = problem.organisation
    same = 0
    if group:
        same = sum(m for (p, q), m in met.items() if group[p] == group[q] >= 0)
    company = sum(met.values())
    costs = Measure(
        apart_broken=sum(met.get((min(p, q), max(p, q)), 0) for p, q in problem.apart),
        same_organisation=same,
        wishes_missed=sum((min(p, q), max(p, q)) not in met for p, q in problem.wishes),
        repeats=sum(map(pairs_of, met.values())),
        lost_pairs=company - len(met),
    )
    return costs, len(met)
