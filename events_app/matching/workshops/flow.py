"""Exact minimum-cost flow from people to seats, in plain Python, that can be changed and mended.

Successive shortest paths (Jewell 1958; Edmonds and Karp 1972) with potentials, on the graph of the
*places* only: people are contracted into arcs between two places, "the cheapest person here who
could go there", kept in heaps. There are few places and many people, so one search costs
O(places^2) whatever the number of people. Closing a place and forcing people into it start from
the last optimum and cost some paths, not a new solution.

A person holds several places, each at most once; `bonus` is taken off once if one of them is a
`top` option. That is still a flow: one more node per person, through which the top options pass.
"""

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush

from msgspec import Struct

from events_app.matching.workshops.trades import Step, Trades

NOTHING = -1
"""The option of leaving a seat empty; it leads straight outside."""

Start = tuple[int, int, tuple[Step, ...]]
"""Where a search may begin: (cost, node, the steps that lead there)."""


class Option(Struct, frozen=True):
    """A place that a person may hold, and what it costs."""

    place: int
    cost: int
    top: bool = False


class Flow:
    """Places are 0..n-1, leading by arcs to each other and to node `outside`, where every unit ends.

    After every public operation that succeeds, what is held is the cheapest possible under the
    bounds so far, and `potential` proves it. After one that fails (returns False) the state must
    be thrown away; `cut` then holds the nodes that could not be reached.
    """

    def __init__(self, places: int, bonus: int = 0) -> None:
        self.outside = places
        self.bonus = bonus
        self.options: list[tuple[Option, ...]] = []
        self.nothing: list[int] = []
        self.held: list[list[int]] = []
        self.potential = [0] * (places + 1)
        self.cut: frozenset[int] = frozenset()
        self.tail: list[int] = []
        self.head: list[int] = []
        self.low: list[int] = []
        self.high: list[int] = []
        self.flow: list[int] = []
        self._leaving: list[list[int]] = [[] for _ in range(places + 1)]
        self._arriving: list[list[int]] = [[] for _ in range(places + 1)]
        self._trades = Trades(places + 1)

    def copy(self) -> "Flow":
        """An independent state; what never changes is shared."""
        other = Flow.__new__(Flow)
        other.__dict__.update(self.__dict__)
        for name in ("potential", "low", "high", "flow"):
            setattr(other, name, list(getattr(self, name)))
        other.held = [list(held) for held in self.held]
        other._trades = self._trades.copy()
        return other

    def add_arc(self, tail: int, head: int, capacity: int) -> int:
        """A way from one place to another or outside, free of charge; returns its number."""
        arc = len(self.tail)
        for column, value in ((self.tail, tail), (self.head, head), (self.high, capacity)):
            column.append(value)
        self.low.append(0)
        self.flow.append(0)
        self._leaving[tail].append(arc)
        self._arriving[head].append(arc)
        return arc

    def add_person(self, options: Iterable[Option], nothing: int) -> int:
        """Somebody who holds no seat yet (see `seat`); `nothing` is what an empty seat costs."""
        self.options.append(tuple(options))
        self.nothing.append(nothing)
        self.held.append([])
        self._trades.add_person()
        return len(self.options) - 1

    def held_cost(self, person: int, held: Iterable[int]) -> int:
        """What this person's seats cost together, the bonus taken off."""
        options = self.options[person]
        cost = top = 0
        for i in held:
            if i == NOTHING:
                cost += self.nothing[person]
            else:
                cost += options[i].cost
                top |= options[i].top
        return cost - self.bonus if top else cost

    def total(self) -> int:
        """The cost of what is held now."""
        return sum(self.held_cost(person, held) for person, held in enumerate(self.held))

    def seat(self, person: int) -> None:
        """Give the person one more seat, the cheapest way for all together."""
        held, options = self.held[person], self.options[person]
        before = self.held_cost(person, held)
        starts: list[Start] = [
            (
                self.held_cost(person, [*held, j]) - before,
                self.outside if j == NOTHING else options[j].place,
                ((person, NOTHING, j),),
            )
            for j in range(NOTHING, len(options))
            if j == NOTHING or j not in held
        ]
        held.append(NOTHING)
        self._push(self._search(starts, self.outside))

    def limit(self, arc: int, capacity: int) -> bool:
        """Lower an arc's capacity; units above it take the cheapest other way. False: there is none."""
        self.high[arc] = capacity
        while self.flow[arc] > capacity:
            self.flow[arc] -= 1
            if not self._push(self._search([(0, self.tail[arc], ())], self.head[arc], frozen=arc)):
                self.flow[arc] += 1
                return False
        return True

    def require(self, arc: int, least: int) -> bool:
        """At least so many units on an arc, found the cheapest way. False: there are not so many."""
        while self.flow[arc] < least:
            steps = self._search([(0, self.head[arc], ())], self.tail[arc], frozen=arc)
            if steps is None or self.flow[arc] >= self.high[arc]:
                return False
            self._push(steps)
            self.flow[arc] += 1
        self.low[arc] = max(self.low[arc], least)
        return True

    def _search(self, starts: list[Start], target: int, frozen: int = -1) -> list[Step] | None:
        """The cheapest way from a start to `target`, and potentials that prove it (Dijkstra)."""
        potential = self.potential
        distance: dict[int, int] = {}
        came: dict[int, tuple[int, tuple[Step, ...]]] = {}
        queue: list[tuple[int, int]] = []
        base = min(cost - potential[node] for cost, node, _ in starts)
        for cost, node, steps in starts:
            at = cost - potential[node] - base
            if node not in distance or at < distance[node]:
                distance[node] = at
                came[node] = (-1, steps)
                heappush(queue, (at, node))
        done: set[int] = set()
        while queue:
            here, node = heappop(queue)
            if node in done:
                continue
            done.add(node)
            if node == target:
                break
            level = here + potential[node]
            for ways in (self._arcs_from(node, frozen), self._trades.leaving(node)):
                for head, cost, step in ways:
                    at = level + cost - potential[head]
                    if head not in distance or at < distance[head]:
                        distance[head] = at
                        came[head] = (node, (step,))
                        heappush(queue, (at, head))
                if distance.get(target) == here:
                    break
        if target not in done:
            self.cut = frozenset(range(self.outside + 1)) - done
            return None
        for node in done:
            potential[node] -= distance[target] - distance[node]
        return self._without_detours(_path(came, target))

    def _arcs_from(self, node: int, frozen: int) -> Iterator[tuple[int, int, Step]]:
        """Where one unit more, or one less, on an arc leads: (node, cost, step)."""
        flow = self.flow
        for arc in self._leaving[node]:
            if flow[arc] < self.high[arc] and arc != frozen:
                yield self.head[arc], 0, (-1, arc, 1)
        for arc in self._arriving[node]:
            if flow[arc] > self.low[arc] and arc != frozen:
                yield self.tail[arc], 0, (-1, arc, -1)

    def _without_detours(self, path: list[Step]) -> list[Step]:
        """Cut out loops of no cost in which one person would move twice.

        Two moves of one person are independent only if one is among the top options and the other
        is not: then they pass through different nodes of the person.
        """
        last: dict[tuple[int, int], int] = {}
        for place, step in enumerate(path):
            for node in self._person_nodes(step):
                last[node] = place
        kept: list[Step] = []
        at = 0
        while at < len(path):
            person, out, into = path[at]
            end = max((last[node] for node in self._person_nodes(path[at])), default=at)
            if end > at:
                into = path[end][2]
            kept.append((person, out, into))
            at = end + 1
        return kept

    def _person_nodes(self, step: Step) -> list[tuple[int, int]]:
        person, out, into = step
        if person < 0:
            return []
        options = self.options[person]
        tops = {i != NOTHING and options[i].top for i in (out, into)}
        nodes = []
        if True in tops:
            nodes.append((person, 1))
        if False in tops:
            nodes.append((person, 0))
        return nodes

    def _push(self, path: list[Step] | None) -> bool:
        """One unit along the path."""
        if path is None:
            return False
        moved = []
        for person, out, into in path:
            if person < 0:
                self.flow[out] += into
            else:
                held = self.held[person]
                held[held.index(out)] = into
                moved.append(person)
        for person in dict.fromkeys(moved):
            self._offer(person)
        return True

    def _offer(self, person: int) -> None:
        """Enter every trade that this person could now make; older entries become void."""
        self._trades.renew(person)
        enter, held, options = self._trades.enter, self.held[person], self.options[person]
        tops = sum(i != NOTHING and options[i].top for i in held)
        for out in dict.fromkeys(held):
            if out == NOTHING:
                here, paid, rest = self.outside, self.nothing[person], tops
            else:
                option = options[out]
                here, paid, rest = option.place, option.cost, tops - option.top
                gain = self.bonus if tops and not rest else 0
                enter(here, self.outside, self.nothing[person] - paid + gain, (person, out, NOTHING))
            paid -= self.bonus if tops else 0
            for into, option in enumerate(options):
                if into in held:
                    continue
                cost = option.cost - (self.bonus if rest or option.top else 0)
                enter(here, option.place, cost - paid, (person, out, into))


def _path(came: dict[int, tuple[int, tuple[Step, ...]]], target: int) -> list[Step]:
    path: list[Step] = []
    node = target
    while node != -1:
        node, steps = came[node]
        path[:0] = steps
    return path
