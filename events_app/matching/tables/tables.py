"""Who sits at which table in each round.

Order of goals: nobody beside those they must not meet; least company within an organisation; most wishes
to meet; least repeats (a pair that meets m times counts m (m - 1) / 2); most distinct pairs. Plans are
constructed where a construction fits, then improved by annealing until they reach the bound or the
effort is used up.
"""

from math import inf
from time import monotonic

from events_app.matching.tables.budget import Budget
from events_app.matching.tables.constructions import columns_by_organisation, nested_rounds
from events_app.matching.tables.planner import Planner
from events_app.matching.tables.seat_prices import Cooling
from events_app.matching.tables.seating_plan import TablesPlan, TablesProblem
from events_app.matching.tables.starters import developed_rounds

USUAL_EFFORT = 2.0

LARGEST_TURNED = 12  # people at a table
STARTER_STEPS = 600_000  # then rather begin again
REHEATED, MELTED = Cooling(3, 2, 0.8, 0.3), Cooling(3, 2, 1.6, 0.3)


def plan_tables(
    problem: TablesProblem, *, effort: float = USUAL_EFFORT, seconds: float = inf, seed: int = 0
) -> TablesPlan:
    """The best plan found; at once where a construction reaches the bound.

    Raises Infeasible where no round to come can keep everybody apart who must not meet; what announced
    rounds broke is counted only.

    The seed and the `effort`, about so many seconds of one processor, decide the plan. `seconds` of the
    clock end the search earlier on a machine that is slow or busy, and then the plan may be another one.
    """
    return _Ways(problem, effort, seconds, seed).plan()


class _Ways(Planner):
    def plan(self) -> TablesPlan:
        ways = {
            self.construct: 10,
            self.anneal_best: 3,
            self.anneal_afresh: 6,
            self.develop: 7,
            self.gather: 5,
        }
        left = sum(ways.values())
        for improve, share in ways.items():
            if self.best[1] < self.bounds.distinct or not self.repeats_least():
                # What one way does not use, the others get.
                self.deadline = monotonic() + (self.end - monotonic()) * share / left
                improve()
            left -= share
        self.keep_apart()
        return self.result()

    def construct(self) -> None:
        """Rows and columns. Where they give fewer rounds, the others are dealt, then annealed."""
        problem = self.problem
        hosted = dict(problem.hosts)
        if problem.announced or problem.away or len(hosted) > problem.tables:
            return
        columns = columns_by_organisation(problem.people, problem.tables, problem.organisation)
        if hosted and not _put_hosts_first(columns, hosted, problem.tables):
            return
        free = problem.organisation is None and not hosted
        build = nested_rounds(
            columns,
            problem.tables,
            problem.rounds,
            divisible=free,
            budget=self.budget(200_000),
        )
        seats = build + self.dealt()[len(build) :]
        self.offer(seats)
        if len(build) < problem.rounds:
            self.improve(seats, 0.15, Cooling(hot=0.5), first=len(build))

    def develop(self) -> None:
        """Rounds that turn: for problems without any rule, with even tables."""
        people, tables, rounds = self.problem.people, self.problem.tables, self.problem.rounds
        size, rest = divmod(people, tables)
        if rest or size > LARGEST_TURNED or not 3 <= rounds < people:
            return
        if self.ruleless():
            budget = self.budget(1_600_000 // (12 + size))
            for start in range(-(-budget.steps // STARTER_STEPS)):
                steps = min(STARTER_STEPS, budget.steps - start * STARTER_STEPS)
                once = Budget(steps, self.seed + start, self.deadline)
                self.offer(developed_rounds(people, tables, rounds, self.bounds.repeats, once))

    def anneal_best(self) -> None:
        self.improve(self.best[2], 0.2, Cooling(hot=0.35))

    def anneal_afresh(self) -> None:
        self.improve(self.dealt(), 0.4, Cooling(hot=0.6))

    def gather(self) -> None:
        """The same number of repeats on fewer pairs leaves more distinct ones."""
        if self.problem.rounds > 2 and self.bounds.repeats:
            self.improve(self.best[2], 0.3, REHEATED)
            self.improve(self.dealt(), 0.4, MELTED)


def _put_hosts_first(columns: list[list[int]], hosted: dict[int, int], tables: int) -> bool:
    """Makes the hosts the first column, each in the row of their table; false where they are not one."""
    if len(set(hosted.values())) < len(hosted):
        return False
    home = {person: (c, i) for c, column in enumerate(columns) for i, person in enumerate(column)}
    for person, table in hosted.items():
        c, i = home[person]
        other = columns[0][table]
        columns[0][table], columns[c][i] = person, other
        home[person], home[other] = (0, table), (c, i)
    return len(columns[0]) == tables
