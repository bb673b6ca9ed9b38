"""The exact placement beside the ranked lottery; `python -m benchmarks ranked_lottery`.

The lottery, as camps and schools draw it by hand or with a spreadsheet: all first wishes are drawn for
the seats, then all second wishes of those left over for the seats left over, and so on. It is quick and
looks fair, but what was given is never taken back, so it leaves people out beside seats that an exchange
would have freed.

`docs/comparaison-tirage.md` shows what this prints.
"""

import random
from collections import Counter
from collections.abc import Callable

from benchmarks.placement import zipf
from events_app.matching.workshops.place import place
from events_app.matching.workshops.problem import UNPLACED, Objective, PlacementProblem

Report = Callable[[str, float, str, str], None]

PEOPLE, WORKSHOPS, WISHES = 400, 20, 6
ROOM = 0.9  # seats per person: forty people go without, whatever is done
DRAWS = 20


def ranked_lottery(problem: PlacementProblem, seed: int) -> list[int]:
    """Each person's rank in the only slot, from 1; 0 for nobody's place."""
    chance = random.Random(seed)
    left = [seats[0] for seats in problem.capacity]
    ranks = [0] * problem.people
    for rank in range(WISHES):
        waiting = [person for person in range(problem.people) if not ranks[person]]
        chance.shuffle(waiting)
        for person in waiting:
            workshop = problem.wishes[person][rank]
            if left[workshop]:
                left[workshop] -= 1
                ranks[person] = rank + 1
    return ranks


def exact(problem: PlacementProblem, objective: Objective) -> list[int]:
    placement = place(problem, objective, seed=1)
    if not placement.proven:
        raise RuntimeError("a comparison with what is not proven would say nothing")
    return [
        0 if workshop == UNPLACED else problem.rank(person, workshop)
        for person, (workshop,) in enumerate(placement.places)
    ]


def main(report: Report) -> None:
    problems = [
        zipf(PEOPLE, WORKSHOPS, 1, room=ROOM, wished=WISHES, seed=seed) for seed in range(1, DRAWS + 1)
    ]
    told = [("ranked lottery", [ranked_lottery(problem, seed) for seed, problem in enumerate(problems)])]
    told += [
        (f"exact, {objective}", [exact(problem, objective) for problem in problems])
        for objective in (Objective.GREEDY, Objective.GENEROUS, Objective.GUARANTEE)
    ]
    for name, answers in told:
        counts = [Counter(ranks) for ranks in answers]
        for what, counted in (
            ("without a place", [count[0] for count in counts]),
            ("first wish", [count[1] for count in counts]),
            ("first or second wish", [count[1] + count[2] for count in counts]),
            ("fourth wish or later", [sum(count[rank] for rank in range(4, WISHES + 1)) for count in counts]),
        ):
            mean = sum(counted) / DRAWS
            report(f"{name}: {what}", mean, "people", f"{min(counted)} to {max(counted)} in {DRAWS} draws")
