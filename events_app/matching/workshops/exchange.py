"""Two people of one profile who gain together by trading places do so, until no two do.

After HiGHS, which knows nothing of the draw: of two people who could trade places at no other cost the one
drawn first has the better rank.
"""

from collections.abc import Iterator, Sequence

from events_app.matching.workshops.choices import Choices
from events_app.matching.workshops.counting import Places, person_cost
from events_app.matching.workshops.objectives import CostModel
from events_app.matching.workshops.problem import UNPLACED, PlacementProblem
from events_app.matching.workshops.rules import clashing

MOST_ROUNDS = 1_000

Offer = tuple[int, int]
"""What it costs somebody to go to another session, and who that is."""


def exchanged(problem: PlacementProblem, model: CostModel, places: Places) -> Places:
    """Places that cost as little or less, every session with as many people of every profile."""
    rows = [list(row) for row in places]
    market = _Market(problem, model, rows)
    for _ in range(MOST_ROUNDS):
        if sum(market.trade(slot) for slot in range(problem.slots)) == 0:
            break
    return tuple(tuple(row) for row in rows)


class _Market:
    def __init__(self, problem: PlacementProblem, model: CostModel, rows: list[list[int]]) -> None:
        self.problem, self.model, self.rows = problem, model, rows
        self.choices = Choices(problem)
        companions = {p for group in problem.together for p in group}
        self.free = [person for person in range(problem.people) if person not in companions]

    def trade(self, slot: int) -> bool:
        """Every pair of sessions trades once where that gains something."""
        offers: dict[tuple[int, int, int], list[Offer]] = {}
        for person in self.free:
            here = self.rows[person][slot]
            profile = self.problem.profile_of[person] if self.problem.balance else 0
            for there, cost in self._ways(person, slot):
                offers.setdefault((profile, here, there), []).append((cost, person))
        moved: set[int] = set()
        for (profile, here, there), going in sorted(offers.items()):
            coming = offers.get((profile, there, here))
            if here < there and coming:
                one, other = min(going), min(coming)
                if one[0] + other[0] < 0 and not moved & {one[1], other[1]}:
                    self.rows[one[1]][slot], self.rows[other[1]][slot] = there, here
                    moved |= {one[1], other[1]}
        return bool(moved)

    def _ways(self, person: int, slot: int) -> Iterator[tuple[int, int]]:
        """Where the person could be instead, nowhere too, and what that costs."""
        row = self.rows[person]
        if slot in self.choices.locked.get(person, {}):
            return
        now = self._cost(person, row)
        options = [w for w, slots in self.choices.slots[person].items() if slot in slots and w not in row]
        if row[slot] != UNPLACED and (person, slot) not in self.problem.kept:
            options.append(UNPLACED)
        for workshop in options:
            other = [*row[:slot], workshop, *row[slot + 1 :]]
            if not any(True for _ in clashing(self.problem, other)):
                yield workshop, self._cost(person, other) - now

    def _cost(self, person: int, row: Sequence[int]) -> int:
        return person_cost(self.problem, self.model, person, row)
