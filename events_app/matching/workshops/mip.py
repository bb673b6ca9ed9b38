"""The placement as a mixed-integer program, for what no flow can see; needs HiGHS (`convive[solvers]`).

Linear programs say how good each criterion can be at best (`refuting`); HiGHS looks for places that are
as good. Where it finds them, the dual values are the proof. Where it does not, the criteria are minimised
one after the other, the earlier ones held at their best: weights that fold them into one number would be
beyond what floating point tells apart. Only for worker processes.
"""

from collections.abc import Callable
from math import ceil, isfinite
from typing import Literal

from msgspec import Struct

from events_app.matching.workshops.objectives import cost_model
from events_app.matching.workshops.problem import Objective, PlacementProblem
from events_app.matching.workshops.program import Program, Row
from events_app.matching.workshops.proof import Contradiction, Refutation, Refutations
from events_app.matching.workshops.refuting import Refuter
from events_app.matching.workshops.relaxation import load

Places = tuple[tuple[int, ...], ...]

_GUIDE = (1000, 100, 1)
"""Weights of the first criterion, those between, and the last, where all count at once."""

CERTIFYING_SECONDS = 1.5
"""At least so long a proof is looked for where HiGHS alone says that nothing is better."""


class Solved(Struct, frozen=True):
    """The best places found, and a bound on the value; `proof` shows the bound, else HiGHS says so."""

    places: Places | None
    bound: tuple[int, ...]
    proof: Refutations | None


def solve(
    program: Program,
    start: Places | None,
    *,
    seed: int,
    time_left: Callable[[], float],
    improved: Callable[[Solved], None] = lambda _solved: None,
) -> Solved:
    """The best places by one criterion after the other; `improved` hears of each step on the way.

    Places None: there are none, or none in time. The bound is the value where that is proven.
    """
    if not program.columns:
        return Solved(program.places([]), program.constant, _settled(program))
    return _Minimising(program, start, seed, time_left, improved).run()


def _settled(program: Program) -> Refutations:
    """Where nothing is to be decided, that it could be better contradicts itself."""
    aims = range(len(program.rows), len(program.rows) + len(program.levels))
    return Refutations(tuple(Refutation((), Contradiction(((aim, 1),))) for aim in aims))


