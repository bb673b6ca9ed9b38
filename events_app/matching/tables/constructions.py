"""Seat plans that are computed rather than searched: rows and columns, then rounds within the columns."""

from collections import defaultdict
from collections.abc import Sequence

from events_app.matching.tables.budget import Budget
from events_app.matching.tables.difference import Group, difference_matrix
from events_app.matching.tables.galois import prime_power

Round = list[list[int]]

SQUARES_OF_TEN = (
    "0417298365 8152739406 9826374510 5983047621 7698415032"
    " 6709852143 3071986254 1234560789 2345601897 4560123978",
    "0786935412 6178094523 5027819634 9613782045 3902478156"
    " 8491357260 7859246301 4560123789 1234560978 2345601897",
)
"""Two orthogonal Latin squares, row by row: with rows and columns, four rounds for 10 tables of 10. No field
has ten elements, and a search does not find them (Bose, Shrikhande and Parker 1960)."""


def columns_by_organisation(people: int, tables: int, organisation: Sequence[int] | None) -> list[list[int]]:
    """Columns of `tables` people, the last one shorter, each organisation in as few columns as possible.

    Largest organisations first, each into the fullest column that still holds all of it (best fit);
    what fits nowhere fills what is left.
    """
    room = [min(tables, people - start) for start in range(0, people, tables)]
    columns: list[list[int]] = [[] for _ in room]
    groups: dict[int, list[int]] = defaultdict(list)
    for person in range(people):
        group = organisation[person] if organisation else -1
        groups[group if group >= 0 else -1 - person].append(person)
    leftover: list[int] = []
    for members in sorted(groups.values(), key=len, reverse=True):
        fitting = [c for c, left in enumerate(room) if left >= len(members)]
        if not fitting:
            leftover += members
            continue
        column = min(fitting, key=lambda c: room[c])
        columns[column] += members
        room[column] -= len(members)
    for column, left in enumerate(room):
        columns[column] += leftover[:left]
        del leftover[:left]
    return columns


def square_rounds(columns: list[list[int]], tables: int, rounds: int, budget: Budget) -> list[Round]:
    """Row i of column j sits at table i + f[r][j]; nobody meets within a column. The first column stays."""
    group = Group(tables)
    matrix = difference_matrix(group, len(columns), rounds, budget)
    plan = []
    for row in matrix:
        seats: Round = [[] for _ in range(tables)]
        for shift, column in zip(row, columns, strict=True):
            for i, person in enumerate(column):
                seats[group.add(i, shift)].append(person)
        plan.append(seats)
    return plan


def nested_rounds(
    columns: list[list[int]], tables: int, rounds: int, *, divisible: bool, budget: Budget
) -> list[Round]:
    """Square rounds, and when these are used up, rounds within the columns, which have not met yet.

    At most `rounds` of them; fewer where the columns cannot be divided into tables, or are not
    `divisible`, because they stand for something that stays apart.
    """
    size = len(columns)
    full = divisible and len(columns[-1]) == tables
    if full and size == tables and not prime_power(tables):
        # Each column is a table of one more round; the difference matrix has one row less to find.
        if tables == 10 and rounds <= 4:
            return _by_squares(columns)[:rounds]
        return [*square_rounds(columns, tables, rounds - 1, budget), columns]
    if size > tables or rounds <= tables:
        return square_rounds(columns, tables, rounds, budget)
    plan = square_rounds(columns, tables, tables, budget)
    if not full or size < 2 or tables % size:
        return plan
    within = tables // size
    inner = [
        nested_rounds(
            [c[i : i + within] for i in range(0, tables, within)],
            within,
            rounds - tables,
            divisible=True,
            budget=budget,
        )
        for c in columns
    ]
    for turns in zip(*inner, strict=True):
        plan.append([table for seats in turns for table in seats])
    return plan


def _by_squares(columns: list[list[int]]) -> list[Round]:
    """Rows, columns, and what the square has in each row and column: who meets once meets in no other."""
    plan = [[list(row) for row in zip(*columns, strict=True)], columns]
    for square in SQUARES_OF_TEN:
        seats: Round = [[] for _ in columns]
        for i, row in enumerate(square.split()):
            for symbol, column in zip(row, columns, strict=True):
                seats[int(symbol)].append(column[i])
        plan.append(seats)
    return plan
