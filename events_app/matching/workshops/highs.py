"""HiGHS minimises the criteria of a `Model` one after the other, each held at its best for the next.

In turn, since weights that fold them into one number would be beyond what floating point tells apart. HiGHS
gives Python's lock away while it works, so a thread may wait for it; importing it brings numpy.
"""

import time
from collections.abc import Callable, Sequence
from math import ceil, isfinite
from typing import Any

from msgspec import Struct

from events_app.matching.workshops.counting import Places
from events_app.matching.workshops.model import Model, Row

INFINITY = float("inf")


class Solved(Struct, frozen=True):
    """The best places found (None: none), and what no placement is below, criterion by criterion.

    `closed`: there are none below those, or `impossible`: none at all."""

    places: Places | None
    bound: tuple[int, ...]
    closed: bool
    impossible: bool = False


class Solver:
    """One model in HiGHS, which keeps its rows from one criterion to the next."""

    def __init__(
        self, model: Model, *, seed: int, time_left: Callable[[], float], stopped: Callable[[], bool]
    ) -> None:
        self.model, self.time_left, self.stopped = model, time_left, stopped
        self.highs = _load(model, seed)
        self.heard: Callable[[list[float] | None, float], None] = lambda _values, _bound: None

    def hold(self, row: Row) -> None:
        """One more row from here on."""
        if row.of:
            self.highs.addRow(
                -INFINITY, float(row.most), len(row.of), list(row.of), [float(n) for n in row.of.values()]
            )

    def minimise(
        self, costs: dict[int, int], seconds: float, start: Places | None
    ) -> tuple[Places | None, float, bool]:
        """The best places by these costs, a bound on them, and whether HiGHS came to its end.

        No places, and an end: there are none."""
        import highspy

        highs, columns = self.highs, range(self.model.columns)
        highs.changeColsCost(len(columns), list(columns), [float(costs.get(c, 0)) for c in columns])
        highs.setOptionValue("time_limit", highs.getRunTime() + max(seconds, 0.05))
        if start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = [float(value) for value in self.model.point(start)]
            highs.setSolution(solution)
        highs.setCallback(self._called, None)
        for kind in _callbacks():
            highs.startCallback(kind)
        try:
            highs.run()
        finally:
            for kind in _callbacks():
                highs.stopCallback(kind)
        status, info = highs.getModelStatus(), highs.getInfo()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None, INFINITY, True
        ended = status == highspy.HighsModelStatus.kOptimal
        known = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        places = self.model.places(highs.getSolution().col_value) if known else None
        integral = self.model.columns > 0
        return places, info.mip_dual_bound if integral else 0.0, ended

    def _called(self, kind: Any, _message: str, out: Any, into: Any, _data: Any) -> None:
        import highspy

        if kind == highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution:
            self.heard(list(out.mip_solution), out.mip_dual_bound)
        else:
            if kind == highspy.cb.HighsCallbackType.kCallbackMipInterrupt:
                self.heard(None, out.mip_dual_bound)
            if self.stopped():
                into.user_interrupt = True


def _callbacks() -> Sequence[Any]:
    import highspy

    kinds = highspy.cb.HighsCallbackType
    return (
        kinds.kCallbackMipImprovingSolution,
        kinds.kCallbackMipInterrupt,
        kinds.kCallbackSimplexInterrupt,
    )


def _load(model: Model, seed: int) -> Any:
    """Columns between 0 and 1, quiet, on one thread; integers to a gap below one unit."""
    import highspy

    # The class behind `highspy.Highs`, which prints a banner before it can be told not to.
    highs: Any = highspy.highs._Highs()  # type: ignore[attr-defined, unused-ignore]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", seed % 2**31),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.9),
    ):
        highs.setOptionValue(option, value)
    lp = highspy.HighsLp()
    columns, rows = model.columns, model.rows
    lp.num_col_, lp.num_row_ = columns, len(rows)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = [0.0] * columns, [0.0] * columns, [1.0] * columns
    kinds = highspy.HighsVarType
    lp.integrality_ = [
        kinds.kContinuous if column in model.relaxed else kinds.kInteger for column in range(columns)
    ]
    lp.row_lower_ = [-INFINITY] * len(rows)
    lp.row_upper_ = [float(row.most) for row in rows]
    starts, index, coefficients = [0], list[int](), list[float]()
    for row in rows:
        index.extend(row.of)
        coefficients.extend(float(number) for number in row.of.values())
        starts.append(len(index))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = starts, index, coefficients
    highs.passModel(lp)
    return highs