class _Minimising:
    def __init__(
        self,
        program: Program,
        start: Places | None,
        seed: int,
        time_left: Callable[[], float],
        improved: Callable[[Solved], None],
    ) -> None:
        self.program, self.best, self.seed = program, start, seed
        self.time_left, self.improved = time_left, improved
        self.started, self.levels = time_left(), len(program.levels)
        self.bound: tuple[int, ...] = (0,) * self.levels
        self.proof: Refutations | None = None

    def run(self) -> Solved:
        refuter = Refuter(self.program, self.time_left)
        self._lower(refuter)
        if self.proof is not None and len(self.proof.of) == self.levels:
            self._sharpen(refuter)
        if not self._proven():
            self._go_on(refuter.cut_rows)
        return self._solved()

    def _proven(self) -> bool:
        return self.proof is not None and self.value() == self.bound

    def _go_on(self, cuts: list[Row]) -> None:
        value = self.value()
        if value is None or value[:-1] != self.bound[:-1]:
            self._all_at_once(cuts)
        self._in_turn(cuts)

    def value(self) -> tuple[int, ...] | None:
        return None if self.best is None else self.program.value_of(self.best)

    def _solved(self) -> Solved:
        return Solved(self.best, self.bound, self.proof)

    def _lower(self, refuter: Refuter) -> None:
        """A proven bound: each criterion at its least, the earlier ones at theirs."""
        best = self.value()
        for level in range(self.levels):
            as_good = best is not None and best[:level] == tuple(refuter.value)
            least = refuter.bound(best[level] if best is not None and as_good else None)
            if least is None or not refuter.refute(least, branching=False):
                break
            self._prove(refuter)

    def _prove(self, refuter: Refuter) -> None:
        self.bound = (*refuter.value, *[0] * (self.levels - len(refuter.value)))
        self.proof = refuter.proof()
        self.improved(self._solved())

    def _sharpen(self, refuter: Refuter) -> None:
        """The last criterion again, with cuts that take longer; they may leave nothing to search."""
        value = self.value()
        if value != self.bound:
            refuter.retract()
            refuter.deepen(self.time_left() / 3)
            as_good = value is not None and value[:-1] == self.bound[:-1]
            least = refuter.bound(value[-1] if value is not None and as_good else None)
            if least is None or not refuter.refute(least, branching=False):
                return
            self._prove(refuter)
            if refuter.whole():
                self._offer(self.program.places(refuter.values))
        if not self._proven():
            self._reach(refuter.binding())

    def _reach(self, cuts: list[Row]) -> None:
        """Places as good as the bound."""
        held = [self.program.criterion(level, least) for level, least in enumerate(self.bound)]
        self._minimise([*cuts, *held], self.program.levels[-1], self.time_left() / 3)

    def _know(self, held: tuple[int, ...], least: int) -> None:
        """That the next criterion cannot be less than `least` and its constant, as HiGHS says."""
        level, value = len(held), self.value()
        if value is None:
            return
        least = max(min(least + self.program.constant[level], value[level]), 0)
        known = (*held, least, *[0] * (self.levels - level - 1))
        if known > self.bound:
            self.bound, self.proof = known, None
            self.improved(self._solved())

    def _all_at_once(self, cuts: list[Row]) -> None:
        """By a weighted sum: good places soon."""
        costs: dict[int, int] = {}
        for level, of in enumerate(self.program.levels):
            weight = _GUIDE[0 if level == 0 else 1 if level < self.levels - 1 else 2]
            for column, cost in of.items():
                costs[column] = costs.get(column, 0) + weight * cost
        self._minimise(cuts, costs, self.time_left() / 3)

    def _in_turn(self, cuts: list[Row]) -> None:
        """Each criterion as good as can be, the earlier ones held, and a proof of that."""
        held: tuple[int, ...] = ()
        for level in range(self.levels):
            value = self.value()
            if value is None or value[: level + 1] != self.bound[: level + 1]:
                rows = [*cuts, *(self.program.criterion(one, least) for one, least in enumerate(held))]
                seconds = self.time_left() / (self.levels - level + 1)
                self._know(held, self._minimise(rows, self.program.levels[level], seconds))
                value = self.value()
            if value is None or value[level] != self.bound[level]:
                return
            held = (*held, value[level])
        self._certify(held)

    def _certify(self, value: tuple[int, ...]) -> None:
        """What HiGHS says to be the least, case by case: a fifth as long again as that took, if need be."""
        until = self.time_left() - max((self.started - self.time_left()) / 5, CERTIFYING_SECONDS)
        refuter = Refuter(self.program, lambda: self.time_left() - max(until, 0.0))
        refuter.deepen(self.time_left())
        if all(refuter.refute(least) for least in value):
            self._prove(refuter)

    def _minimise(self, rows: list[Row], costs: dict[int, int], seconds: float) -> int:
        """A bound on the sum of costs, the least itself where HiGHS is done. Betters `best` on the way."""
        program = self.program
        found, bound = _run([*program.rows, *rows], program, costs, self.best, seconds, self.seed)
        if found is not None:
            self._offer(found)
        return bound

    def _offer(self, places: Places) -> None:
        value = self.value()
        if value is None or self.program.value_of(places) < value:
            self.best = places
            self.improved(self._solved())


def possible(problem: PlacementProblem, *, seconds: float) -> Places | Literal[False] | None:
    """Some places, whatever they are worth; False: there are none; None: undecided in this time."""
    import highspy

    order = tuple(range(problem.people))
    program = Program(problem, cost_model(problem, Objective.SQUARES, order))
    if not program.columns:
        return None
    highs = load(program.rows, program.columns, integer=True)
    highs.setOptionValue("time_limit", max(seconds, 0.01))
    highs.run()
    if highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return False
    if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return program.places(highs.getSolution().col_value)


def _run(
    rows: list[Row], program: Program, costs: dict[int, int], start: Places | None, seconds: float, seed: int
) -> tuple[Places | None, int]:
    """The places that HiGHS finds within a time, and its bound on the sum of their costs."""
    import highspy

    highs = load(rows, program.columns, integer=True, seed=seed)
    every = list(range(program.columns))
    highs.changeColsCost(len(every), every, [float(costs.get(column, 0)) for column in every])
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = [float(value) for value in program.point(start)]
        highs.setSolution(solution)
    highs.setOptionValue("time_limit", max(seconds, 0.01))
    highs.run()
    info = highs.getInfo()
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    bound = info.mip_dual_bound
    least = ceil(bound - 1e-6) if isfinite(bound) else -sum(abs(cost) for cost in costs.values())
    return program.places(highs.getSolution().col_value) if feasible else None, least
