"""More meetings and more score with windows: a few rounds are emptied and chosen afresh, again and again.

The best meetings of one round are a flow, while the others stay. What is chosen first takes pairs from what
comes later, so that rounds take turns at being first. Never fewer meetings, never less score.
"""

import random

from events_app.matching.speed_dating.colouring import Timetable
from events_app.matching.speed_dating.speed import Matrix, choose_meetings

Worth = tuple[int, int]
"""(meetings, score); the larger, the better."""

MOST_TRIES, PAIRS_LOOKED_AT = 200, 100_000
TOGETHER = 3
"""Rounds that are emptied at the same time, at most."""


def raise_worth(
    table: Timetable,
    possible: Matrix,
    score: Matrix,
    rooms: int | None,
    enough: Worth,
    chance: random.Random,
) -> Worth:
    """What the meetings are worth in the end; `enough`: no plan is worth more."""
    before = table.as_rounds()
    best = _worth(before, score)
    tries = min(MOST_TRIES, PAIRS_LOOKED_AT // max(1, sum(map(len, possible))))
    for number in range(max(tries, table.rounds)):
        if best >= enough:
            break
        turns = [number]
        if number >= table.rounds:
            turns = chance.sample(range(table.rounds), min(chance.randint(1, TOGETHER), table.rounds))
        for turn in turns:
            _empty(table, turn)
        for turn in turns:
            _choose(table, turn, possible, score, rooms)
        now = table.as_rounds()
        worth = _worth(now, score)
        if worth >= best:
            best, before = worth, now
            continue
        for turn in turns:
            _empty(table, turn)
        for turn in turns:
            for a, b in before[turn]:
                table.put(a, b, turn)
    return best


def _worth(rounds: list[list[tuple[int, int]]], score: Matrix) -> Worth:
    return sum(map(len, rounds)), sum(score[a][b] for met in rounds for a, b in met)


def _empty(table: Timetable, turn: int) -> None:
    for a, b in table.pairs(turn):
        table.take_out(a, b, turn)


def _choose(table: Timetable, turn: int, possible: Matrix, score: Matrix, rooms: int | None) -> None:
    allowed = [
        [int(yes and b not in partners) for b, yes in enumerate(row)]
        for row, partners in zip(possible, table.with_a, strict=True)
    ]
    free_a, free_b = ([mask >> turn & 1 for mask in masks] for masks in (table.free_a, table.free_b))
    for a, b in choose_meetings(allowed, score, free_a, free_b, fair=False, most=rooms).pairs:
        table.put(a, b, turn)
