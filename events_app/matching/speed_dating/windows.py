"""Meetings for people who are not there all the time: arrivals, departures, breaks, no-shows.

Choosing the pairs is still a flow, but finding rounds for them is list colouring, which is hard in
general. So: the pairs of the flow are put into rounds by alternating paths that respect who is there;
a pair that finds none takes another's place, for a while; and each round is then filled up along
augmenting paths. `presence_bound` says when no meeting more is possible.
"""

import random
from collections.abc import Sequence

from events_app.matching.speed_dating.colouring import NOBODY, Pair, Timetable, lowest, turns_in

CHAINS_TRIED = 12
"""Of the pairs of rounds that could be exchanged for one meeting; the shortest exchange is taken."""


def put_in_order(table: Timetable, pairs: Sequence[Pair], patience: int, chance: random.Random) -> list[Pair]:
    """Gives each pair a round; returns those for which none was found.

    A pair without round pushes out another, at most `patience` times in all.
    """
    waiting = list(reversed(pairs))
    homeless: list[Pair] = []
    while waiting:
        a, b = waiting.pop()
        if insert(table, a, b):
            continue
        pushed = _push_out(table, a, b, chance) if patience > 0 else []
        patience -= 1
        if not pushed:
            homeless.append((a, b))
        waiting += pushed
    return [pair for pair in homeless if not insert(table, *pair)]


def insert(table: Timetable, a: int, b: int) -> bool:
    """Puts the pair into a round that is free for both, after the shortest exchange that makes one free."""
    both = table.free_a[a] & table.free_b[b]
    if both:
        table.put(a, b, next(turns_in(both)))
        return True
    best = None
    tried = 0
    for at_a in turns_in(table.free_a[a]):
        for at_b in turns_in(table.free_b[b]):
            options = []
            if table.there_b[b] >> at_a & 1:
                options.append((table.chain_from_b(b, at_a, at_b), at_a))
            if table.there_a[a] >> at_b & 1:
                options.append((table.chain_from_a(a, at_b, at_a), at_b))
            for chain, turn in options:
                if (best is None or len(chain) < len(best[0])) and fits(table, chain, at_a + at_b):
                    best = chain, turn, at_a, at_b
            tried += 1
        if best and tried > CHAINS_TRIED:
            break
    if best is None:
        return False
    chain, turn, at_a, at_b = best
    table.exchange(chain, at_a, at_b)
    table.put(a, b, turn)
    return True


def fits(table: Timetable, chain: list[tuple[Pair, int]], both_turns: int) -> bool:
    """Whether all are there in the other of the two rounds, whose numbers add to `both_turns`."""
    return all(
        table.there_a[a] >> (both_turns - turn) & 1 and table.there_b[b] >> (both_turns - turn) & 1
        for (a, b), turn in chain
    )


def _push_out(table: Timetable, a: int, b: int, chance: random.Random) -> list[Pair]:
    """Puts the pair into a round where one of the two is busy; returns who loses that round."""
    together = table.there_a[a] & table.there_b[b]
    turns = [turn for turn in turns_in(together) if (table.free_a[a] | table.free_b[b]) >> turn & 1]
    if not turns:
        return []
    turn = chance.choice(turns)
    busy = (a, table.with_a[a][turn]) if table.with_a[a][turn] != NOBODY else (table.with_b[b][turn], b)
    table.take_out(*busy, turn)
    table.put(a, b, turn)
    return [busy]


def fill_round(table: Timetable, turn: int, unmet: list[int]) -> int:
    """Adds as many meetings to a round as possible; people in it may change partners. Returns how many.

    `unmet[a]` has bit b where the two may still meet; it is kept up to date. Augmenting paths (Kuhn).
    """
    there = sum(1 << b for b, mask in enumerate(table.there_b) if mask >> turn & 1)
    free = sum(1 << b for b, mask in enumerate(table.free_b) if mask >> turn & 1)
    added = 0
    for a, mask in enumerate(table.free_a):
        if free and mask >> turn & 1 and (reached := _augment(table, turn, unmet, a, there, free)):
            free ^= reached
            added += 1
    return added


def _augment(table: Timetable, turn: int, unmet: list[int], start: int, there: int, free: int) -> int:
    """Finds somebody for `start`, others changing partners; the bit of the newly busy b, or 0."""
    reached_from: dict[int, int] = {}
    unseen, queue = there, [start]
    for a in queue:
        options = unmet[a] & unseen
        if not options & free:
            unseen &= ~options
            for b in turns_in(options):
                reached_from[b] = a
                queue.append(table.with_b[b][turn])
            continue
        last = b = lowest(options & free)
        reached_from[b] = a
        while b != NOBODY:
            a = reached_from[b]
            before = table.with_a[a][turn]
            if before != NOBODY:
                table.take_out(a, before, turn)
                unmet[a] |= 1 << before
            table.put(a, b, turn)
            unmet[a] &= ~(1 << b)
            b = before
        return 1 << last
    return 0


def unmet_pairs(table: Timetable, eligible: Sequence[Sequence[int]]) -> list[int]:
    """Per person of side a, a mask of those that they may meet and have not."""
    masks = []
    for row, partners in zip(eligible, table.with_a, strict=True):
        mask = sum(1 << b for b, yes in enumerate(row) if yes)
        for b in partners:
            if b != NOBODY:
                mask &= ~(1 << b)
        masks.append(mask)
    return masks


def presence_bound(
    there_a: Sequence[int],
    there_b: Sequence[int],
    rounds: int,
    unmet: Sequence[int],
    rooms: int | None = None,
) -> int:
    """No plan has more meetings than the fullest rounds have, each looked at alone."""
    total = 0
    for turn in range(rounds):
        empty = Timetable(there_a, there_b, rounds)
        fullest = fill_round(empty, turn, list(unmet))
        total += fullest if rooms is None else min(fullest, rooms)
    return total


def fill(table: Timetable, unmet: list[int], enough: int, effort: int, chance: random.Random) -> None:
    """More meetings until there are `enough`: fill every round, else clear a part and try again."""
    total = sum(len(table.pairs(turn)) for turn in range(table.rounds))
    total += _fill_all(table, unmet, chance)
    while total < enough and effort > 0:
        effort -= 1
        before = table.as_rounds()
        for turn in chance.sample(range(table.rounds), min(2, table.rounds)):
            for a, b in chance.sample(before[turn], len(before[turn]) // 2):
                table.take_out(a, b, turn)
                unmet[a] |= 1 << b
        _fill_all(table, unmet, chance)
        now = sum(len(table.pairs(turn)) for turn in range(table.rounds))
        if now < total:
            _restore(table, unmet, before)
        total = max(now, total)


def _fill_all(table: Timetable, unmet: list[int], chance: random.Random) -> int:
    added, more = 0, 1
    while more:
        turns = chance.sample(range(table.rounds), table.rounds)
        more = sum(fill_round(table, turn, unmet) for turn in turns)
        for a, free in enumerate(table.free_a):
            for b in turns_in(unmet[a] if free else 0):
                if table.free_a[a] and table.free_b[b] and insert(table, a, b):
                    unmet[a] &= ~(1 << b)
                    more += 1
        added += more
    return added


def _restore(table: Timetable, unmet: list[int], rounds: list[list[Pair]]) -> None:
    for turn in range(table.rounds):
        for a, b in table.pairs(turn):
            table.take_out(a, b, turn)
            unmet[a] |= 1 << b
    for turn, met in enumerate(rounds):
        for a, b in met:
            table.put(a, b, turn)
            unmet[a] &= ~(1 << b)
