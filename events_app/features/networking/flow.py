"""Minimum-cost circulation between two sides with one convex counter per person of side a, in exact integers.

Units go a -> b along pairs (at most one each), b -> ground (at most `limit_b`) and ground -> a, whose
d-th unit costs `step * (2 d - 1)`, so that d units cost `step * d * d`; d begins after the units that a
has had `already`. A taken pair earns its worth.

The state is a pseudo-flow whose reduced costs are never negative: prices on b are guessed, each a
takes its best response to them, and what is then too much or too little at some b moves along shortest
paths (successive shortest paths; Ahuja, Magnanti, Orlin, "Network Flows", 1993, sections 9.7, 14.5).
"""

from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import pairwise

Arcs = list[tuple[int, int]]
"""Where units can go from a node, with the reduced cost. Nodes: b as itself, then the ground, then each a."""


class PairFlow:
    """`settle` gives the best `takes` among `candidates`; then `price` and `threshold` prove it.

    With prices p on b and thresholds t on a, both counted from the ground: a taken pair has
    worth >= p + t, another candidate worth <= p + t, and a's steps bracket t.
    """

    def __init__(
        self,
        worth: Sequence[Sequence[int]],
        limit_a: Sequence[int],
        limit_b: Sequence[int],
        step: int,
        already: Sequence[int],
    ) -> None:
        self.worth, self.limit_a, self.limit_b, self.step = worth, limit_a, limit_b, step
        self.already = already
        self.candidates: list[list[int]] = [[] for _ in limit_a]
        self.price = [0] * len(limit_b)
        self.threshold = [0] * len(limit_a)
        self.takes: list[set[int]] = [set() for _ in limit_a]
        self._takers: list[set[int]] = [set() for _ in limit_b]
        self._filled = [0] * len(limit_b)
        self._zero = 0  # the ground's own potential while prices move
        self._ground = len(limit_b)
        self._first_a = len(limit_b) + 1

    def settle(self) -> None:
        """Finds the best choice, starting from today's prices."""
        self._takers = [set() for _ in self.limit_b]
        for a in range(len(self.limit_a)):
            self._respond(a)
        for b, limit in enumerate(self.limit_b):
            self._filled[b] = limit if self.price[b] > 0 else min(limit, len(self._takers[b]))
        while self._raise_prices():
            while self._move_units():
                pass
        self.price = [price + self._zero for price in self.price]
        self.threshold = [threshold - self._zero for threshold in self.threshold]
        self._zero = 0

    def _respond(self, a: int) -> None:
        """Lets a take the best pairs at today's prices, among equals those with the most room left."""
        row, price, limit = self.worth[a], self.price, self.limit_a[a]
        room = [most - len(takers) for most, takers in zip(self.limit_b, self._takers, strict=True)]
        ranked = sorted(self.candidates[a], key=lambda b: (price[b] - row[b], -room[b]))
        gains = [row[b] - price[b] for b in ranked[: limit + 1]]
        count = 0
        while count < min(limit, len(gains)) and gains[count] > self._next(a, count):
            count += 1
        self.takes[a] = set(ranked[:count])
        for b in ranked[:count]:
            self._takers[b].add(a)
        # Any value works between the next gain or the last step, and the last gain or the next step.
        highest = gains[count - 1 : count] + [self._next(a, count)] * (count < limit)
        self.threshold[a] = min(highest, default=max(gains, default=0))

    def _next(self, a: int, count: int) -> int:
        """What a's next unit costs after `count`."""
        return self.step * (2 * (self.already[a] + count) + 1)

    def _surplus(self) -> list[int]:
        """What each b, and last the ground, has too much, or too little where negative."""
        surplus = [len(takers) - filled for takers, filled in zip(self._takers, self._filled, strict=True)]
        return [*surplus, -sum(surplus)]

    def _arcs(self, node: int) -> Arcs:
        if node < self._ground:
            return self._arcs_from_b(node)
        return self._arcs_from_a(node - self._first_a) if node > self._ground else self._arcs_from_ground()

    def _arcs_from_a(self, a: int) -> Arcs:
        row, mine, threshold, price = self.worth[a], self.takes[a], self.threshold[a], self.price
        arcs = [(b, threshold + price[b] - row[b]) for b in self.candidates[a] if b not in mine]
        if mine:
            arcs.append((self._ground, threshold - self._next(a, len(mine) - 1) - self._zero))
        return arcs

    def _arcs_from_b(self, b: int) -> Arcs:
        price, worth, threshold, first = self.price[b], self.worth, self.threshold, self._first_a
        arcs = [(a + first, worth[a][b] - price - threshold[a]) for a in self._takers[b]]
        if self._filled[b] < self.limit_b[b]:
            arcs.append((self._ground, -price - self._zero))
        return arcs

    def _arcs_from_ground(self) -> Arcs:
        zero, first = self._zero, self._first_a
        arcs = [(b, self.price[b] + zero) for b, filled in enumerate(self._filled) if filled]
        for a, mine in enumerate(self.takes):
            if len(mine) < self.limit_a[a]:
                arcs.append((a + first, self._next(a, len(mine)) + zero - self.threshold[a]))
        return arcs

    def _raise_prices(self) -> bool:
        """One Dijkstra from all that is too much to the nearest too little; false when all is level."""
        surplus = self._surplus()
        sources = [node for node, more in enumerate(surplus) if more > 0]
        if not sources:
            return False
        best = dict.fromkeys(sources, 0)
        heap = [(0, node) for node in sources]
        done: dict[int, int] = {}
        while True:
            distance, node = heappop(heap)
            if node in done:
                continue
            if node <= self._ground and surplus[node] < 0:
                break
            done[node] = distance
            for to, cost in self._arcs(node):
                if to not in best or distance + cost < best[to]:
                    best[to] = distance + cost
                    heappush(heap, (distance + cost, to))
        for node, earlier in done.items():
            if node < self._ground:
                self.price[node] += distance - earlier
            elif node == self._ground:
                self._zero -= distance - earlier
            else:
                self.threshold[node - self._first_a] -= distance - earlier
        return True

    def _move_units(self) -> bool:
        """A blocking flow along arcs of reduced cost 0 (Dinic); false when nothing could move."""
        surplus = self._surplus()
        sources = [node for node, more in enumerate(surplus) if more > 0]
        onward: dict[int, list[int]] = {}
        level = dict.fromkeys(sources, 0)
        frontier, depth = sources, 0
        while frontier and not any(node <= self._ground and surplus[node] < 0 for node in frontier):
            depth += 1
            for node in frontier:
                onward[node] = [
                    to for to, cost in self._arcs(node) if cost == 0 and level.get(to, depth) == depth
                ]
                level.update(dict.fromkeys(onward[node], depth))
            frontier = [node for node, found in level.items() if found == depth]
        for source in sources if frontier else ():
            while surplus[source] > 0 and (path := self._find_path(source, surplus, onward)):
                self._apply(path)
                surplus[source] -= 1
                surplus[path[-1]] += 1
        return bool(frontier)

    def _find_path(self, source: int, surplus: list[int], onward: dict[int, list[int]]) -> list[int]:
        """Depth first along `onward`, from which used arcs and dead ends are taken away."""
        path = [source]
        while path:
            node = path[-1]
            if node <= self._ground and surplus[node] < 0:
                return path
            if not (options := onward.get(node)):
                path.pop()
                if path and onward[path[-1]][-1:] == [node]:
                    onward[path[-1]].pop()
                continue
            to = options[-1]
            room = self._room(node, to)
            if room <= 1:
                options.pop()
            if room:
                path.append(to)
        return []

    def _room(self, u: int, v: int) -> int:
        """How many units can go from u to v now; pairs and steps hold one."""
        if v == self._ground and u < v:
            return self.limit_b[u] - self._filled[u]
        return self._filled[v] if u == self._ground and v < u else 1

    def _apply(self, path: list[int]) -> None:
        ground, first_a = self._ground, self._first_a
        for u, v in pairwise(path):
            if u < ground and v > ground:
                self.takes[v - first_a].discard(u)
                self._takers[u].discard(v - first_a)
            elif u > ground and v < ground:
                self.takes[u - first_a].add(v)
                self._takers[v].add(u - first_a)
            elif v == ground and u < ground:
                self._filled[u] += 1
            elif u == ground and v < ground:
                self._filled[v] -= 1

    def admit_better(self, partners: Sequence[Sequence[int]]) -> bool:
        """Adds the pairs that today's prices do not rule out; false proves the choice best of all."""
        price, admitted = self.price, False
        for a, (row, known) in enumerate(zip(partners, self.candidates, strict=True)):
            if len(known) < len(row):
                worth, threshold = self.worth[a], self.threshold[a]
                better = {b for b in row if worth[b] - price[b] > threshold}.difference(known)
                known.extend(sorted(better))
                admitted = admitted or bool(better)
        return admitted
