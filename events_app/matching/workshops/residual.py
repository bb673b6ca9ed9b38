"""Prices of a flow with people in it, and what they say about every other cheapest flow.

People are contracted into "the cheapest person here who could go there", so that shortest paths need to
know of places only. Integers of any size.
"""

from collections.abc import Sequence

from events_app.matching.workshops.person_arcs import PersonArcs

_Taken = tuple[list[tuple[int, int]], list[tuple[int, int]]]


def potentials(net: PersonArcs, costs: Sequence[int], units: Sequence[int]) -> list[int] | None:
    """What one more unit at each workshop costs, outside (the last) nothing; None: it is not the cheapest."""
    outside = net.end - net.first
    ways = [
        (tail, head, cost)
        for tail, row in enumerate(_exchanges(net, costs, units))
        for head, cost in row.items()
    ]
    for arc in range(net.seats_from, len(net.arcs)):
        workshop = net.arcs[arc][0] - net.first
        if units[arc] < net.arcs[arc][2]:
            ways.append((workshop, outside, costs[arc]))
        if units[arc] > 0:
            ways.append((outside, workshop, -costs[arc]))
    distance = [0] * (outside + 1)
    for _ in range(outside + 2):
        changed = False
        for tail, head, cost in ways:
            if distance[tail] + cost < distance[head]:
                distance[head] = distance[tail] + cost
                changed = True
        if not changed:
            return [distance[outside] - at for at in distance]
    return None  # a cycle that costs less than nothing


def _exchanges(net: PersonArcs, costs: Sequence[int], units: Sequence[int]) -> list[dict[int, int]]:
    """From each place to other places, the least that it costs any one person to go there."""
    least: list[dict[int, int]] = [{} for _ in range(net.end - net.first + 1)]
    for span in net.spans:
        given, taken, across = _moves(net, costs, units, span)
        for place, top, paid in given:
            row = least[place]
            for other, price in taken[top]:
                if other not in row or paid + price < row[other]:
                    row[other] = paid + price
            over = across[top]
            if over is not None:
                paid += over
                for other, price in taken[not top]:
                    if other not in row or paid + price < row[other]:
                        row[other] = paid + price
    return least


def _moves(
    net: PersonArcs, costs: Sequence[int], units: Sequence[int], span: tuple[int, int, int]
) -> tuple[list[tuple[int, bool, int]], _Taken, list[int | None]]:
    """What one could give up (place, whether among the top options, cost), what take (place, cost; those
    among the top options apart), and what it costs to go over to the top options, and back."""
    person, start, stop = span
    given: list[tuple[int, bool, int]] = []
    taken: _Taken = ([], [])
    across: list[int | None] = [None, None]
    for arc in range(start, stop):
        tail, head, capacity = net.arcs[arc]
        used, cost, top = units[arc], costs[arc], tail != person
        if head >= net.first:
            if used < capacity:
                taken[top].append((head - net.first, cost))
            if used > 0:
                given.append((head - net.first, top, -cost))
            continue
        for way, possible, price in ((0, used < capacity, cost), (1, used > 0, -cost)):
            known = across[way]
            if possible and (known is None or price < known):
                across[way] = price
    return given, taken, across


def leanings(
    net: PersonArcs, costs: Sequence[int], units: Sequence[int], price: Sequence[int]
) -> list[int] | None:
    """1 for arcs that no cheapest flow uses, -1 for those that each fills, 0 for those that may differ.

    Complementary slackness: the flows that obey this are all the cheapest ones, and only these. None: the
    prices are not those of this flow.
    """
    far = 1 + sum(map(abs, price)) + 4 * sum(max(map(abs, column), default=0) for column in (costs, price))
    lean = [0] * len(net.arcs)
    for person, start, stop in net.spans:
        at = _person_prices(net, costs, units, price, (person, start, stop), far)
        for arc in range(start, stop):
            tail, head, _ = net.arcs[arc]
            there = at[1] if head < net.first else price[head - net.first]
            lean[arc] = _sign(costs[arc] + there - at[tail != person])
    for arc in range(net.seats_from, len(net.arcs)):
        lean[arc] = _sign(costs[arc] - price[net.arcs[arc][0] - net.first])
    wrong = any(
        (way > 0 and used > 0) or (way < 0 and used < arc[2])
        for way, used, arc in zip(lean, units, net.arcs, strict=True)
    )
    return None if wrong else lean


def _person_prices(
    net: PersonArcs,
    costs: Sequence[int],
    units: Sequence[int],
    price: Sequence[int],
    span: tuple[int, int, int],
    far: int,
) -> list[int]:
    """What one more unit costs at the person, and at their top options; `far` where it cannot go on."""
    person, start, stop = span
    at = [far, far]
    for _ in range(3):
        for arc in range(start, stop):
            tail, head, capacity = net.arcs[arc]
            top = tail != person
            if units[arc] < capacity:
                there = at[1] if head < net.first else price[head - net.first]
                at[top] = min(at[top], costs[arc] + there)
            if units[arc] > 0 and head < net.first:
                at[1] = min(at[1], at[0] - costs[arc])
    return at


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
