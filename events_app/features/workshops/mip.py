"""The placement as a mixed-integer program, for what no flow can see; needs HiGHS (`convive[solvers]`).

One variable per group of companions, workshop and slot, one per session that may stay closed, and one
per person for the guarantee. Each criterion is minimised in turn, the earlier ones held at their best:
weights that fold them into one number would be beyond what floating point tells apart. Only for worker
processes: HiGHS brings numpy and holds its process until it is done.
"""

import math
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from msgspec import Struct

from events_app.features.workshops.choices import Choices
from events_app.features.workshops.counting import total_cost
from events_app.features.workshops.objectives import TOP, CostModel
from events_app.features.workshops.problem import UNPLACED, PlacementProblem, Session

Places = tuple[tuple[int, ...], ...]
Row = tuple[float, float, dict[int, float]]
"""At least, at most, and the coefficient of each column."""

INFINITY = float("inf")


def available() -> bool:
    """Whether HiGHS is installed, without loading it."""
    return find_spec("highspy") is not None


class Solved(Struct, frozen=True):
    """The best places found, and a bound for the first criteria; those after it are not known."""

    places: Places
    bound: tuple[int, ...]
    proven: bool


class Program:
    """Columns and rows, without any solver."""

    def __init__(self, problem: PlacementProblem, model: CostModel) -> None:
        self.problem, self.model = problem, model
        self.choices = Choices(problem)
        self.groups = problem.groups()
        self.columns = 0
        self.rows: list[Row] = []
        self.levels: list[dict[int, int]] = [{} for _ in model.names]
        self.seat: dict[tuple[int, int, int], int] = {}
        self.runs: dict[Session, int] = {}
        self.served: dict[int, list[int]] = {}
        self._seats()
        self._sessions()
        if model.top_bonus:
            self._guarantee()

    def _column(self) -> int:
        self.columns += 1
        return self.columns - 1

    def _seats(self) -> None:
        """What one group may have: one place per slot, no workshop twice, no clashing sessions."""
        problem, model = self.problem, self.model
        rank_of = [dict(problem.choices(person)) for person in range(problem.people)]
        empty = [model.criteria(cost) for cost in model.unplaced]
        for number, group in enumerate(self.groups):
            by_slot: dict[int, list[int]] = {}
            for workshop, slots in self.choices.slots[group[0]].items():
                mine = []
                for slot in slots:
                    column = self.seat[number, workshop, slot] = self._column()
                    by_slot.setdefault(slot, []).append(column)
                    mine.append(column)
                    for person in group:
                        digits = model.criteria(model.seat[person][rank_of[person][workshop]])
                        for level, (cost, nothing) in enumerate(zip(digits, empty[person], strict=True)):
                            if cost != nothing:
                                self.levels[level][column] = (
                                    self.levels[level].get(column, 0) + cost - nothing
                                )
                if len(mine) > 1:
                    self.rows.append((-INFINITY, 1, dict.fromkeys(mine, 1)))
            for columns in by_slot.values():
                self.rows.append((-INFINITY, 1, dict.fromkeys(columns, 1)))
            for one, other in problem.clashes:
                pair = [self.seat.get((number, *session)) for session in (one, other)]
                if pair[0] is not None and pair[1] is not None:
                    self.rows.append((-INFINITY, len({one, other}) - 1, {pair[0]: 1, pair[1]: 1}))

    def _sessions(self) -> None:
        """Sizes, and balance: nothing, or at least the minimum, mixed as asked."""
        problem = self.problem
        inside: dict[Session, dict[int, tuple[int, ...]]] = {session: {} for session in problem.sessions()}
        locked: dict[Session, list[int]] = {session: [] for session in inside}
        for (number, workshop, slot), column in self.seat.items():
            inside[workshop, slot][column] = self.groups[number]
        for person, row in self.choices.locked.items():
            for slot, workshop in row.items():
                locked[workshop, slot].append(person)
        for session, columns in inside.items():
            there, seats, least = locked[session], problem.seats(*session), problem.least(*session)
            sizes = {column: float(len(group)) for column, group in columns.items()}
            balance = problem.balance
            if least <= len(there) and not (balance and balance.present):
                self.rows.append((-INFINITY, seats - len(there), sizes))
            else:
                runs = self.runs[session] = self._column()
                if there:
                    self.rows.append((1, 1, {runs: 1}))
                self.rows.append((-INFINITY, -len(there), {**sizes, runs: -float(seats)}))
                self.rows.append((-len(there), INFINITY, {**sizes, runs: -float(least)}))
                self.rows.extend((-INFINITY, 0, {column: 1, runs: -1}) for column in columns)
            if balance:
                self._balance(session, columns, there)

    def _balance(self, session: Session, columns: dict[int, tuple[int, ...]], there: list[int]) -> None:
        balance, profile_of = self.problem.balance, self.problem.profile_of
        if balance is None:
            return

        def counted(profiles: tuple[int, ...]) -> tuple[dict[int, float], int]:
            of_group = {c: float(sum(profile_of[p] in profiles for p in g)) for c, g in columns.items()}
            return of_group, sum(profile_of[p] in profiles for p in there)

        for quota in balance.quotas:
            if (quota.workshop, quota.slot) == session:
                of_group, fixed = counted((quota.profile,))
                self.rows.append((-INFINITY, quota.most - fixed, of_group))
        if balance.most_share is not None:
            part, whole = balance.most_share
            for profile in sorted(set(profile_of)):
                of_group, fixed = counted((profile,))
                row = {c: whole * of_group[c] - part * len(group) for c, group in columns.items()}
                self.rows.append((-INFINITY, part * len(there) - whole * fixed, row))
        for profiles in balance.present:
            of_group, fixed = counted(profiles)
            if not fixed:
                self.rows.append((0, INFINITY, {**of_group, self.runs[session]: -1}))

    def _guarantee(self) -> None:
        """One column per person that may be 1 only with one of the first wishes."""
        level = self.model.names.index(f"without_top_{TOP}")
        for number, group in enumerate(self.groups):
            for person in group:
                tops = self.problem.wishes[person][:TOP]
                if any(workshop in tops for workshop in self.choices.locked.get(person, {}).values()):
                    continue
                columns = {
                    self.seat[number, w, s]: -1.0
                    for w, slots in self.choices.slots[group[0]].items()
                    if w in tops
                    for s in slots
                }
                if columns:
                    served = self._column()
                    self.served[served] = list(columns)
                    self.rows.append((-INFINITY, 0, {**columns, served: 1}))
                    self.levels[level][served] = -1

    def places(self, values: Any) -> Places:
        """Who goes where, by the values of the columns."""
        rows = [
            [self.choices.locked.get(p, {}).get(s, UNPLACED) for s in range(self.problem.slots)]
            for p in range(self.problem.people)
        ]
        for (number, workshop, slot), column in self.seat.items():
            if values[column] > 0.5:
                for person in self.groups[number]:
                    rows[person][slot] = workshop
        return tuple(tuple(row) for row in rows)

    def value_of(self, places: Places) -> tuple[int, ...]:
        """One number per criterion."""
        return self.model.criteria(total_cost(self.problem, self.model, places))

    def values(self, places: Places) -> list[float]:
        """The columns' values for places that keep every rule."""
        values = [0.0] * self.columns
        for (number, workshop, slot), column in self.seat.items():
            values[column] = float(places[self.groups[number][0]][slot] == workshop)
        for (workshop, slot), column in self.runs.items():
            values[column] = float(any(row[slot] == workshop for row in places))
        for served, columns in self.served.items():
            values[served] = float(any(values[column] for column in columns))
        return values


