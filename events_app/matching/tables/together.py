"""People who sit together in every round: whoever sits elsewhere changes places with somebody at the others'.

The engine spreads people; a pair that stays together is put right afterwards, by the exchange that costs
least. Where tables are large enough for the groups it always can be done.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import combinations

from events_app.matching.tables.company import Pair, cost_of, pair_of

Seats = list[list[list[int]]]


def groups_of(pairs: Iterable[Pair]) -> list[set[int]]:
    """Whoever is together with somebody is together with their company too."""
    groups: list[set[int]] = []
    for pair in pairs:
        joined = set(pair)
        for group in [group for group in groups if group & joined]:
            joined |= group
            groups.remove(group)
        groups.append(joined)
    return groups


def seat_together(
    rounds: Sequence[Sequence[Sequence[int]]],
    groups: Sequence[Collection[int]],
    *,
    first: int = 0,
    staying: Collection[int] = (),
    apart: Iterable[Pair] = (),
    organisation: Sequence[int] | None = None,
) -> Seats:
    """From round `first` on. `staying`: hosts, who keep their table: a group comes to its host."""
    seats = [[list(table) for table in tables] for tables in rounds]
    avoided = {pair_of(p, q) for p, q in apart}
    bound = {person for group in groups for person in group} | set(staying)
    met: Counter[Pair] = Counter()
    for tables in seats[:first]:
        met.update(_pairs(tables))

    def cost(p: int, q: int) -> int:
        return cost_of(p, q, met, avoided, organisation)

    for tables in seats[first:]:
        for group in groups:
            _gather(tables, group, bound, staying, cost)
        met.update(_pairs(tables))
    return seats


def _gather(
    tables: list[list[int]],
    group: Collection[int],
    bound: Collection[int],
    staying: Collection[int],
    cost: Callable[[int, int], int],
) -> None:
    home = max(
        tables, key=lambda table: (sum(p in staying for p in table if p in group), _there(table, group))
    )
    for person in sorted(group):
        table = next((each for each in tables if person in each), None)
        if table is None or table is home or person in staying:
            continue
        free = [other for other in home if other not in bound]
        if not free:
            continue
        goes = min(
            free,
            key=lambda other: (
                sum(cost(person, p) for p in home if p != other)
                + sum(cost(other, p) for p in table if p != person)
            ),
        )
        home[home.index(goes)], table[table.index(person)] = person, goes


def _there(table: Sequence[int], group: Collection[int]) -> int:
    return sum(person in group for person in table)


def _pairs(tables: Iterable[Sequence[int]]) -> Iterable[Pair]:
    return (pair_of(p, q) for table in tables for p, q in combinations(table, 2))
