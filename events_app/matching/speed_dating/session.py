"""A whole speed-dating session: who meets, and in which round."""

import random
from collections.abc import Sequence

from msgspec import Struct

from events_app.matching.speed_dating.colouring import Pair, Rounds, Timetable, busiest, colour, level
from events_app.matching.speed_dating.rooms import thin_out
from events_app.matching.speed_dating.speed import Matrix, choose_meetings
from events_app.matching.speed_dating.whole_session import WholeSession
from events_app.matching.speed_dating.windows import fill, presence_bound, put_in_order, unmet_pairs

PATIENCE = 200
"""How often a session with windows is cleared in part and filled again."""


NO_END = 10**15
"""Of score, where nothing is known."""


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
    return _plan_windows(problem, seed)


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


def _plan_windows(problem: SpeedProblem, seed: int) -> SpeedPlan:
    """The pairs of the flow, where rounds are found for all; else the best that is found."""
    score, rooms, chance = problem.score, problem.rooms, random.Random(seed)
    there_a, there_b, possible = _presence(problem)
    limits_a, limits_b = ([mask.bit_count() for mask in masks] for masks in (there_a, there_b))
    most = None if rooms is None else rooms * (problem.rounds - len(problem.breaks))
    chosen = choose_meetings(possible, score, limits_a, limits_b, fair=False, most=most)
    table = Timetable(there_a, there_b, problem.rounds)
    everyone = unmet_pairs(table, possible)
    bound = len(chosen.pairs)
    if put_in_order(table, chosen.pairs, 2 * bound, chance):
        reachable = min(bound, presence_bound(there_a, there_b, problem.rounds, everyone))
        fill(table, unmet_pairs(table, possible), reachable, PATIENCE, chance)
    if rooms is not None:
        thin_out(table, rooms, score)
    rounds = table.as_rounds()
    worth = sum(map(len, rounds)), sum(score[a][b] for met in rounds for a, b in met)
    proven = worth == (bound, chosen.score)
    if not proven:
        bound = min(bound, presence_bound(there_a, there_b, problem.rounds, everyone, rooms))
        most_score = chosen.score if bound == len(chosen.pairs) else NO_END
        session = WholeSession(possible, score, table, rooms)
        rounds, bound, proven = session.better_than(rounds, (bound, most_score), seed)
    return SpeedPlan(rounds, sum(map(len, rounds)), bound, proven)


def _presence(problem: SpeedProblem) -> tuple[list[int], list[int], list[list[int]]]:
    """Who is there in the rounds that have meetings, and who may meet and is there together."""
    side_a, side_b = _sides(problem)
    open_turns = sum(1 << turn for turn in range(problem.rounds) if turn not in problem.breaks)
    there_a = [mask & open_turns for mask in problem.there_a or [open_turns] * side_a]
    there_b = [mask & open_turns for mask in problem.there_b or [open_turns] * side_b]
    possible = [
        [int(bool(yes and at_a & at_b)) for yes, at_b in zip(row, there_b, strict=True)]
        for row, at_a in zip(problem.eligible, there_a, strict=True)
    ]
    return there_a, there_b, possible
