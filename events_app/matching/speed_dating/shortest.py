"""Shortest paths (Dijkstra) from the places with too much, which tell how prices move.

What a person could pass on to is looked at for all of side b at once: few of those ways are the shortest.
"""

from collections.abc import Sequence
from heapq import heappop, heappush

from events_app.matching.speed_dating.colouring import turns_in
from events_app.matching.speed_dating.pair_network import PairNetwork


class Search:
    """Nodes: places as themselves, then each a. What is farther than `radius` is not looked at."""

    def __init__(self, network: PairNetwork, surplus: Sequence[int], radius: int) -> None:
        self._network, self._surplus, self._radius = network, surplus, radius
        self._first_a = network.root + 1
        self._reach = [radius + 1] * (self._first_a + len(network.takes))
        self._far = min(radius + 1, network.offers.far)
        self._bits = network.offers.lanes.bits
        self._bounds = network.offers.bounds(self._far - 1)  # what a way to each b must not exceed
        self._heap: list[tuple[int, int]] = []
        self._done: dict[int, int] = {}
        for place, more in enumerate(surplus):
            if more > 0:
                self._meet(place, 0)

    def raise_prices(self) -> int:
        """Ends where it has met all that lack within the radius: their paths then have reduced cost 0.

        Returns how far that was, or 0 where nobody lacks.
        """
        network, heap, done = self._network, self._heap, self._done
        first_a, met = self._first_a, 0
        lacking = sum(more < 0 for more in self._surplus)
        while heap:
            distance, node = heappop(heap)
            if node in done:
                continue
            if node < first_a and self._surplus[node] < 0:
                met += 1
                if met == lacking:
                    break
            done[node] = distance
            if node >= first_a:
                self._from_person(node - first_a, distance)
            elif node < network.pool:
                self._from_b(node, distance)
            elif node == network.pool:
                self._from_pool(distance)
            else:
                self._from_root(distance)
        else:
            distance = self._radius
        self._shift(distance)
        return distance if met else 0

    def _meet(self, node: int, distance: int) -> None:
        """Remembers a way of this length, if it is the shortest so far."""
        before = self._reach[node]
        if distance < before:
            if node < self._network.pool and distance < self._far:
                nearer = min(before, self._far) - distance
                self._bounds -= nearer << self._bits * node
            self._reach[node] = distance
            heappush(self._heap, (distance, node))

    def _from_b(self, b: int, distance: int) -> None:
        network, reach, heap, first = self._network, self._reach, self._heap, self._first_a
        threshold, base = network.threshold, distance - network.price[b]
        for a, worth in network.takers[b].items():
            there = base + worth - threshold[a]
            if there < reach[a + first]:
                reach[a + first] = there
                heappush(heap, (there, a + first))
        if network.filled[b] < network.limit_b[b]:
            self._meet(network.pool, base + network.toll)

    def _from_person(self, a: int, distance: int) -> None:
        network = self._network
        base = distance + network.threshold[a]
        nearer = network.offers.within(a, base, self._bounds, self._radius) & ~network.takes[a]
        if nearer:
            row, price = network.worth[a], network.price
            for b in turns_in(nearer):
                self._meet(b, base + price[b] - row[b])
        step = network.last_step[a]
        if step is not None and base - step - network.zero < self._reach[network.root]:
            self._meet(network.root, base - step - network.zero)

    def _from_pool(self, distance: int) -> None:
        network = self._network
        for b, filled in enumerate(network.filled):
            if filled:
                self._meet(b, distance + network.price[b] - network.toll)
        if network.through < network.most:
            self._meet(network.root, distance - network.toll - network.zero)

    def _from_root(self, distance: int) -> None:
        network, first = self._network, self._first_a
        base = distance + network.zero
        if network.through:
            self._meet(network.pool, base + network.toll)
        for a, (step, threshold) in enumerate(zip(network.next_step, network.threshold, strict=True)):
            if step is not None:
                self._meet(a + first, base + step - threshold)

    def _shift(self, distance: int) -> None:
        """Moves the potentials so that the shortest paths to what was met have reduced cost 0."""
        network, first, risen = self._network, self._first_a, 0
        for node, earlier in self._done.items():
            if node >= first:
                network.threshold[node - first] -= distance - earlier
            elif node < network.pool:
                network.price[node] += distance - earlier
                risen |= (earlier < distance) << node
            elif node == network.pool:
                network.toll += distance - earlier
            else:
                network.zero -= distance - earlier
        touched = [a for a, there in enumerate(self._reach[first:]) if there <= distance]
        network.prices_moved(touched, risen)
