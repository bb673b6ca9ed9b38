"""HiGHS as a calculator for linear programs over a `Program`'s rows; needs `convive[solvers]`.

Only for worker processes: HiGHS brings numpy and holds its process until it is done.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from msgspec import Struct

from events_app.matching.workshops.program import Program, Row

INFINITY = float("inf")

MOST_FRACTIONS = 400
"""Columns that are looked at for one round of cuts, those nearest to a half."""


def available() -> bool:
    """Whether HiGHS is installed, without loading it."""
    return find_spec("highspy") is not None


class Solved(Struct, frozen=True):
    """What a linear program came to. `weights` are its dual values, one a row, not below zero.

    Where nothing keeps all rows, `least` is infinite and the weights, or their mirror image, add the
    rows up to a contradiction.
    """

    least: float
    values: Sequence[float]
    weights: Sequence[float]


class Relaxation:
    """The rows without the demand that columns are integers; rows may be added and lifted."""

    def __init__(self, program: Program) -> None:
        self.columns = list(range(program.columns))
        self.highs = load(program.rows, program.columns, integer=False)
        self.highs.setOptionValue("presolve", "off")  # with it there are no rays, and restarts begin afresh

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self.highs.addRow(
                -INFINITY, float(row.most), len(row.of), list(row.of), [float(n) for n in row.of.values()]
            )

    def lift(self, row: int) -> None:
        """Takes a row's limit away; its number stays."""
        self.highs.changeRowBounds(row, -INFINITY, INFINITY)

    def price(self, costs: dict[int, int]) -> None:
        self.highs.changeColsCost(
            len(self.columns), self.columns, [float(costs.get(column, 0)) for column in self.columns]
        )

    def tableau(self, values: Sequence[float]) -> Iterator[list[tuple[int, float]]]:
        """For basic columns that are no integers, (row, multiplier) of the rows that each is a sum of."""
        _, basic = self.highs.getBasicVariables()
        halves = [
            (abs(values[column] - 0.5), number)
            for number, column in enumerate(basic)
            if column >= 0 and 1e-4 < values[column] < 1 - 1e-4
        ]
        for _, number in sorted(halves)[:MOST_FRACTIONS]:
            _, multipliers = self.highs.getBasisInverseRow(number)
            rows = multipliers.nonzero()[0]
            yield list(zip(rows.tolist(), multipliers[rows].tolist(), strict=True))

    def minimise(self, seconds: float) -> Solved | None:
        """None where time ran out."""
        import highspy

        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + max(seconds, 0.01))
        self.highs.run()
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            solution = self.highs.getSolution()
            weights = [-weight for weight in solution.row_dual]
            return Solved(self.highs.getInfo().objective_function_value, list(solution.col_value), weights)
        if status == highspy.HighsModelStatus.kInfeasible:
            _, known, ray = self.highs.getDualRay()
            return Solved(INFINITY, [], [float(weight) for weight in ray] if known else [])
        return None


def load(rows: Sequence[Row], columns: int, *, integer: bool, seed: int = 0) -> Any:
    """HiGHS with columns between 0 and 1, quiet, on one thread; integers to a gap below one unit."""
    import highspy

    solver: Any = highspy.Highs  # its constructor has no types
    highs = solver()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", seed % 2**31),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.9),
    ):
        highs.setOptionValue(option, value)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, len(rows)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = [0.0] * columns, [0.0] * columns, [1.0] * columns
    if integer:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * columns
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
