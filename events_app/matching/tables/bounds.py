"""What no seat plan can beat: least company within an organisation, least repeats, most distinct pairs."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct


def pairs_of(count: int) -> int:
    return count * (count - 1) // 2


def spread_pairs(count: int, places: int) -> int:
    """The fewest pairs in one place when `count` are spread over `places`."""
    each, more = divmod(count, places)
    return more * pairs_of(each + 1) + (places - more) * pairs_of(each)


def table_sizes(people: int, tables: int) -> list[int]:
    """As even as can be, the larger tables first."""
    each, more = divmod(people, tables)
    return [each + 1] * more + [each] * (tables - more)


class Bounds(Struct, frozen=True):
    same_organisation: int
    repeats: int
    distinct: int


def bounds(
    people: int,
    tables: int,
    rounds: int,
    organisation: Sequence[int] | None = None,
) -> Bounds:
    """Proven for even tables, and for plans with the least company within organisations.

    Repeats: any two rounds have in common at least what spreading each table over all tables leaves; and
    more meetings than pairs means repeats, fewest when even. Distinct pairs: a pair that meets m times costs
    m (m - 1) / 2 repeats and m - 1 distinct pairs, so repeats cost at least 2 / rounds pairs each.
    """
    sizes = table_sizes(people, tables)
    company = rounds * sum(map(pairs_of, sizes))
    of_one = [n for group, n in Counter(organisation or ()).items() if group >= 0]
    same = rounds * sum(spread_pairs(n, tables) for n in of_one)
    same_pairs = sum(map(pairs_of, of_one))
    other_pairs = pairs_of(people) - same_pairs
    in_common = pairs_of(rounds) * sum(spread_pairs(size, tables) for size in sizes)
    crowded = _even(company - same, other_pairs) + _even(same, same_pairs)
    least = max(in_common, crowded)
    possible = min(company - same, other_pairs) + min(same, same_pairs)
    possible = min(possible, company - -(-2 * least // rounds))
    return Bounds(same, least, possible)


def _even(meetings: int, pairs: int) -> int:
    """The fewest repeats when so many pairs share so many meetings."""
    if not pairs:
        return 0
    each, more = divmod(meetings, pairs)
    return more * pairs_of(each + 1) + (pairs - more) * pairs_of(each)