def solve(
    model: Model,
    start: Places | None,
    lower: tuple[int, ...],
    *,
    seed: int,
    time_left: Callable[[], float],
    improved: Callable[[Places | None, tuple[int, ...]], None],
    stopped: Callable[[], bool],
) -> Solved:
    """The best places by one criterion after the other; `start` are allowed places known already, `lower` is
    a bound known already. `improved` hears of places that are allowed, or of the bound alone."""
    if not model.possible:
        return Solved(None, lower, True, impossible=True)
    if not model.columns:
        only = model.places([])
        return Solved(only, model.value_of(only), True)
    return _InTurn(model, start, lower, seed, time_left, improved, stopped).run()


class _InTurn:
    def __init__(
        self,
        model: Model,
        start: Places | None,
        lower: tuple[int, ...],
        seed: int,
        time_left: Callable[[], float],
        improved: Callable[[Places | None, tuple[int, ...]], None],
        stopped: Callable[[], bool],
    ) -> None:
        self.model, self.best, self.lower = model, start, lower
        self.time_left, self.improved = time_left, improved
        self.criteria = len(model.levels)
        self.solver = Solver(model, seed=seed, time_left=time_left, stopped=stopped)
        self.said = time.perf_counter()

    def run(self) -> Solved:
        held: tuple[int, ...] = ()
        for level in range(self.criteria):
            value = self.model.value_of(self.best) if self.best is not None else None
            known = self.lower[level] if held == self.lower[:level] else None
            if value is None or value[: level + 1] != (*held, known):
                least = self._minimise(level, held)
                if least is None:
                    return Solved(None, self.lower, True, impossible=True)
                value = self.model.value_of(self.best) if self.best is not None else None
                if value is None or value[: level + 1] != (*held, least):
                    return Solved(self.best, self._bound(held, least), False)
            held = (*held, value[level])
            self.solver.hold(Row(self.model.levels[level], value[level] - self.model.constant[level]))
        return Solved(self.best, held, True)

    def _bound(self, held: tuple[int, ...], least: int) -> tuple[int, ...]:
        """What is known: the criteria held, the next at least `least`, those after it at their lowest."""
        floor = tuple(self.lower_end(level) for level in range(len(held) + 1, self.criteria))
        return max((*held, least, *floor), self.lower)

    def lower_end(self, level: int) -> int:
        costs = self.model.levels[level].values()
        return self.model.constant[level] + sum(cost for cost in costs if cost < 0)

    def _minimise(self, level: int, held: tuple[int, ...]) -> int | None:
        """The least value of a criterion, as far as it is known; None where nothing keeps the rows."""
        costs, constant = self.model.levels[level], self.model.constant[level]
        least = [self.lower_end(level)]

        def heard(values: list[float] | None, bound: float) -> None:
            if isfinite(bound):
                least[0] = max(least[0], ceil(bound - 1e-6) + constant)
            if values is not None:
                self._offer(self.model.places(values))
            elif time.perf_counter() < self.said + 0.2:
                return
            self.said = time.perf_counter()
            self.improved(self.best, self._bound(held, least[0]))

        self.solver.heard = heard
        places, bound, ended = self.solver.minimise(costs, self.time_left(), self.best)
        if ended and places is None and bound == INFINITY:
            return None if self.best is None else self.model.value_of(self.best)[level]
        if places is not None:
            self._offer(places)
        if ended and self.best is not None:
            return self.model.value_of(self.best)[level]
        if isfinite(bound):
            least[0] = max(least[0], ceil(bound - 1e-6) + constant)
        return least[0]

    def _offer(self, places: Places) -> None:
        if self.best is None or self.model.value_of(places) < self.model.value_of(self.best):
            self.best = places
