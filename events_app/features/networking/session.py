"""A whole speed-dating session: who meets, and in which round."""

import random
from collections.abc import Sequence

from msgspec import Struct

from events_app.features.networking.colouring import Pair, Rounds, Timetable, busiest, colour, level
from events_app.features.networking.rooms import thin_out
from events_app.features.networking.speed import Matrix, choose_meetings
from events_app.features.networking.windows import fill, presence_bound, put_in_order, unmet_pairs

PATIENCE = 200
"""How often a session with windows is cleared in part and filled again."""


class SpeedProblem(Struct, frozen=True, kw_only=True):
    """`there_a`, `there_b`: masks, bit r where the person is there in round r; None where everybody is.

    `rooms` is the most meetings at the same time; `breaks` are rounds without meetings.
    """

    rounds: int
    eligible: Matrix
    score: Matrix
    there_a: Sequence[int] | None = None
    there_b: Sequence[int] | None = None
    rooms: int | None = None
    breaks: frozenset[int] = frozenset()


class SpeedPlan(Struct, frozen=True):
    rounds: Rounds
    meetings: int
    bound: int
    """No plan has more meetings."""
    proven: bool
    """The meetings are the most, the fairest and the best there are (in that order)."""

    @property
    def ratio(self) -> float:
        return self.meetings / self.bound if self.bound else 1.0


def plan_session(problem: SpeedProblem, *, seed: int = 0) -> SpeedPlan:
    """Most meetings, then fair counts on side a (not with windows), then most score."""
    if problem.there_a is None and problem.there_b is None:
        return _plan_everybody(problem)
    return _plan_windows(problem, random.Random(seed))


def plan_required(pairs: Sequence[Pair], side_a: int, side_b: int) -> Rounds:
    """The fewest rounds in which all these pairs meet."""
    return colour(pairs, side_a, side_b, busiest(pairs, side_a, side_b)).as_rounds()


def _sides(problem: SpeedProblem) -> tuple[int, int]:
    return len(problem.eligible), len(problem.eligible[0]) if problem.eligible else 0


def _plan_everybody(problem: SpeedProblem) -> SpeedPlan:
    side_a, side_b = _sides(problem)
    turns = [turn for turn in range(problem.rounds) if turn not in problem.breaks]
    limit = len(turns)
    most = None if problem.rooms is None else limit * problem.rooms
    pairs = choose_meetings(
        problem.eligible, problem.score, [limit] * side_a, [limit] * side_b, most=most
    ).pairs
    table = colour(pairs, side_a, side_b, limit)
    if problem.rooms is not None:
        level(table)  # equally full rounds have at most `rooms` meetings, for there are at most `most`
    rounds: Rounds = [[] for _ in range(problem.rounds)]
    for turn, met in zip(turns, table.as_rounds(), strict=True):
        rounds[turn] = met
    return SpeedPlan(rounds, len(pairs), len(pairs), proven=True)


def _plan_windows(problem: SpeedProblem, chance: random.Random) -> SpeedPlan:
    side_a, side_b = _sides(problem)
    open_turns = sum(1 << turn for turn in range(problem.rounds) if turn not in problem.breaks)
    there_a = [mask & open_turns for mask in problem.there_a or [open_turns] * side_a]
    there_b = [mask & open_turns for mask in problem.there_b or [open_turns] * side_b]
    possible = [
        [int(bool(yes and at_a & at_b)) for yes, at_b in zip(row, there_b, strict=True)]
        for row, at_a in zip(problem.eligible, there_a, strict=True)
    ]
    limits_a, limits_b = ([mask.bit_count() for mask in masks] for masks in (there_a, there_b))
    most = None if problem.rooms is None else problem.rooms * open_turns.bit_count()
    pairs = choose_meetings(possible, problem.score, limits_a, limits_b, fair=False, most=most).pairs
    table = Timetable(there_a, there_b, problem.rounds)
    everyone = unmet_pairs(table, possible)
    proven = not put_in_order(table, pairs, 2 * len(pairs), chance)
    if not proven:
        enough = min(len(pairs), presence_bound(there_a, there_b, problem.rounds, everyone))
        fill(table, unmet_pairs(table, possible), enough, PATIENCE, chance)
        _raise_score(table, possible, problem.score)
    if problem.rooms is not None and thin_out(table, problem.rooms, problem.score):
        proven = False
    bound = len(pairs)
    if not proven:
        bound = min(bound, presence_bound(there_a, there_b, problem.rounds, everyone, problem.rooms))
    rounds = table.as_rounds()
    return SpeedPlan(rounds, sum(map(len, rounds)), bound, proven)


def _raise_score(table: Timetable, possible: Matrix, score: Matrix) -> None:
    """Chooses each round afresh, the others left as they are: never fewer meetings, never less score."""
    for turn in range(table.rounds):
        for a, b in table.pairs(turn):
            table.take_out(a, b, turn)
        allowed = [
            [int(yes and b not in partners) for b, yes in enumerate(row)]
            for row, partners in zip(possible, table.with_a, strict=True)
        ]
        free_a, free_b = ([mask >> turn & 1 for mask in masks] for masks in (table.free_a, table.free_b))
        for a, b in choose_meetings(allowed, score, free_a, free_b, fair=False).pairs:
            table.put(a, b, turn)
