"""A session with windows as inequalities: each pair meets in one of the rounds where both are free, or not.

HiGHS closes what the paths of `windows.py` leave open, in meetings and in score.
"""

import time
from collections.abc import Sequence

from events_app.matching.highs import Inequalities, solve
from events_app.matching.speed_dating.colouring import Rounds, Timetable, turns_in
from events_app.matching.speed_dating.speed import Matrix

MOST_COLUMNS = 20_000
"""Pairs and rounds; with more, HiGHS would hardly begin."""

SECONDS = 5.0


class WholeSession(Inequalities):
    """`possible_pairs`: who may meet. Criteria: meetings, then score, both with a minus."""

    def __init__(self, possible_pairs: Matrix, score: Matrix, table: Timetable, rooms: int | None) -> None:
        super().__init__(2)
        self.meets: dict[tuple[int, int, int], int] = {}
        together: dict[tuple[str, int, int], dict[int, int]] = {}
        for a, row in enumerate(possible_pairs):
            for b in (b for b, yes in enumerate(row) if yes):
                for turn in turns_in(table.there_a[a] & table.there_b[b]):
                    column = self.meets[a, b, turn] = self.column()
                    for key in (("pair", a, b), ("a", a, turn), ("b", b, turn), ("room", 0, turn)):
                        together.setdefault(key, {})[column] = 1
                    self.levels[0][column], self.levels[1][column] = -1, -score[a][b]
        for (kind, _, _), columns in together.items():
            if kind != "room" or rooms is not None:
                self.at_most(columns, rooms if kind == "room" and rooms is not None else 1)

    def better_than(self, rounds: Rounds, most: tuple[int, int], seed: int) -> tuple[Rounds, int, bool]:
        """The best session found, how many meetings there can be, and whether nothing is better.

        `most`: no more meetings, and of as many meetings no more score.
        """
        if self.columns > MOST_COLUMNS:
            return rounds, most[0], False
        ends = time.monotonic() + SECONDS
        now = {(a, b, turn) for turn, met in enumerate(rounds) for a, b in met}
        found = solve(
            self,
            [int(key in now) for key in self.meets],
            (-most[0], -most[1]),
            seed=seed,
            time_left=lambda: ends - time.monotonic(),
            improved=_unheard,
            stopped=lambda: False,
        )
        best: Rounds = [[] for _ in rounds]
        for (a, b, turn), met in zip(self.meets, found.point or (), strict=False):
            if met:
                best[turn].append((a, b))
        return best, -found.bound[0], found.point is not None and self.value(found.point) == found.bound


def _unheard(_point: Sequence[int] | None, _bound: tuple[int, ...]) -> None:
    """Nobody watches."""