class _Run:
    """HiGHS at work on one program, with the best places so far."""

    def __init__(self, program: Program, start: Places | None, lower: tuple[int, ...], seed: int) -> None:
        import highspy

        self.highspy, self.program, self.best, self.lower = highspy, program, start, lower
        self.highs = _highs(highspy, program, seed)

    def value(self) -> tuple[int, ...]:
        if self.best is None:
            raise ValueError("no placement yet")
        return self.program.value_of(self.best)

    def minimise(self, costs: dict[int, int], seconds: float) -> tuple[bool, float]:
        """Whether the least sum was found and proven, and its bound. Betters `best` on the way."""
        highs, highspy, program = self.highs, self.highspy, self.program
        if self.best is not None:
            solution = highspy.HighsSolution()
            solution.col_value = program.values(self.best)
            highs.setSolution(solution)
        every = list(range(program.columns))
        highs.changeColsCost(program.columns, every, [float(costs.get(column, 0)) for column in every])
        highs.setOptionValue("time_limit", highs.getRunTime() + max(seconds, 0.01))
        highs.run()
        info = highs.getInfo()
        if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
            found = program.places(highs.getSolution().col_value)
            if self.best is None or program.value_of(found) < self.value():
                self.best = found
        return highs.getModelStatus() == highspy.HighsModelStatus.kOptimal, info.mip_dual_bound

    def hold(self, level: int) -> None:
        """From now on no worse by this criterion than the best so far."""
        costs = self.program.levels[level]
        if costs:
            at_most = float(self.reached(costs)) + 0.5
            self.highs.addRow(-INFINITY, at_most, len(costs), list(costs), [float(c) for c in costs.values()])

    def reached(self, costs: dict[int, int]) -> int:
        chosen = self.program.values(self.best) if self.best is not None else []
        return sum(cost for column, cost in costs.items() if chosen[column] > 0.5)


