"""Integer inequalities, and HiGHS, which minimises their criteria one after the other.

In turn, each held at its best for the next, since weights that fold them into one number would be beyond what
floating point tells apart. HiGHS gives Python's lock away while it works, so a thread may wait for it;
importing it brings numpy.
"""

import time
from collections.abc import Callable, Sequence
from math import ceil, isfinite
from typing import Any

from msgspec import Struct

INFINITY = float("inf")


class Row(Struct, frozen=True):
    """The sum of `of[column]` times the column is at most `most`."""

    of: dict[int, int]
    most: int


class Inequalities:
    """Columns from 0 to `most[column]`, bound by `rows`. Those in `relaxed` need not be integers: they are
    when the others are.

    Criterion k of a point is `constant[k]` plus the sum of `levels[k]` over its columns. `possible` is False
    where no point keeps what was said.
    """

    def __init__(self, criteria: int = 0) -> None:
        self.most: list[int] = []
        self.rows: list[Row] = []
        self.levels: list[dict[int, int]] = [{} for _ in range(criteria)]
        self.constant: tuple[int, ...] = (0,) * criteria
        self.relaxed: set[int] = set()
        self.possible = True

    @property
    def columns(self) -> int:
        return len(self.most)

    def column(self, most: int = 1) -> int:
        self.most.append(most)
        return self.columns - 1

    def at_most(self, of: dict[int, int], most: int) -> None:
        if of:
            self.rows.append(Row(of, most))
        elif most < 0:
            self.possible = False

    def at_least(self, of: dict[int, int], least: int) -> None:
        self.at_most({column: -number for column, number in of.items()}, -least)

    def value(self, values: Sequence[int]) -> tuple[int, ...]:
        """The criteria of a point."""
        return tuple(
            constant + sum(cost * values[column] for column, cost in level.items())
            for constant, level in zip(self.constant, self.levels, strict=True)
        )


class Solved(Struct, frozen=True):
    """The best point found (None: none), and what none is below, criterion by criterion.

    `impossible`: there is none at all."""

    point: list[int] | None
    bound: tuple[int, ...]
    impossible: bool = False


class Solver:
    """One model in HiGHS, which keeps its rows from one criterion to the next."""

    def __init__(self, model: Inequalities, *, seed: int, stopped: Callable[[], bool]) -> None:
        self.model, self.stopped = model, stopped
        self.highs = _load(model, seed)
        self.heard: Callable[[list[int] | None, float], None] = lambda _values, _bound: None

    def hold(self, row: Row) -> None:
        """One more row from here on."""
        if row.of:
            self.highs.addRow(
                -INFINITY, float(row.most), len(row.of), list(row.of), [float(n) for n in row.of.values()]
            )

    def minimise(
        self, costs: dict[int, int], seconds: float, start: list[int] | None = None
    ) -> tuple[list[int] | None, float, bool]:
        """The best point by these costs, a bound on them, and whether HiGHS came to its end.

        No point, and an end: there is none."""
        import highspy

        highs, columns = self.highs, range(self.model.columns)
        highs.changeColsCost(len(columns), list(columns), [float(costs.get(c, 0)) for c in columns])
        highs.setOptionValue("time_limit", highs.getRunTime() + max(seconds, 0.05))
        if start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = [float(value) for value in start]
            highs.setSolution(solution)
        point, bound, ended = self._run()
        if ended and point is not None and bound < sum(costs[c] * point[c] for c in costs) - 0.5:
            # Where its presolve alone solves the model, HiGHS answers with a worse start as if it were best.
            highs.setOptionValue("presolve", "off")
            point, bound, ended = self._run()
            highs.setOptionValue("presolve", "choose")
        return point, bound, ended

    def _run(self) -> tuple[list[int] | None, float, bool]:
        import highspy

        highs = self.highs
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
        point = [round(value) for value in highs.getSolution().col_value] if known else None
        return point, info.mip_dual_bound, ended

    def _called(self, kind: Any, _message: str, out: Any, into: Any, _data: Any) -> None:
        import highspy

        if kind == highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution:
            self.heard([round(value) for value in out.mip_solution], out.mip_dual_bound)
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


