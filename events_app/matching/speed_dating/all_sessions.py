"""A session with windows that is worth more than a known one, or the proof that there is none.

For a few people: each pair meets in one of the rounds where both are free, or not at all (branch and bound).
"""

from collections.abc import Sequence

from events_app.matching.speed_dating.colouring import Rounds, turns_in
from events_app.matching.speed_dating.speed import Matrix
from events_app.matching.speed_dating.undecided import Undecided

MOST_STEPS = 60_000
"""Pairs decided on, about 0.15 s."""

MOST_PAIRS = 200
"""With more there is no hope."""


class AllSessions:
    """`there_a`, `there_b`: masks of rounds. `rooms`: meetings at the same time, at most."""

    def __init__(
        self,
        possible: Matrix,
        score: Matrix,
        there_a: Sequence[int],
        there_b: Sequence[int],
        rounds: int,
        rooms: int | None,
    ) -> None:
        scores = [score[a][b] for a, row in enumerate(possible) for b, yes in enumerate(row) if yes]
        self.meeting = 1 + (max([0, *scores]) - min([0, *scores])) * len(scores)
        """Worth more than all differences of scores."""
        self.pairs = sorted(
            (a, -self.meeting - score[a][b], b)
            for a, row in enumerate(possible)
            for b, yes in enumerate(row)
            if yes
        )
        self.free_a, self.free_b, self.rounds = list(there_a), list(there_b), rounds
        self.room = [len(self.pairs) if rooms is None else rooms] * rounds
        self.later = self._later()
        self.turns = [-1] * len(self.pairs)
        self.found: list[int] | None = None
        self.best = self.steps = 0

    def better_than(self, meetings: int, score: int) -> Rounds | None:
        """The best session, if it is worth more. Raises Undecided."""
        if len(self.pairs) > MOST_PAIRS:
            raise Undecided
        self.best = meetings * self.meeting + score
        self._decide(0, 0)
        if self.found is None:
            return None
        rounds: Rounds = [[] for _ in range(self.rounds)]
        for (a, _, b), turn in zip(self.pairs, self.found, strict=True):
            if turn >= 0:
                rounds[turn].append((a, b))
        return rounds

    def _later(self) -> list[int]:
        """After each pair: what the people of side a who come after this one can get, each alone."""
        later = [0] * (len(self.pairs) + 1)
        for i in range(len(self.pairs) - 1, -1, -1):
            a = self.pairs[i][0]
            last = i + 1 == len(self.pairs)
            if last or self.pairs[i + 1][0] != a:
                later[i] = 0 if last else later[i + 1] + self._most(i + 1, self.pairs[i + 1][0])
            else:
                later[i] = later[i + 1]
        return later

    def _most(self, i: int, a: int) -> int:
        """From pair i on, with as many rounds as this person is free; the pairs go from best to worst."""
        worth = 0
        for who, less, _ in self.pairs[i : i + self.free_a[a].bit_count()]:
            if who != a:
                break
            worth -= less
        return worth

    def _decide(self, i: int, worth: int) -> None:
        if worth > self.best:
            self.best, self.found = worth, [*self.turns[:i], *[-1] * (len(self.pairs) - i)]
        if i == len(self.pairs):
            return
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise Undecided
        a, less, b = self.pairs[i]
        if worth + self._most(i, a) + self.later[i] <= self.best:
            return
        for turn in turns_in(self.free_a[a] & self.free_b[b]):
            if self.room[turn]:
                self._exchange(a, b, turn, -1)
                self.turns[i] = turn
                self._decide(i + 1, worth - less)
                self._exchange(a, b, turn, 1)
        self.turns[i] = -1
        self._decide(i + 1, worth)

    def _exchange(self, a: int, b: int, turn: int, room: int) -> None:
        self.free_a[a] ^= 1 << turn
        self.free_b[b] ^= 1 << turn
        self.room[turn] += room