def solve(
    program: Program,
    start: Places | None,
    lower: tuple[int, ...],
    *,
    seed: int,
    time_left: Callable[[], float],
    improved: Callable[[Places], None],
) -> Solved | None:
    """The best places by one criterion after the other. None: there are none, or none in time.

    `lower` bounds the value, from the flow. First a weighted sum of all criteria: it finds good places
    soon, and where the flow's bound is met by all criteria but the last, it proves the last. Then those
    that are still open, in turn.
    """
    if not program.columns:
        nobody = program.places([])
        return Solved(nobody, program.value_of(nobody), True)
    run = _Run(program, start, lower, seed)
    levels = len(program.levels)
    guide = [10 ** (3 if level == 0 else 2 if level < levels - 1 else 0) for level in range(levels)]
    costs: dict[int, int] = {}
    for weight, counted in zip(guide, program.levels, strict=True):
        for column, cost in counted.items():
            costs[column] = costs.get(column, 0) + weight * cost
    proven, _ = run.minimise(costs, time_left() / 2)
    if run.best is None:
        return None
    improved(run.best)
    if proven and run.value()[:-1] == lower[:-1]:
        return Solved(run.best, run.value(), True)
    for level in range(levels):
        if run.value()[: level + 1] != lower[: level + 1]:
            own = program.levels[level]
            proven, bound = run.minimise(own, time_left())
            improved(run.best)
            now = run.value()
            if not proven:
                least = math.ceil(bound - 1e-6) - run.reached(own) + now[level] if math.isfinite(bound) else 0
                return Solved(run.best, (*now[:level], max(0, min(least, now[level]))), False)
        run.hold(level)
    return Solved(run.best, run.value(), True)


def _highs(highspy: Any, program: Program, seed: int) -> Any:
    """The program in HiGHS, quiet, on one thread, to a gap below one unit."""
    highs = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", seed % 2**31),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.9),
    ):
        highs.setOptionValue(option, value)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = program.columns, len(program.rows)
    lp.col_cost_ = [0.0] * program.columns
    lp.col_lower_, lp.col_upper_ = [0.0] * program.columns, [1.0] * program.columns
    lp.integrality_ = [highspy.HighsVarType.kInteger] * program.columns
    lp.row_lower_ = [float(low) for low, _, _ in program.rows]
    lp.row_upper_ = [float(high) for _, high, _ in program.rows]
    starts, index, coefficients = [0], list[int](), list[float]()
    for _, _, row in program.rows:
        index.extend(row)
        coefficients.extend(float(number) for number in row.values())
        starts.append(len(index))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = starts, index, coefficients
    highs.passModel(lp)
    return highs
