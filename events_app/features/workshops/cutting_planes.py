"""Checks refutations: that no placement has a smaller value, criterion by criterion, in exact integers.

A cutting-plane proof with branching, as integer programs are proven by hand: rows that every placement
keeps are added up and rounded down, until "one better than this" contradicts them (Chvátal 1973; Cook,
Coullard and Turán 1987; Cheung, Gleixner and Steffy 2017). Any multipliers make a valid bound, so
whoever found them, in floating point or by luck, need not be trusted.
"""

from collections.abc import Iterable

from events_app.features.workshops.program import Program, Row
from events_app.features.workshops.proof import Branch, Contradiction, Cut, Refutation, Refutations


class Unproven(ValueError):
    """The refutation refutes nothing; the message says where."""


def refute_below(program: Program, value: tuple[int, ...], proof: Refutations) -> None:
    """Raise `Unproven` unless no placement's value is smaller than `value`, compared from the left."""
    if len(proof.of) > len(value) or any(value[len(proof.of) :]):
        raise Unproven(f"{len(proof.of)} refutations for {value}")
    for level, refutation in enumerate(proof.of):
        held = [program.criterion(earlier, value[earlier]) for earlier in range(level)]
        better = program.criterion(level, value[level] - 1)
        _check([*program.rows, *held, better], program.columns, refutation, f"criterion {level}")


def _check(rows: list[Row], columns: int, refutation: Refutation, where: str) -> None:
    for number, cut in enumerate(refutation.cuts):
        rows.append(rounded(rows, columns, cut, f"{where}, cut {number}"))
    open_cases: list[tuple[Contradiction | Branch, dict[int, int]]] = [(refutation.tree, {})]
    while open_cases:
        part, fixed = open_cases.pop()
        if isinstance(part, Branch):
            _known(part.column, columns, where)
            open_cases.append((part.zero, {**fixed, part.column: 0}))
            open_cases.append((part.one, {**fixed, part.column: 1}))
        elif not contradicts(rows, part.rows, fixed):
            raise Unproven(f"{where}: no contradiction where {fixed}")


def _known(number: int, count: int, where: str) -> None:
    if not 0 <= number < count:
        raise Unproven(f"{where}: there is no {number}")


def rounded(rows: list[Row], columns: int, cut: Cut, where: str = "cut") -> Row:
    """Rounding coefficients down is allowed since no column is negative, the right side since all are
    integers."""
    if cut.divisor < 1 or any(multiplier < 0 for _, multiplier in (*cut.rows, *cut.ones)):
        raise Unproven(f"{where}: a multiplier below zero")
    for column, _ in cut.ones:
        _known(column, columns, where)
    of, most = added_up(rows, cut.rows)
    for column, multiplier in cut.ones:
        of[column] = of.get(column, 0) + multiplier
        most += multiplier
    return Row(
        {column: number // cut.divisor for column, number in of.items() if number // cut.divisor},
        most // cut.divisor,
    )


def contradicts(rows: list[Row], parts: Iterable[tuple[int, int]], fixed: dict[int, int]) -> bool:
    """Whether the rows, added up, exceed their limit whatever the columns are that are not `fixed`."""
    of, most = added_up(rows, parts)
    least = sum(number * fixed[c] if c in fixed else min(number, 0) for c, number in of.items())
    return least > most


def added_up(rows: list[Row], parts: Iterable[tuple[int, int]]) -> tuple[dict[int, int], int]:
    """The sum of rows times their multipliers. Raises `Unproven` where that is no valid row."""
    of: dict[int, int] = {}
    most = 0
    for number, multiplier in parts:
        _known(number, len(rows), "rows")
        if multiplier < 0:
            raise Unproven(f"row {number}: a multiplier below zero")
        row = rows[number]
        most += multiplier * row.most
        for column, coefficient in row.of.items():
            of[column] = of.get(column, 0) + multiplier * coefficient
    return of, most