def solver(**options: Any) -> Any:
    """HiGHS without a model, quiet, on one thread."""
    import highspy

    # The class behind `highspy.Highs`, which prints a banner before it can be told not to.
    highs: Any = highspy.highs._Highs()  # type: ignore[attr-defined, unused-ignore]
    for option, value in {"output_flag": False, "threads": 1, **options}.items():
        highs.setOptionValue(option, value)
    return highs


def _load(model: Inequalities, seed: int) -> Any:
    """Integers to a gap below one unit."""
    import highspy

    highs = solver(random_seed=seed % 2**31, mip_rel_gap=0.0, mip_abs_gap=0.9)
    lp = highspy.HighsLp()
    columns, rows = model.columns, model.rows
    lp.num_col_, lp.num_row_ = columns, len(rows)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = (
        [0.0] * columns,
        [0.0] * columns,
        list(map(float, model.most)),
    )
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


Improved = Callable[[list[int] | None, tuple[int, ...]], None]


def solve(
    model: Inequalities,
    start: list[int] | None,
    lower: tuple[int, ...],
    *,
    seed: int,
    time_left: Callable[[], float],
    improved: Improved,
    stopped: Callable[[], bool],
) -> Solved:
    """The best point by one criterion after the other; `start` keeps all rows, `lower` is a bound known
    already. `improved` hears of the best point so far and of the bound."""
    if not model.possible:
        return Solved(None, lower, impossible=True)
    if not model.columns:
        return Solved([], model.constant)
    return _InTurn(model, start, lower, Solver(model, seed=seed, stopped=stopped), time_left, improved).run()


class _InTurn:
    def __init__(
        self,
        model: Inequalities,
        start: list[int] | None,
        lower: tuple[int, ...],
        solver: Solver,
        time_left: Callable[[], float],
        improved: Improved,
    ) -> None:
        self.model, self.best, self.lower, self.solver = model, start, lower, solver
        self.time_left, self.improved = time_left, improved
        self.said = time.perf_counter()

    def run(self) -> Solved:
        held: tuple[int, ...] = ()
        for level in range(len(self.model.levels)):
            known = self.lower[level] if held == self.lower[:level] else None
            value = self._value()
            if value is None or value[: level + 1] != (*held, known):
                least = self._minimise(level, held)
                if least is None:
                    return Solved(None, self.lower, impossible=True)
                value = self._value()
                if value is None or value[: level + 1] != (*held, least):
                    return Solved(self.best, self._bound(held, least))
            held = (*held, value[level])
            self.solver.hold(Row(self.model.levels[level], value[level] - self.model.constant[level]))
        return Solved(self.best, held)

    def _value(self) -> tuple[int, ...] | None:
        return None if self.best is None else self.model.value(self.best)

    def _bound(self, held: tuple[int, ...], least: int) -> tuple[int, ...]:
        """What is known: the criteria held, the next at least `least`, those after it at their lowest."""
        floor = tuple(self._lowest(level) for level in range(len(held) + 1, len(self.model.levels)))
        return max((*held, least, *floor), self.lower)

    def _lowest(self, level: int) -> int:
        model = self.model
        costs = model.levels[level].items()
        return model.constant[level] + sum(cost * model.most[column] for column, cost in costs if cost < 0)

    def _minimise(self, level: int, held: tuple[int, ...]) -> int | None:
        """The least value of a criterion, as far as it is known; None where nothing keeps the rows."""
        constant, least = self.model.constant[level], self._lowest(level)

        def heard(point: list[int] | None, bound: float) -> None:
            nonlocal least
            if isfinite(bound):
                least = max(least, ceil(bound - 1e-6) + constant)
            if point is not None:
                self._offer(point)
            elif time.perf_counter() < self.said + 0.2:
                return
            self.said = time.perf_counter()
            self.improved(self.best, self._bound(held, least))

        self.solver.heard = heard
        point, bound, ended = self.solver.minimise(self.model.levels[level], self.time_left(), self.best)
        if ended and point is None and self.best is None:
            return None
        if point is not None:
            self._offer(point)
        if isfinite(bound):
            least = max(least, ceil(bound - 1e-6) + constant)
        return least

    def _offer(self, point: list[int]) -> None:
        value = self._value()
        if value is None or self.model.value(point) < value:
            self.best = point
