"""Places that get better and never worse: what drop-outs leave goes to those who gain most by it.

Of all placements that are worse for nobody (`never_worse`) the best by the objective over all slots
together is wanted; of equal ones, one with the fewest new places, then the draw decides.

With several slots that is no flow: lists of what each person may have in each slot, together with "never
the same workshop twice", make it list colouring. So first slot after slot is made the best given the others,
until nothing changes; then the search looks for something better, or proves that there is nothing.
"""

import time
from collections.abc import Collection
from functools import cached_property
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from events_app.matching.workshops.assignment import search, solve
from events_app.matching.workshops.certificate import Refused, check_places
from events_app.matching.workshops.counting import person_cost, total_cost
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.never_worse import Places, Rows, Today, one_slot, restricted, today
from events_app.matching.workshops.objectives import CostModel, cost_model
from events_app.matching.workshops.problem import Infeasible, Objective, OutOfTime, PlacementProblem
from events_app.matching.workshops.proof import Proof

MOST_ROUNDS = 20
"""So often each slot is looked at again; two or three times do in practice."""

MOST_SEATS = 4_000
"""With more, one round of the slots has to do, unless there is time: see `thorough`."""

SEARCH_SECONDS = 5.0
"""At most so long the search may look beyond single slots."""


class Improvement(Struct, frozen=True):
    """Places that are worse for nobody. `proven`: of all such places none are better by the objective.

    `proof` convinces `certificate.check`, where there is one: as that of a placement of `restricted`.
    """

    places: Places
    proven: bool
    proof: Proof | None = None


class Best(Protocol):
    """The best places, and whether that is proven; raises as `assignment.solve`."""

    def __call__(
        self, problem: PlacementProblem, objective: Objective, *, seed: int, time_limit: float
    ) -> tuple[Places, bool]: ...


class Wider(Protocol):
    """Places of the whole problem, at least as good as those given, which are allowed."""

    def __call__(
        self, problem: PlacementProblem, objective: Objective, places: Places, *, seed: int, time_limit: float
    ) -> Improvement: ...


def best_places(
    problem: PlacementProblem, objective: Objective, *, seed: int, time_limit: float
) -> tuple[Places, bool]:
    """By the own flow."""
    placement = solve(problem, objective, seed=seed, time_limit=time_limit)
    return placement.places, placement.proven


def by_search(
    problem: PlacementProblem, objective: Objective, places: Places, *, seed: int, time_limit: float
) -> Improvement:
    """By branch and bound; as good as it finds in time."""
    order = drawn_order(problem.people, seed)
    model = cost_model(problem, objective, order)
    ends = time.perf_counter() + min(time_limit, SEARCH_SECONDS)
    found = search(problem, model, order, lambda: time.perf_counter() >= ends, start=places)
    better = found.places or places
    proven = found.bound >= total_cost(problem, model, better)
    return Improvement(better, proven, found.proof if proven else None)


def improvement(
    problem: PlacementProblem,
    current: Rows,
    absent: Collection[int] = (),
    objective: Objective = Objective.SQUARES,
    *,
    seed: int = 0,
    time_limit: float = 60.0,
    thorough: bool = False,
    best: Best = best_places,
    wider: Wider = by_search,
) -> Improvement:
    """Fill what became empty, without making anybody's place in any slot worse.

    Sessions that ran go on even where drop-outs took them below their minimum, and lose nobody more
    below it, unless everybody there gains. Locks never move; companions move together or not at all. Where
    the objective is a draw, which could take places from those who have them, squares decide instead.
    `thorough` looks beyond single slots even in a large problem.
    """
    large = problem.people * problem.slots > MOST_SEATS
    improving = _Improving(today(problem, current, absent), objective, seed, time_limit)
    found = improving.slot_by_slot(best, rounds=1 if large else MOST_ROUNDS)
    if found.proven or (large and not thorough):
        return found
    return improving.over_all_slots(found.places, best, wider)


class _Improving:
    """One improvement: what it costs, and how long it may take."""

    def __init__(self, now: Today, objective: Objective, seed: int, time_limit: float) -> None:
        self.now, self.seed = now, seed
        self.objective = Objective.SQUARES if objective == Objective.DRAW else objective
        self.ends = time.perf_counter() + time_limit

    @cached_property
    def model(self) -> CostModel:
        problem, order = self.now.problem, drawn_order(self.now.problem.people, self.seed)
        return cost_model(replace(problem, current=self.now.rows), self.objective, order)

    def left(self) -> float:
        return max(self.ends - time.perf_counter(), 0.1)

    def gain(self, before: Rows, after: Rows) -> int:
        """How much less the second costs."""
        problem, model = self.now.problem, self.model
        return sum(
            person_cost(problem, model, person, old) - person_cost(problem, model, person, new)
            for person, (old, new) in enumerate(zip(before, after, strict=True))
            if old != new
        )

    def slot_by_slot(self, best: Best, rounds: int, start: Places | None = None) -> Improvement:
        """Each slot the best that it can be given the others; where there is one slot, the best of all."""
        slots = self.now.problem.slots
        rows, proven, unchanged = start or self.now.rows, True, 0
        for turn in range(rounds * slots):
            places, sure = self._given_the_others(best, rows, turn % slots)
            better = (sure and turn < slots) or self.gain(rows, places) > 0
            unchanged = 1 if better and places != rows else unchanged + 1
            rows, proven = places if better else rows, proven and sure
            if unchanged >= slots or time.perf_counter() >= self.ends:
                break
        return Improvement(rows, proven and slots == 1)

    def _given_the_others(self, best: Best, rows: Places, slot: int) -> tuple[Places, bool]:
        seconds = self.left() / (self.now.problem.slots + 1)
        try:
            problem = one_slot(self.now, rows, slot)
            places, sure = best(problem, self.objective, seed=self.seed, time_limit=seconds)
        except (Infeasible, OutOfTime):
            return rows, False  # drop-outs broke a rule that no move mends: everybody stays
        moved = zip(rows, places, strict=True)
        return tuple((*row[:slot], workshop, *row[slot + 1 :]) for row, (workshop,) in moved), sure

    def over_all_slots(self, rows: Places, best: Best, wider: Wider) -> Improvement:
        """Something better, or the proof that there is nothing."""
        whole = restricted(self.now)
        try:
            check_places(whole, rows)
        except Refused:
            return Improvement(rows, False)  # a rule of today is broken already
        found = wider(whole, self.objective, rows, seed=self.seed, time_limit=self.left())
        if found.places == rows:
            return found
        # HiGHS does not know of the draw.
        drawn = self.slot_by_slot(best, 1, found.places).places
        return replace(found, places=drawn if self.gain(found.places, drawn) > 0 else found.places)
