"""The network of a speed-dating choice: who takes whom, what that costs, and blocking flows at no cost.

Units go a -> b along pairs (at most one each), b -> pool (at most `limit_b`), pool -> root (at most `most`
in all) and root -> a, whose d-th unit costs `step * (2 d - 1)`, so that d units cost `step * d * d`; d
begins after the units that a has had `already`. A taken pair earns its worth.

The state is a pseudo-flow whose reduced costs are never negative; some nodes may have too much or too
little.
"""

from collections.abc import Sequence
from itertools import pairwise

Arcs = list[tuple[int, int]]
"""Where units can go from a node, with the reduced cost. Nodes: b as itself, pool, root, then each a."""


class PairNetwork:
    """With prices p on b, thresholds t on a and the `toll` from pool to root, all counted from the root:
    a taken pair has worth >= p + t, another candidate worth <= p + t, a's steps bracket t, and p is at
    least the toll where b is taken at all.
    """

    def __init__(
        self,
        worth: Sequence[Sequence[int]],
        limit_a: Sequence[int],
        limit_b: Sequence[int],
        step: int,
        already: Sequence[int],
        most: int,
    ) -> None:
        self.worth, self.limit_a, self.limit_b, self.step = worth, limit_a, limit_b, step
        self.already, self.most = already, most
        self.candidates: list[list[int]] = [[] for _ in limit_a]
        self.price = [0] * len(limit_b)
        self.toll = 0
        self.threshold = [0] * len(limit_a)
        self.takes: list[set[int]] = [set() for _ in limit_a]
        self.takers: list[set[int]] = [set() for _ in limit_b]
        self._filled = [0] * len(limit_b)
        self._through = 0
        self._zero = 0  # the root's own potential while prices move
        self._pool, self._root, self._first_a = len(limit_b), len(limit_b) + 1, len(limit_b) + 2
        self._tight: dict[int, list[int]] = {}

    def _next(self, a: int, count: int) -> int:
        """What a's next unit costs after `count`."""
        return self.step * (2 * (self.already[a] + count) + 1)

    def _surplus(self) -> list[int]:
        """What each b, the pool and the root have too much, or too little where negative."""
        surplus = [len(takers) - filled for takers, filled in zip(self.takers, self._filled, strict=True)]
        return [*surplus, sum(self._filled) - self._through, self._through - sum(map(len, self.takes))]

    def _arcs_from_a(self, a: int) -> Arcs:
        row, mine, threshold, price = self.worth[a], self.takes[a], self.threshold[a], self.price
        arcs = [(b, threshold + price[b] - row[b]) for b in self.candidates[a] if b not in mine]
        if mine:
            arcs.append((self._root, threshold - self._next(a, len(mine) - 1) - self._zero))
        return arcs

    def _arcs_from_b(self, b: int) -> Arcs:
        price, worth, threshold, first = self.price[b], self.worth, self.threshold, self._first_a
        arcs = [(a + first, worth[a][b] - price - threshold[a]) for a in self.takers[b]]
        if self._filled[b] < self.limit_b[b]:
            arcs.append((self._pool, self.toll - price))
        return arcs

    def _arcs_from_pool(self) -> Arcs:
        arcs = [(b, self.price[b] - self.toll) for b, filled in enumerate(self._filled) if filled]
        if self._through < self.most:
            arcs.append((self._root, -self.toll - self._zero))
        return arcs

    def _arcs_from_root(self) -> Arcs:
        zero, first = self._zero, self._first_a
        arcs = [(self._pool, zero + self.toll)] if self._through else []
        for a, mine in enumerate(self.takes):
            if len(mine) < self.limit_a[a]:
                arcs.append((a + first, self._next(a, len(mine)) + zero - self.threshold[a]))
        return arcs

    def _arcs(self, node: int) -> Arcs:
        if node >= self._first_a:
            return self._arcs_from_a(node - self._first_a)
        if node < self._pool:
            return self._arcs_from_b(node)
        return self._arcs_from_pool() if node == self._pool else self._arcs_from_root()

    def _free_arcs(self, node: int) -> list[int]:
        """Where units can go at reduced cost 0."""
        if node < self._first_a:
            return [to for to, cost in self._arcs(node) if cost == 0]
        a = node - self._first_a
        mine, threshold = self.takes[a], self.threshold[a]
        if a not in self._tight:
            row, price = self.worth[a], self.price
            self._tight[a] = [b for b in self.candidates[a] if threshold + price[b] == row[b]]
        free = [b for b in self._tight[a] if b not in mine]
        if mine and threshold - self._next(a, len(mine) - 1) == self._zero:
            free.append(self._root)
        return free

    def move_units(self) -> bool:
        """A blocking flow along arcs of reduced cost 0 (Dinic 1970); false when nothing could move."""
        surplus = self._surplus()
        sources = [node for node, more in enumerate(surplus) if more > 0]
        onward = self._layers(sources, surplus)
        for source in sources if onward else ():
            while surplus[source] > 0 and (path := self._find_path(source, surplus, onward)):
                self._apply(path)
                surplus[source] -= 1
                surplus[path[-1]] += 1
        return bool(onward)

    def _layers(self, sources: list[int], surplus: list[int]) -> dict[int, list[int]]:
        """The free arcs to the next layer, up to the nearest node with too little; empty without one."""
        onward: dict[int, list[int]] = {}
        level = dict.fromkeys(sources, 0)
        frontier, depth = sources, 0
        while frontier and not any(node <= self._root and surplus[node] < 0 for node in frontier):
            depth += 1
            found: list[int] = []
            for node in frontier:
                arcs = [to for to in self._free_arcs(node) if level.get(to, depth) == depth]
                found += [to for to in arcs if to not in level]
                level.update(dict.fromkeys(arcs, depth))
                onward[node] = arcs
            frontier = found
        return onward if frontier else {}

    def _find_path(self, source: int, surplus: list[int], onward: dict[int, list[int]]) -> list[int]:
        """Depth first along `onward`, from which used arcs and dead ends are taken away."""
        path = [source]
        while path:
            node = path[-1]
            if node <= self._root and surplus[node] < 0:
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
        if v == self._pool:
            return self._through if u == self._root else self.limit_b[u] - self._filled[u]
        if u == self._pool:
            return self.most - self._through if v == self._root else self._filled[v]
        return 1

    def _apply(self, path: list[int]) -> None:
        pool, root, first_a = self._pool, self._root, self._first_a
        for u, v in pairwise(path):
            if u < pool and v > root:
                self.takes[v - first_a].discard(u)
                self.takers[u].discard(v - first_a)
            elif u > root and v < pool:
                self.takes[u - first_a].add(v)
                self.takers[v].add(u - first_a)
            elif v == pool:
                if u == root:
                    self._through -= 1
                else:
                    self._filled[u] += 1
            elif u == pool:
                if v == root:
                    self._through += 1
                else:
                    self._filled[v] -= 1
