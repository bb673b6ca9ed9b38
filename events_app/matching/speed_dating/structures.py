"""Speed-dating with structures that have several interviewers: a candidate meets each structure once.

Who meets which structure is the exact flow (`speed.py`): most meetings, then fair counts, then score. Each
structure's meetings are then dealt to its interviewers, which leaves pairs that only need a round. Where
everybody is there all the time König's theorem gives one to each; with windows what found none is tried again
with other partners, those with the fewest meetings first, and nobody gets more than the others have.
"""

from collections.abc import Sequence

from msgspec import Struct

from events_app.matching.speed_dating.colouring import Pair, Rounds, Timetable, turns_in
from events_app.matching.speed_dating.session import SpeedProblem, plan_session
from events_app.matching.speed_dating.speed import Matrix, choose_meetings
from events_app.matching.speed_dating.windows import insert

NO_END = 10**9
"""Rooms, where nobody counts them."""


class StructuresProblem(Struct, frozen=True, kw_only=True):
    """`structure_of[i]`: of interviewer i. `eligible`, `score`: candidates by structures. `there_a`,
    `there_b`: masks of candidates and interviewers, bit r where they are there in round r. `rooms`: meetings
    at the same time, at most. `fixed`: (candidate, interviewer, round) that stay as they are."""

    rounds: int
    structure_of: Sequence[int]
    eligible: Matrix
    score: Matrix
    there_a: Sequence[int]
    there_b: Sequence[int]
    rooms: int | None = None
    fixed: Sequence[tuple[int, int, int]] = ()


class StructuresPlan(Struct, frozen=True):
    """`rounds`: pairs of candidate and interviewer. `bound`: no plan has more meetings."""

    rounds: Rounds
    meetings: int
    bound: int


def plan_structures(problem: StructuresProblem, *, seed: int = 0) -> StructuresPlan:
    fixed = list(problem.fixed)
    there_a, there_b = list(problem.there_a), list(problem.there_b)
    eligible = [list(row) for row in problem.eligible]
    for a, b, turn in fixed:
        there_a[a] &= ~(1 << turn)
        there_b[b] &= ~(1 << turn)
        eligible[a][problem.structure_of[b]] = 0
    members = members_of(problem.structure_of)
    pairs, bound = _chosen(problem, eligible, there_a, there_b, members)
    dealt = _dealt(pairs, there_a, there_b, members)
    rounds = _in_rounds(problem, dealt, there_a, there_b, seed)
    if problem.rooms is None and sum(map(len, rounds)) < len(pairs):
        rounds = _filled(rounds, problem, eligible, there_a, there_b)
    for a, b, turn in fixed:
        rounds[turn].append((a, b))
    rounds = [sorted(met) for met in rounds]
    return StructuresPlan(rounds, sum(map(len, rounds)), bound + len(fixed))


def replan_structures(problem: StructuresProblem, rounds: Rounds, announced: int) -> Rounds:
    """The rounds after the first `announced`, for those of `problem` who are there now.

    Every planned meeting of two who are there stays where it is. One whose round is lost goes to another, and
    whoever has time gets somebody new, those with the fewest meetings first. Choosing afresh may find more
    meetings, and moves far more people.
    """
    later = ((1 << len(rounds)) - 1) >> announced << announced
    there_a, there_b = ([mask & later for mask in side] for side in (problem.there_a, problem.there_b))
    table = Timetable(there_a, there_b, len(rounds))
    room = [NO_END if problem.rooms is None else problem.rooms] * len(rounds)
    met: list[set[int]] = [set() for _ in there_a]
    lost: list[Pair] = []
    for turn, pairs in enumerate(rounds):
        for a, b in pairs:
            if turn < announced:
                met[a].add(problem.structure_of[b])
            elif table.free_a[a] & table.free_b[b] & 1 << turn:
                table.put(a, b, turn)
                room[turn] -= 1
                met[a].add(problem.structure_of[b])
            else:
                lost.append((a, b))
    for a, b in lost:
        if problem.structure_of[b] not in met[a] and _put(table, a, b, room, exchange=problem.rooms is None):
            met[a].add(problem.structure_of[b])
    _use_time(table, problem, met, room)
    return [*rounds[:announced], *table.as_rounds()[announced:]]


def _put(table: Timetable, a: int, b: int, room: list[int], *, exchange: bool = False) -> bool:
    """In a round that is free for both and has room; else, if wanted, after an exchange of two rounds."""
    both = table.free_a[a] & table.free_b[b]
    turn = next((turn for turn in turns_in(both) if room[turn] > 0), None)
    if turn is None:
        return exchange and insert(table, a, b)
    table.put(a, b, turn)
    room[turn] -= 1
    return True


