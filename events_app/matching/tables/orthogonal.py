"""Four rounds without repeat for T tables of T, T = 3 u + 1: a pair of orthogonal Latin squares.

Bose, Shrikhande and Parker (1960), who so refuted Euler's conjecture for T = 10. Over Z(2u + 1) with u
more points that stay, u columns (stays, 0, d, d + e) are turned in four ways; they and one constant
column give every difference of two rows once if the 2u numbers d, e are all the non-zero ones, and the
u sums d + e with their negatives too. The u points that stay need their own four rounds.
"""

from events_app.matching.tables.difference import Group, product_matrix
from events_app.matching.tables.galois import prime_power

Round = list[list[int]]
FACTORS = 4


def orthogonal_rounds(tables: int) -> list[Round] | None:
    """Four rounds of tables * tables people; None where the construction does not apply."""
    stay, rest = divmod(tables - 1, 3)
    if rest or (stay > 1 and (prime_power(stay) is None or stay < FACTORS - 1)):
        return None
    modulus = 2 * stay + 1
    steps = _steps(modulus, list(range(1, modulus)), set())
    if steps is None:
        return None
    columns = [[0] * FACTORS]
    for point, (first, second) in enumerate(steps):
        column = [modulus + point, 0, first, (first + second) % modulus]
        columns += [column[-turn:] + column[:-turn] for turn in range(FACTORS)]
    people = [
        [(place + turn) % modulus if place < modulus else place for place in column]
        for column in columns
        for turn in range(modulus)
    ]
    people += [[modulus + place for place in places] for places in _staying(stay)]
    return [
        [[p for p, places in enumerate(people) if places[factor] == table] for table in range(tables)]
        for factor in range(FACTORS)
    ]


def _steps(modulus: int, unused: list[int], sums: set[int]) -> list[tuple[int, int]] | None:
    """Pairs (d, e) that use up all non-zero numbers, with sums all different up to sign."""
    if not unused:
        return []
    first = unused[0]
    for second in unused[1:]:
        total = (first + second) % modulus
        if total and total not in sums:
            left = [x for x in unused if x not in (first, second)]
            found = _steps(modulus, left, sums | {total, modulus - total})
            if found is not None:
                return [(first, second), *found]
    return None


def _staying(points: int) -> list[list[int]]:
    """The tables of points * points people in four rounds: columns, then rounds of a field."""
    group = Group(points)
    rows = product_matrix(group, points, FACTORS - 1)
    return [
        [column, *(group.add(i, row[column]) for row in rows)]
        for column in range(points)
        for i in range(points)
    ]
