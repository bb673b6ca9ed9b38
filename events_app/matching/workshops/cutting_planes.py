"""Checks refutations: that no placement has a smaller value, criterion by criterion, in exact integers.

A cutting-plane proof with branching, as integer programs are proven by hand: rows that every placement
keeps are added up and rounded down, until "one better than this" contradicts them (Chvátal 1973; Cook,
Coullard and Turán 1987; Cheung, Gleixner and Steffy 2017). Any multipliers make a valid bound, so
whoever found them, in floating point or by luck, need not be trusted.
"""

from collections.abc import Iterable, Sequence

from events_app.matching.workshops.program import Program, Row
from events_app.matching.workshops.proof import Branch, Contradiction, Cut, Refutation, Refutations


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
    open_cases: list[tuple[Contradiction | Branch, list[Row]]] = [(refutation.tree, [])]
    while open_cases:
        part, case = open_cases.pop()
        if isinstance(part, Branch):
            for column in part.columns:
                _known(column, columns, where)
            fewer, enough = both_cases(part.columns, part.least)
            open_cases.append((part.fewer, [*case, fewer]))
            open_cases.append((part.enough, [*case, enough]))
        elif not contradicts([*rows, *case], part.rows):
            raise Unproven(f"{where}: no contradiction where {case}")


def both_cases(columns: Iterable[int], least: int) -> tuple[Row, Row]:
    """Fewer than `least` of these columns, and at least so many."""
    of = dict.fromkeys(columns, 1)
    return Row(of, least - 1), Row(dict.fromkeys(of, -1), -least)


def _known(number: int, count: int, where: str) -> None:
    if not 0 <= number < count:
        raise Unproven(f"{where}: there is no {number}")


def rounded(rows: Sequence[Row], columns: int, cut: Cut, where: str = "cut") -> Row:
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


def contradicts(rows: Sequence[Row], parts: Iterable[tuple[int, int]]) -> bool:
    """Whether the rows, added up, exceed their limit whatever the columns are."""
    of, most = added_up(rows, parts)
    return sum(min(number, 0) for number in of.values()) > most


def added_up(rows: Sequence[Row], parts: Iterable[tuple[int, int]]) -> tuple[dict[int, int], int]:
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
