"""Minimum-cost circulation between two sides with one convex counter per person of side a, in exact integers.

Prices on b are guessed, each a takes its best response to them, and what is then too much or too little
somewhere moves along shortest paths (successive shortest paths; Ahuja, Magnanti, Orlin, "Network Flows",
1993, sections 9.7, 14.5). One Dijkstra prepares the way to half of what is too little, near and far.
"""

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush

from events_app.features.networking.pair_network import PairNetwork


class PairFlow(PairNetwork):
    """`settle` gives the best `takes` among `candidates`; then `price`, `toll` and `threshold` prove it."""

    def settle(self, answering: Iterable[int] | None = None) -> None:
        """Finds the best choice, starting from today's prices.

        `answering`: the people of side a whose candidates changed, where the others have answered.
        """
        answering = range(len(self.limit_a)) if answering is None else answering
        for a in answering:
            for b in self.takes[a]:
                self.takers[b].discard(a)
        room = [most - len(takers) for most, takers in zip(self.limit_b, self.takers, strict=True)]
        for a in answering:
            self._respond(a, room)
        for b, limit in enumerate(self.limit_b):
            above = self.price[b] - self.toll
            self._filled[b] = limit if above > 0 else min(limit, len(self.takers[b])) if above == 0 else 0
        self._through = self.most if self.toll > 0 else min(self.most, sum(self._filled))
        while self._raise_prices():
            self._tight = {}
            while self.move_units():
                pass
        self.price = [price + self._zero for price in self.price]
        self.threshold = [threshold - self._zero for threshold in self.threshold]
        self.toll += self._zero
        self._zero = 0

    def _respond(self, a: int, room: list[int]) -> None:
        """Lets a take the best pairs at today's prices, among equals those with the most room left."""
        row, price, limit = self.worth[a], self.price, self.limit_a[a]
        ranked = sorted([(price[b] - row[b], -room[b], b) for b in self.candidates[a]])[: limit + 1]
        count = 0
        while count < min(limit, len(ranked)) and -ranked[count][0] > self._next(a, count):
            count += 1
        self.takes[a] = {b for _, _, b in ranked[:count]}
        for b in self.takes[a]:
            self.takers[b].add(a)
            room[b] -= 1
        # Any value works between the next gain or the last step, and the last gain or the next step.
        highest = [-loss for loss, _, _ in ranked[count - 1 : count]] if count else []
        highest += [self._next(a, count)] * (count < limit)
        self.threshold[a] = min(highest, default=-ranked[0][0] if ranked else 0)

    def _raise_prices(self) -> bool:
        """One Dijkstra from all that is too much; false when all is level.

        It ends where it has met enough that is too little for half of the units: all their paths then
        have reduced cost 0.
        """
        surplus = self._surplus()
        reach = {node: 0 for node, more in enumerate(surplus) if more > 0}
        if not reach:
            return False
        wanted = max(1, sum(surplus[node] for node in reach) // 2)
        heap = [(0, node) for node in reach]
        done: dict[int, int] = {}
        distance = 0
        while heap:
            distance, node = heappop(heap)
            if node in done:
                continue
            if node <= self._root and surplus[node] < 0:
                wanted += surplus[node]
                if wanted <= 0:
                    break
            done[node] = distance
            for to, cost in self._arcs(node):
                if to not in reach or distance + cost < reach[to]:
                    reach[to] = distance + cost
                    heappush(heap, (distance + cost, to))
        self._shift(done, distance)
        return True

    def _shift(self, done: dict[int, int], distance: int) -> None:
        """Moves the potentials so that the shortest paths of `done` have reduced cost 0."""
        for node, earlier in done.items():
            if node < self._pool:
                self.price[node] += distance - earlier
            elif node == self._pool:
                self.toll += distance - earlier
            elif node == self._root:
                self._zero -= distance - earlier
            else:
                self.threshold[node - self._first_a] -= distance - earlier

    def admit_better(self, partners: Sequence[Sequence[int]], at_once: int) -> list[int]:
        """Adds pairs that today's prices do not rule out, for each a the best `at_once`.

        Returns whose candidates changed; nobody's proves the choice best of all.
        """
        price, changed = self.price, []
        for a, (row, known) in enumerate(zip(partners, self.candidates, strict=True)):
            if len(known) < len(row):
                worth, threshold = self.worth[a], self.threshold[a]
                better = {b for b in row if worth[b] - price[b] > threshold}.difference(known)
                if better:
                    known.extend(sorted(better, key=lambda b: (price[b] - worth[b], b))[:at_once])
                    changed.append(a)
        return changed
