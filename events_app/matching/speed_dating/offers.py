"""What each a would lose or win with everybody of side b at today's prices, looked at all at once."""

from collections.abc import Sequence

from events_app.matching.speed_dating.lanes import Lanes

HEADROOM = 4
"""Distances up to so many times the spread of worths and prices fit into lanes; at least 1."""


class Rows:
    """What the pairs are worth, from 0 to `most`; only those in `allowed`, a mask for each a, count."""

    def __init__(self, worth: Sequence[Sequence[int]], allowed: Sequence[int], most: int) -> None:
        self.worth, self.allowed, self.most = worth, allowed, most
        self._packed: dict[int, list[int]] = {}

    def packed(self, lanes: Lanes) -> list[int]:
        """Each row in lanes; kept, for later prices mostly need lanes of the same size."""
        if lanes.size not in self._packed:
            self._packed[lanes.size] = [lanes.pack(row) for row in self.worth]
        return self._packed[lanes.size]


class Offers:
    """At prices on b; a pair costs `base + price - worth` with a base that each a brings."""

    def __init__(self, rows: Rows, price: Sequence[int]) -> None:
        self._rows = rows
        self._lowest = min(price)
        dearer = max(price) - self._lowest
        self._limit = HEADROOM * (dearer + rows.most + 1)
        self.far = self._limit + dearer + 1
        """More than any cost that is told from lanes."""
        self.lanes = Lanes(len(price), Lanes.size_for(2 * self.far + rows.most))
        self._packed = rows.packed(self.lanes)
        self._raised = self.lanes.signs - self.lanes.pack([value - self._lowest for value in price])

    def free(self, a: int, base: int) -> int:
        """A mask of the pairs that cost 0."""
        level = base + self._lowest
        if not -self._limit <= level <= self._limit:
            return 0  # what is so far from 0 stays away from it, whatever the price and the worth
        lanes = self.lanes
        return lanes.zeros(self._raised + self._packed[a] - level * lanes.ones) & self._rows.allowed[a]

    def bounds(self, most: int) -> int:
        """The same bound for everybody; less of it in a lane is a lower bound there."""
        return self._raised + most * self.lanes.ones

    def within(self, a: int, base: int, bounds: int, most: int) -> int:
        """A mask of the pairs that cost no more than their bound; none of the bounds is above `most`.

        All pairs where lanes cannot tell.
        """
        level = base + self._lowest
        if level - self._rows.most > most:
            return 0
        if not -self._limit <= level <= self._limit:
            return self._rows.allowed[a]
        lanes = self.lanes
        return lanes.not_negative(bounds + self._packed[a] - level * lanes.ones) & self._rows.allowed[a]
