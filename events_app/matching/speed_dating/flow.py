"""Minimum-cost circulation between two sides with one convex counter per person of side a, in exact integers.

Prices on b are guessed, each a takes its best response to them, and what is then too much or too little
somewhere moves along shortest paths (successive shortest paths; Ahuja, Magnanti, Orlin, "Network Flows",
1993, sections 9.7, 14.5). One Dijkstra prepares the way to all that lack and are not much farther than those
before: most are near, and what is farther would be looked at in vain.
"""

from collections.abc import Sequence

from events_app.matching.speed_dating.blocking import move_units
from events_app.matching.speed_dating.colouring import turns_in
from events_app.matching.speed_dating.pair_network import PairNetwork
from events_app.matching.speed_dating.shortest import Search

WIDER = 8
"""How much farther to look after a search that met nobody who lacks."""


class PairFlow(PairNetwork):
    """`settle` gives the best `takes`; then `price`, `toll` and `threshold` prove it."""

    def settle(self, partners: Sequence[Sequence[int]]) -> None:
        """Finds the best choice, starting from today's prices."""
        self._respond_all(partners)
        for b, limit in enumerate(self.limit_b):
            above = self.price[b] - self.toll
            self.filled[b] = limit if above > 0 else min(limit, len(self.takers[b])) if above == 0 else 0
        self.through = self.most if self.toll > 0 else min(self.most, sum(self.filled))
        self.prices_moved(range(len(self.takes)), 0)
        radius = 1
        while any(surplus := self._moved()):
            reached = Search(self, surplus, radius).raise_prices()
            radius = 2 * reached or WIDER * radius
        self.price = [price + self.zero for price in self.price]
        self.threshold = [threshold - self.zero for threshold in self.threshold]
        self.toll += self.zero
        self.zero = 0

    def _moved(self) -> list[int]:
        """Moves what can move at reduced cost 0; what is still too much or too little."""
        while move_units(self):
            pass
        return self.surplus()

    def _respond_all(self, partners: Sequence[Sequence[int]]) -> None:
        """Lets each a take the best pairs at today's prices, among equals those with the most room left."""
        room = list(self.limit_b)
        roomiest = list(range(len(room)))
        lowest = min(self.price)
        above = [price - lowest for price in self.price]  # smaller numbers are sorted faster
        for a, row in enumerate(partners):
            roomiest.sort(key=room.__getitem__, reverse=True)
            known = roomiest if len(row) == len(room) else filter(set(row).__contains__, roomiest)
            loss = [price - value for price, value in zip(above, self.worth[a], strict=True)]
            ranked = sorted(known, key=loss.__getitem__)
            self._respond(a, ranked, [-loss[b] - lowest for b in ranked[: self.limit_a[a] + 1]])
            for b in turns_in(self.takes[a]):
                self.takers[b][a] = self.worth[a][b]
                room[b] -= 1

    def _respond(self, a: int, ranked: Sequence[int], gains: Sequence[int]) -> None:
        before, step, count = self.already[a], self.step, 0
        while (
            count < min(self.limit_a[a], len(gains))
            and gains[count] > step * (2 * (before + count) + 1) - self.meeting
        ):
            count += 1
        self.takes[a] = sum(1 << b for b in ranked[:count])
        self.count_meetings(a)
        # Any value works between the next gain or the last step, and the last gain or the next step.
        highest = [gains[count - 1]] if count else []
        if (following := self.next_step[a]) is not None:
            highest.append(following)
        self.threshold[a] = min(highest, default=gains[0] if gains else 0)