def _use_time(table: Timetable, problem: StructuresProblem, met: list[set[int]], room: list[int]) -> None:
    waiting = {a for a, free in enumerate(table.free_a) if free}
    while waiting:
        a = min(waiting, key=lambda each: (len(met[each]), each))
        options = sorted(
            (-problem.score[a][s], -table.free_b[b].bit_count(), b)
            for b, s in enumerate(problem.structure_of)
            if problem.eligible[a][s] and s not in met[a] and table.free_a[a] & table.free_b[b]
        )
        found = next((b for _, _, b in options if _put(table, a, b, room)), None)
        if found is None:
            waiting.discard(a)
        else:
            met[a].add(problem.structure_of[found])


def members_of(structure_of: Sequence[int]) -> list[list[int]]:
    members: list[list[int]] = [[] for _ in range(max(structure_of, default=-1) + 1)]
    for interviewer, structure in enumerate(structure_of):
        members[structure].append(interviewer)
    return members


def _chosen(
    problem: StructuresProblem,
    eligible: list[list[int]],
    there_a: Sequence[int],
    there_b: Sequence[int],
    members: list[list[int]],
) -> tuple[list[Pair], int]:
    """Candidates and structures; and how many there can be at most."""
    open_at = [_any_of(there_b, group) for group in members]
    possible = [
        [int(bool(yes and mask & open_at[s])) for s, yes in enumerate(row)]
        for row, mask in zip(eligible, there_a, strict=True)
    ]
    already = [0] * len(there_a)
    for a, _, _ in problem.fixed:
        already[a] += 1
    most = None
    if problem.rooms is not None:
        full = [problem.rooms] * problem.rounds
        for _, _, turn in problem.fixed:
            full[turn] -= 1
        most = sum(max(0, left) for left in full)
    limits = [sum(there_b[i].bit_count() for i in group) for group in members]
    if not possible or not members:
        return [], 0
    found = choose_meetings(
        possible,
        problem.score,
        [mask.bit_count() for mask in there_a],
        limits,
        already=already,
        most=most,
    )
    return list(found.pairs), len(found.pairs)


def _dealt(
    pairs: Sequence[Pair], there_a: Sequence[int], there_b: Sequence[int], members: list[list[int]]
) -> list[Pair]:
    """An interviewer for each pair: whoever of the structure has the most rounds left in common."""
    left = [mask.bit_count() for mask in there_b]
    dealt = []
    for a, structure in sorted(pairs, key=lambda pair: there_a[pair[0]].bit_count()):
        who = max(
            members[structure],
            key=lambda i: (left[i] > 0 and bool(there_b[i] & there_a[a]), left[i], -i),
        )
        left[who] -= 1
        dealt.append((a, who))
    return dealt


def _in_rounds(
    problem: StructuresProblem,
    dealt: Sequence[Pair],
    there_a: Sequence[int],
    there_b: Sequence[int],
    seed: int,
) -> Rounds:
    if not dealt:
        return [[] for _ in range(problem.rounds)]
    allowed = [[0] * len(there_b) for _ in there_a]
    score = [[0] * len(there_b) for _ in there_a]
    for a, b in dealt:
        allowed[a][b] = 1
        score[a][b] = problem.score[a][problem.structure_of[b]]
    always = (1 << problem.rounds) - 1
    everybody = all(mask == always for mask in (*there_a, *there_b))
    return plan_session(
        SpeedProblem(
            rounds=problem.rounds,
            eligible=allowed,
            score=score,
            there_a=None if everybody else there_a,
            there_b=None if everybody else there_b,
            rooms=problem.rooms,
        ),
        seed=seed,
    ).rounds


def _filled(
    rounds: Rounds,
    problem: StructuresProblem,
    eligible: Matrix,
    there_a: Sequence[int],
    there_b: Sequence[int],
) -> Rounds:
    """Other meetings for those that found no round; nobody gets more than the most that anybody has."""
    table = Timetable(there_a, there_b, problem.rounds)
    met: list[set[int]] = [set() for _ in there_a]
    for turn, pairs in enumerate(rounds):
        for a, b in pairs:
            table.put(a, b, turn)
            met[a].add(problem.structure_of[b])
    count = [len(structures) for structures in met]
    for a, _, _ in problem.fixed:
        count[a] += 1
    highest = max(count, default=0)
    stuck: set[int] = set()
    while waiting := [a for a in range(len(count)) if a not in stuck and count[a] < highest]:
        a = min(waiting, key=lambda each: (count[each], each))
        options = sorted(
            (-problem.score[a][s], b)
            for b, s in enumerate(problem.structure_of)
            if eligible[a][s] and s not in met[a]
        )
        found = next((b for _, b in options if table.free_a[a] and insert(table, a, b)), None)
        if found is None:
            stuck.add(a)
            continue
        met[a].add(problem.structure_of[found])
        count[a] += 1
    return table.as_rounds()


def _any_of(masks: Sequence[int], members: Sequence[int]) -> int:
    found = 0
    for member in members:
        found |= masks[member]
    return found
