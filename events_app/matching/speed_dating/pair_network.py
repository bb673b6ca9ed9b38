"""The network of a speed-dating choice: who takes whom, what that costs, and where units go for nothing more.

Units go a -> b along pairs (at most one each), b -> pool (at most `limit_b`), pool -> root (at most `most`
in all) and root -> a, whose d-th unit costs `step * (2 d - 1)`, so that d units cost `step * d * d`, and
earns `meeting`; d begins after the units that a has had `already`. A taken pair earns its worth.

The state is a pseudo-flow whose reduced costs are never negative; some places may have too much or too
little. Places are those of side b, the pool and the root: so few that sets of them are bit masks. Nobody of
side a ever has too much or too little, so units go from place to place, by way of somebody or directly.
"""

from collections.abc import Collection, Sequence

from events_app.matching.speed_dating.colouring import turns_in
from events_app.matching.speed_dating.offers import Offers, Rows


class PairNetwork:
    """With prices p on b, thresholds t on a and the `toll` from pool to root, all counted from the root:
    a taken pair has worth >= p + t, another allowed pair worth <= p + t, a's steps bracket t, and p is at
    least the toll where b is taken at all.
    """

    def __init__(
        self,
        rows: Rows,
        limit_a: Sequence[int],
        limit_b: Sequence[int],
        meeting: int,
        step: int,
        already: Sequence[int],
        most: int,
    ) -> None:
        self.rows, self.worth = rows, rows.worth
        self.limit_a, self.limit_b, self.most = limit_a, limit_b, most
        self.meeting, self.step, self.already = meeting, step, already
        self.price = [0] * len(limit_b)
        self.toll = 0
        self.threshold = [0] * len(limit_a)
        self.takes = [0] * len(limit_a)
        self.last_step: list[int | None] = [None] * len(limit_a)
        """What a's last unit cost, where there is one."""
        self.next_step: list[int | None] = [None] * len(limit_a)
        """What a's next unit would cost, where one more is possible."""
        self.takers: list[dict[int, int]] = [{} for _ in limit_b]
        """Who takes each b, with the worth of the pair."""
        self.filled = [0] * len(limit_b)
        self.through = 0
        self.zero = self._zero_before = 0  # the root's own potential while prices move
        self.pool, self.root = len(limit_b), len(limit_b) + 1
        self.tight = [0] * len(limit_a)
        """Pairs at reduced cost 0, taken or not; and the root where a gives up a meeting at that cost."""
        self.asks = [0] * len(limit_a)
        """The root where a takes one meeting more at reduced cost 0."""
        self.offers = Offers(rows, self.price)
        self._at_toll = 0  # those of side b whose price is the toll

    def surplus(self) -> list[int]:
        """What each place has too much, or too little where negative."""
        surplus = [len(takers) - filled for takers, filled in zip(self.takers, self.filled, strict=True)]
        taken = sum(map(len, self.takers))
        return [*surplus, sum(self.filled) - self.through, self.through - taken]

    def prices_moved(self, touched: Collection[int], risen: int) -> None:
        """Finds the tight pairs again.

        The others than `touched` have the same thresholds, and no new tight pairs; the `risen` places have
        become too dear for them.
        """
        self.offers = Offers(self.rows, self.price)
        self._at_toll = sum(1 << b for b, price in enumerate(self.price) if price == self.toll)
        self.tight = [mask & ~risen for mask in self.tight]
        for a in touched:
            self.tight[a] = self.offers.free(a, self.threshold[a])
        root_moved = self.zero != self._zero_before
        self._zero_before = self.zero
        for a in range(len(self.takes)) if root_moved else touched:
            self._look_at_steps(a)

    def _look_at_steps(self, a: int) -> None:
        root, threshold = 1 << self.root, self.threshold[a] - self.zero
        self.asks[a] = root if threshold == self.next_step[a] else 0
        if threshold == self.last_step[a]:
            self.tight[a] |= root
        else:
            self.tight[a] &= ~root

    def count_meetings(self, a: int) -> None:
        """To be called when the number of a's meetings changes."""
        count, step = self.takes[a].bit_count(), self.step
        before = 2 * (self.already[a] + count) * step - self.meeting
        self.last_step[a] = before - step if count else None
        self.next_step[a] = before + step if count < self.limit_a[a] else None

    def free_people(self, place: int) -> list[int]:
        """The people to whom units can go at reduced cost 0."""
        if place < self.pool:
            tight = self.tight
            return [a for a in self.takers[place] if tight[a] >> place & 1]
        return [a for a, ask in enumerate(self.asks) if ask] if place == self.root else []

    def free_places(self, place: int) -> int:
        """The places to which units can go directly at reduced cost 0."""
        if place < self.pool:
            return (self._at_toll >> place & 1 and self.filled[place] < self.limit_b[place]) << self.pool
        level = self.toll == -self.zero
        if place == self.root:
            return (level and self.through > 0) << self.pool
        free = (level and self.through < self.most) << self.root
        return free | sum(1 << b for b in turns_in(self._at_toll) if self.filled[b])

    def places_before(self, ends: int) -> int:
        """The places from which units can go directly to one of `ends` at reduced cost 0."""
        candidates = 3 << self.pool
        if ends >> self.pool & 1:
            candidates |= self._at_toll
        return sum(1 << place for place in turns_in(candidates) if self.free_places(place) & ends)

    def move_by(self, a: int, start: int, end: int) -> None:
        """One unit from place to place by way of a; the root stands for a meeting more or less."""
        if start < self.pool:
            self.takes[a] ^= 1 << start
            del self.takers[start][a]
        if end < self.pool:
            self.takes[a] ^= 1 << end
            self.takers[end][a] = self.worth[a][end]
        if start == self.root or end == self.root:
            self.count_meetings(a)
            self._look_at_steps(a)

    def move_directly(self, start: int, end: int) -> None:
        """One unit between b and pool, or pool and root."""
        if end == self.pool:
            if start == self.root:
                self.through -= 1
            else:
                self.filled[start] += 1
        elif end == self.root:
            self.through += 1
        else:
            self.filled[end] -= 1

    def pairs(self) -> list[list[int]]:
        """Whom each a takes, in order."""
        return [list(turns_in(mask)) for mask in self.takes]
