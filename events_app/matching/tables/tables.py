"""Who sits at which table in each round.

Order of goals: nobody beside those they must not meet; least company within an organisation; most wishes
to meet; least repeats (a pair that meets m times counts m (m - 1) / 2); most distinct pairs. Plans are
constructed where a construction fits, then improved by annealing until they reach the bound or the
effort is used up.
"""

from contextlib import suppress
from math import inf
from time import monotonic

from events_app.matching.tables.all_plans import AllPlans, Target, few_enough
from events_app.matching.tables.annealing import Seats
from events_app.matching.tables.budget import Budget
from events_app.matching.tables.constructions import Round, columns_by_organisation, nested_rounds
from events_app.matching.tables.galois import prime_power
from events_app.matching.tables.planner import Planner
from events_app.matching.tables.seat_prices import Cooling
from events_app.matching.tables.seating_plan import TablesPlan, TablesProblem, measure
from events_app.matching.tables.stacking import stacked_rounds, thinned_rounds
from events_app.matching.tables.starters import developed_rounds
from events_app.matching.undecided import Undecided

USUAL_EFFORT = 2.0

LARGEST_TURNED = 12  # people at a table
STARTER_STEPS = 600_000  # then rather begin again
LOOKED_AT = 400_000  # rounds and people at tables, in each second
FEW_TRIES, FEW_SHARE = 3, 0.15
STACKS, STACK_SHARE = 3, 0.24
STRENGTHS = (
    Cooling(3, 2, 0.8, 0.3),
    Cooling(2, 1, 0.5, 0.15),
    Cooling(3, 1, 0.8, 0.3),
    Cooling(4, 1, 1.4, 0.4),
    Cooling(10, 1, 2.5, 0.4),
    Cooling(10, 1, 3.5, 0.5),
)
"""Of gentle to strong annealing: how much of a stacked plan it melts."""
REHEATED, MELTED = Cooling(3, 2, 0.8, 0.3), Cooling(3, 2, 1.6, 0.3)
VARIED = Cooling(1, 3, 1.2, 0.3), Cooling(1, 2, 1.5, 0.2), Cooling(1, 3, 1.4, 0.3)
VARIED_SHARE = 0.3


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
            self.look_through: 3,
            self.stack: 5,
            self.anneal_afresh: 6,
            self.develop: 7,
            self.gather: 5,
            self.vary: 5,
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

    def look_through(self) -> None:
        """All plans of few people: for the fewest repeats, then for the most distinct pairs with these."""
        people, tables, rounds = self.problem.people, self.problem.tables, self.problem.rounds
        if not self.ruleless() or rounds < 2 or not few_enough(people, tables):
            return
        with suppress(Undecided):
            plans = AllPlans(people, tables, rounds, self.budget(LOOKED_AT))
            while self.best[0].repeats > self.bounds.repeats:
                self._ask(plans, Target(self.bounds.repeats))
        with suppress(Undecided):
            plans = AllPlans(people, tables, rounds, self.budget(LOOKED_AT))
            while self.best[1] < (most := self.bounds_with(self.best[0].repeats).distinct):
                self._ask(plans, Target(self.best[0].repeats, most))

    def _ask(self, plans: AllPlans, target: Target) -> None:
        """For a better plan; where there is none, that is a better bound."""
        if found := plans.within(target):
            self.offer(found)
        else:
            self.refuted.append(target)
            self.bounds = self.bounds_with()

    def stack(self) -> None:
        """From a plan for tables * tables people: some fewer, or several on each place."""
        problem = self.problem
        points = problem.tables**2
        thin = points - problem.tables < problem.people < points and not prime_power(problem.tables)
        if not self.alike() or not (thin or points < problem.people):
            return
        base = self.few_people(points)
        if thin:
            self.offer(thinned_rounds(base, problem.people, self.chance) or self.best[2])
            return
        self.stacking = base
        gentle, strong = 0, len(STRENGTHS)
        for _ in range(STACKS):
            seats = self.stacked()
            # The gentlest annealing that reaches the fewest repeats keeps most people together.
            while gentle < strong:
                middle = (gentle + strong) // 2
                found = self.improve(seats, STACK_SHARE, STRENGTHS[middle])
                if measure(problem, found)[0].repeats <= self.bounds.repeats:
                    strong = middle
                else:
                    gentle = middle + 1
            gentle, strong = max(gentle - 1, 0), min(gentle + 1, len(STRENGTHS))

    def few_people(self, points: int) -> list[Round]:
        """As many rounds as could be found in which hardly any two of so many meet twice."""
        tables, rounds = self.problem.tables, self.problem.rounds
        columns = [list(range(start, start + tables)) for start in range(0, points, tables)]
        most = min(rounds, tables + 1)
        base = nested_rounds(columns, tables, most, divisible=True, budget=self.budget(100_000))
        if len(base) < most and points < self.problem.people:
            few = TablesProblem(people=points, tables=tables, rounds=most)
            effort = FEW_SHARE * self.effort / FEW_TRIES
            plans = (plan_tables(few, effort=effort, seed=self.seed + i) for i in range(FEW_TRIES))
            base = min(plans, key=lambda plan: plan.measure).rounds
        return base

    def stacked(self) -> Seats:
        seats = stacked_rounds(self.stacking, self.problem.people, self.chance)
        fixed = len(seats)
        seats += self.dealt()[fixed:]
        self.offer(seats)
        if fixed < self.problem.rounds:
            seats = self.improve(seats, 0.1, Cooling(hot=0.5), first=fixed)
        return seats

    def vary(self) -> None:
        """A few repeats more than the fewest, where these would cost many distinct pairs."""
        if self.good():
            return
        for turn, cooling in enumerate(VARIED):
            seats = self.dealt() if turn == 1 or not self.stacking else self.stacked()
            self.improve(seats, VARIED_SHARE, cooling, wanted=self.wanted)

    def develop(self) -> None:
        """Rounds that turn: for problems without any rule, with even tables. Stacked plans are better."""
        people, tables, rounds = self.problem.people, self.problem.tables, self.problem.rounds
        size, rest = divmod(people, tables)
        if rest or size > LARGEST_TURNED or not 3 <= rounds < people or self.stacking:
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
