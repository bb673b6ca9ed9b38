"""Fewer meetings at the same time, for people who are not there all the time: a room for each meeting."""

from collections.abc import Sequence

from events_app.matching.speed_dating.colouring import Timetable
from events_app.matching.speed_dating.windows import fits


def thin_out(table: Timetable, rooms: int, score: Sequence[Sequence[int]]) -> int:
    """Moves meetings out of rounds that have more than `rooms`; cancels those left over, worst score first.

    Returns how many were cancelled.
    """
    sizes = [len(table.pairs(turn)) for turn in range(table.rounds)]
    cancelled = 0
    for turn in range(table.rounds):
        by_score = sorted(table.pairs(turn), key=lambda pair: score[pair[0]][pair[1]])
        for a, b in by_score:
            if sizes[turn] > rooms and table.with_a[a][turn] == b:
                _move_one(table, a, turn, sizes, rooms)
        for a, b in by_score:
            if sizes[turn] > rooms and table.with_a[a][turn] == b:
                table.take_out(a, b, turn)
                sizes[turn] -= 1
                cancelled += 1
    return cancelled


def _move_one(table: Timetable, a: int, full: int, sizes: list[int], rooms: int) -> None:
    """Exchanges a path that has one meeting more in the full round, if another has room (de Werra 1971)."""
    for thin in range(table.rounds):
        if sizes[thin] < rooms:
            chain = table.chain_of(a, full, thin)
            surplus = sum(1 if turn == full else -1 for _, turn in chain)
            if surplus == 1 and fits(table, chain, full + thin):
                table.exchange(chain, full, thin)
                sizes[full] -= 1
                sizes[thin] += 1
                return
