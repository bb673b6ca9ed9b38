"""The rest of a speed-dating session, planned again when people do not come, come late or leave early.

Rounds that are announced (or over) are never touched. For the others: as many meetings as those present
allow, then fair counts over the whole session, then the pairs that were planned; and these keep their
round where they can.
"""

import random
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import chain

from msgspec import Struct

from events_app.matching.speed_dating.colouring import Pair, Rounds, Timetable
from events_app.matching.speed_dating.speed import Matrix, choose_meetings
from events_app.matching.speed_dating.windows import fill, fits, presence_bound, put_in_order, unmet_pairs

PATIENCE = 20_000
"""How often people would be looked at again, all in all, where a plan falls short of the bound."""

KEEPING = 4
"""A planned pair is worth so many times the widest difference in score."""


class Replan(Struct, frozen=True):
    rounds: Rounds
    """The whole session, the announced rounds as they were."""
    meetings: int
    """In the rounds to come."""
    bound: int
    """No plan for those present has more."""
    kept: tuple[Pair, ...]
    """Planned pairs that keep their round."""
    moved: tuple[Pair, ...]
    """Planned pairs that meet in another round."""
    dropped: tuple[Pair, ...]
    added: tuple[Pair, ...]


def replan(
    eligible: Matrix,
    score: Matrix,
    rounds: Rounds,
    announced: int,
    there_a: Sequence[int],
    there_b: Sequence[int],
    *,
    missed: Collection[Pair] = (),
    seed: int = 0,
) -> Replan:
    """Plans the rounds after the first `announced` again.

    `there_a[a]`, `there_b[b]`: a mask with bit r where the person is there in round r. `missed` are
    pairs of announced rounds that did not take place, each as often as it did not; they may meet later.
    """
    later = ((1 << len(rounds)) - 1) >> announced << announced
    mask_a, mask_b = [mask & later for mask in there_a], [mask & later for mask in there_b]
    held = set(Counter(chain.from_iterable(rounds[:announced])) - Counter(missed))
    planned = {pair: turn for turn, met in enumerate(rounds) if turn >= announced for pair in met}
    possible = _possible(eligible, mask_a, mask_b, held)
    already = [0] * len(mask_a)
    for a, _ in held:
        already[a] += 1
    pairs = _choose(possible, score, mask_a, mask_b, planned, already)
    table = Timetable(mask_a, mask_b, len(rounds))
    everyone = unmet_pairs(table, possible)
    moving = []
    for a, b in pairs:
        turn = planned.get((a, b), -1)
        if turn >= 0 and table.free_a[a] >> turn & 1 and table.free_b[b] >> turn & 1:
            table.put(a, b, turn)
        else:
            moving.append((a, b))
    chance = random.Random(seed)
    bound = len(pairs)
    if put_in_order(table, moving, 2 * len(pairs), chance):
        bound = min(bound, presence_bound(mask_a, mask_b, len(rounds), everyone))
        fill(
            table, unmet_pairs(table, possible), bound, PATIENCE // len(table.there_a + table.there_b), chance
        )
    _send_home(table, planned)
    return _compared(rounds[:announced] + table.as_rounds()[announced:], announced, planned, bound)


def _possible(
    eligible: Matrix, mask_a: Sequence[int], mask_b: Sequence[int], held: Collection[Pair]
) -> list[list[int]]:
    """1 for the pairs that may still meet: there in a common round, and not met before."""
    return [
        [
            int(bool(yes and at_a & at_b and (a, b) not in held))
            for b, (yes, at_b) in enumerate(zip(row, mask_b, strict=True))
        ]
        for a, (row, at_a) in enumerate(zip(eligible, mask_a, strict=True))
    ]


def _choose(
    possible: Matrix,
    score: Matrix,
    mask_a: Sequence[int],
    mask_b: Sequence[int],
    planned: Collection[Pair],
    already: Sequence[int],
) -> tuple[Pair, ...]:
    values = [value for row in score for value in row]
    keeping = KEEPING * (max(values, default=0) - min(values, default=0) + 1)
    wanted = [list(row) for row in score]
    for a, b in planned:
        wanted[a][b] += keeping
    limits_a = [mask.bit_count() for mask in mask_a]
    limits_b = [mask.bit_count() for mask in mask_b]
    return choose_meetings(possible, wanted, limits_a, limits_b, already=already).pairs


def _send_home(table: Timetable, planned: dict[Pair, int]) -> None:
    """Exchanges two rounds along a path where that brings more pairs back to their round than it moves."""
    for turn, met in enumerate(table.as_rounds()):
        for a, b in met:
            home = planned.get((a, b), turn)
            if home == turn or table.with_a[a][turn] != b:
                continue
            path = table.chain_of(a, turn, home)
            moves = [(planned.get(pair), now, turn + home - now) for pair, now in path]
            gain = sum((aim == then) - (aim == now) for aim, now, then in moves)
            if gain > 0 and fits(table, path, turn + home):
                table.exchange(path, turn, home)


def _compared(rounds: Rounds, announced: int, planned: dict[Pair, int], bound: int) -> Replan:
    now = {pair: turn for turn, met in enumerate(rounds) if turn >= announced for pair in met}
    return Replan(
        rounds=rounds,
        meetings=len(now),
        bound=bound,
        kept=tuple(pair for pair, turn in planned.items() if now.get(pair) == turn),
        moved=tuple(pair for pair, turn in planned.items() if now.get(pair, turn) != turn),
        dropped=tuple(pair for pair in planned if pair not in now),
        added=tuple(pair for pair in now if pair not in planned),
    )
