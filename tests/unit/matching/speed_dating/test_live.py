import random
from collections import Counter
from itertools import chain

import pytest

from events_app.matching.speed_dating.colouring import Rounds, colour
from events_app.matching.speed_dating.live import Replan, replan
from events_app.matching.speed_dating.speed import choose_meetings
from tests.unit.matching.checker import faults_of_meetings


class Script:
    """A session that was planned without the late ones; then some do not come, come late, or leave."""

    def __init__(self, seed: int, side_a: int, side_b: int, rounds: int, announced: int) -> None:
        rng = random.Random(seed)
        self.announced = announced
        self.eligible = [[int(rng.random() < 0.9) for _ in range(side_b)] for _ in range(side_a)]
        self.score = [[rng.randint(0, 3) for _ in range(side_b)] for _ in range(side_a)]
        late = [rng.randint(1, rounds) if rng.random() < 0.08 else 0 for _ in range(side_a + side_b)]
        limits = [0 if turn else rounds for turn in late]
        choice = choose_meetings(self.eligible, self.score, limits[:side_a], limits[side_a:])
        self.rounds: Rounds = colour(choice.pairs, side_a, side_b, rounds).as_rounds()
        always = (1 << rounds) - 1
        there = []
        for turn in late:
            mask = always >> turn << turn
            fate = rng.random()
            if not turn and fate < 0.06:
                mask = 0
            elif not turn and fate < 0.12:
                mask = always >> rng.randint(1, rounds)
            there.append(mask)
        self.there_a, self.there_b = there[:side_a], there[side_a:]
        self.missed = self._missed()

    def go_on(self, plan: Replan, rng: random.Random) -> None:
        """Some rounds take place or are announced; then people vanish, leave, or come late."""
        self.rounds = plan.rounds
        before, rounds = self.announced, len(plan.rounds)
        over = rng.randint(before, rounds)
        self.announced = rng.randint(over, min(rounds, over + 3))
        for there in (self.there_a, self.there_b):
            for person, mask in enumerate(there):
                if rng.random() < 0.06:
                    there[person] = mask & ((1 << rng.randint(over, rounds)) - 1)
                elif rng.random() < 0.03:
                    late = rng.randint(over, rounds)
                    there[person] = mask & ((1 << over) - 1) | (1 << rounds) - 1 >> late << late
        self.missed = self._missed()

    def _missed(self) -> list[tuple[int, int]]:
        return [
            (a, b)
            for turn in range(self.announced)
            for a, b in self.rounds[turn]
            if not (self.there_a[a] & self.there_b[b]) >> turn & 1
        ]

    def play(self) -> Replan:
        return replan(
            self.eligible,
            self.score,
            self.rounds,
            self.announced,
            self.there_a,
            self.there_b,
            missed=self.missed,
        )

    def assert_right(self, plan: Replan) -> None:
        announced = self.announced
        assert plan.rounds[:announced] == self.rounds[:announced]
        held = Counter(chain.from_iterable(self.rounds[:announced]))
        held.subtract(self.missed)
        assert all(times in (0, 1) for times in held.values())
        allowed = {(a, b) for a, row in enumerate(self.eligible) for b, yes in enumerate(row) if yes}
        allowed -= set(+held)
        present = [
            tuple(
                {p for p, mask in enumerate(side) if mask >> turn & 1}
                for side in (self.there_a, self.there_b)
            )
            for turn in range(announced, len(self.rounds))
        ]
        assert not faults_of_meetings(plan.rounds[announced:], allowed, present)
        assert plan.meetings == plan.bound == sum(map(len, plan.rounds[announced:]))


def small_script(seed: int) -> Script:
    rng = random.Random(-seed)
    rounds = rng.randint(2, 8)
    return Script(seed, rng.randint(2, 14), rng.randint(2, 8), rounds, rng.randint(0, rounds))


def test_a_thousand_live_scripts_of_several_changes_each() -> None:
    kept = moved = changes = 0
    for seed in range(1000):
        script, rng = small_script(seed), random.Random(seed + 0.5)
        for _ in range(4):
            plan = script.play()
            script.assert_right(plan)
            kept, moved, changes = kept + len(plan.kept), moved + len(plan.moved), changes + 1
            if script.announced == len(script.rounds):
                break
            script.go_on(plan, rng)
    assert changes > 2000
    assert kept >= 0.87 * (kept + moved)  # a dozen people leave little choice; see the large session below


@pytest.mark.parametrize("seed", range(3))
def test_a_large_session_keeps_nine_pairs_of_ten_in_their_round(seed: int) -> None:
    script, rng = Script(seed, 200, 40, 20, 3), random.Random(seed)
    kept = moved = 0
    for _ in range(3):
        plan = script.play()
        script.assert_right(plan)
        kept, moved = kept + len(plan.kept), moved + len(plan.moved)
        script.go_on(plan, rng)
    assert kept >= 0.9 * (kept + moved)


def test_a_meeting_that_took_place_at_the_second_attempt_is_over() -> None:
    plan = replan([[1]], [[0]], [[(0, 0)], [(0, 0)], []], 2, [0b110], [0b111], missed=[(0, 0)])
    assert plan.rounds == [[(0, 0)], [(0, 0)], []]


def test_nothing_changes_when_everybody_is_there() -> None:
    everyone = [[1] * 6 for _ in range(6)]
    rounds = colour(choose_meetings(everyone, everyone, [4] * 6, [4] * 6).pairs, 6, 6, 4).as_rounds()
    plan = replan(everyone, everyone, rounds, 1, [15] * 6, [15] * 6)
    assert plan.rounds == rounds
    assert (plan.moved, plan.dropped, plan.added) == ((), (), ())


def test_a_meeting_that_somebody_missed_takes_place_later() -> None:
    plan = replan([[1]], [[0]], [[(0, 0)], [], []], 1, [0b110], [0b111], missed=[(0, 0)])
    assert plan.rounds == [[(0, 0)], [(0, 0)], []]
