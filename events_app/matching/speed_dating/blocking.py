"""Blocking flows (Dinic 1970) along what costs nothing more, from places with too much to those that lack.

Layers hold places only, as bit masks, and are found backwards from those that lack: one look at each
person's ways tells which places are before a layer, however many pairs there are.
"""

from itertools import pairwise

from events_app.matching.speed_dating.colouring import lowest, turns_in
from events_app.matching.speed_dating.pair_network import PairNetwork

DIRECTLY = -1

Hop = tuple[int, int]
"""A place, and the person by way of whom the unit leaves it, or DIRECTLY."""


def move_units(network: PairNetwork) -> bool:
    """One blocking flow at reduced cost 0; false when nothing could move."""
    surplus = network.surplus()
    sources = [place for place, more in enumerate(surplus) if more > 0]
    layers = _Layers(network, sources, [place for place, more in enumerate(surplus) if more < 0])
    moved = False
    for source in sources:
        while surplus[source] > 0 and (path := layers.find_path(source)):
            moved = True
            last, _ = path[-1]
            for (start, a), (end, _) in pairwise(path):
                if a == DIRECTLY:
                    network.move_directly(start, end)
                else:
                    network.move_by(a, start, end)
                    layers.people[start].pop()
            surplus[source] -= 1
            surplus[last] += 1
            if not surplus[last]:
                layers.masks[0] ^= 1 << last
    return moved


class _Layers:
    """`masks`: the places at each distance from those that lack, until all sources are met."""

    def __init__(self, network: PairNetwork, sources: list[int], lacking: list[int]) -> None:
        self._network = network
        self.people: dict[int, list[int]] = {}
        self.masks: list[int] = []
        self._distance: dict[int, int] = {}
        ways = [
            (free, tight & mine | ask)
            for tight, mine, ask in zip(network.tight, network.takes, network.asks, strict=True)
            if (free := tight & ~mine)
        ]
        frontier = sum(1 << place for place in lacking)
        missing = sum(1 << place for place in sources)
        unseen = ~frontier
        while frontier:
            self._distance |= dict.fromkeys(turns_in(frontier), len(self.masks))
            self.masks.append(frontier)
            missing &= ~frontier
            if not missing:
                break
            before = network.places_before(frontier)
            for places in [places for free, places in ways if free & frontier]:
                before |= places
            frontier = before & unseen
            unseen &= ~frontier
            ways = [way for way in ways if way[1] & unseen]

    def find_path(self, source: int) -> list[Hop]:
        """Depth first; people without a way on and dead ends are taken away. Ends with a place."""
        path: list[Hop] = []
        place, far = source, self._distance.get(source, 0)
        while far and (path or self.masks[far] >> source & 1):
            person, options = self._way_on(place, self.masks[far - 1])
            if options:
                path.append((place, person))
                place, far = lowest(options), far - 1
                continue
            self.masks[far] ^= 1 << place
            if path:
                place, _ = path.pop()
                far += 1
        return [*path, (place, DIRECTLY)] if path else []

    def _way_on(self, place: int, onward: int) -> Hop:
        """By way of whom, and a mask of the places to which."""
        network = self._network
        if place not in self.people:
            self.people[place] = network.free_people(place)
        queue, tight, takes = self.people[place], network.tight, network.takes
        while queue:
            a = queue[-1]
            if options := tight[a] & ~takes[a] & onward:
                return a, options
            queue.pop()
        return DIRECTLY, network.free_places(place) & onward
