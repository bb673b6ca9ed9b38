"""Who sits at which table in each round.

Order of goals: nobody beside those they must not meet; least company within an organisation; most wishes
to meet; least repeats (a pair that meets m times counts m (m - 1) / 2); most distinct pairs. Plans are
constructed where a construction fits, then improved by annealing until they reach the bound or the
effort is used up.
"""

import random
from math import inf
from time import monotonic

from events_app.features.networking.annealing import Seating, Seats, anneal
from events_app.features.networking.apart_conflict import round_keeping_apart
from events_app.features.networking.bounds import Bounds, bounds, pairs_of, table_sizes
from events_app.features.networking.budget import Budget
from events_app.features.networking.constructions import Round, columns_by_organisation, nested_rounds
from events_app.features.networking.galois import prime_power
from events_app.features.networking.seat_prices import Cooling, least_rank, prices_of
from events_app.features.networking.seating_plan import Measure, TablesPlan, TablesProblem, measure
from events_app.features.networking.stacking import stacked_rounds, thinned_rounds
from events_app.features.networking.starters import developed_rounds

USUAL_EFFORT = 2.0
EFFORT_PER_SECOND = 4_000_000
"""Of annealing, on a slow machine."""

APART_STEPS = 6_000_000
"""People and tables looked at to keep apart who must not meet, about a second."""

LARGEST_TURNED = 12  # people at a table
STARTER_STEPS = 600_000  # then rather begin again
STACKS, STACK_SHARE = 4, 0.28
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

LARGEST_ANNEALED = 1200
"""With more people, only constructions: the tables of pairs would take too much memory."""


def plan_tables(
    problem: TablesProblem, *, effort: float = USUAL_EFFORT, seconds: float = inf, seed: int = 0
) -> TablesPlan:
    """The best plan found; at once where a construction reaches the bound.

    Raises Infeasible where no round to come can keep everybody apart who must not meet; what announced
    rounds broke is counted only.

    The seed and the `effort`, about so many seconds of one processor, decide the plan. `seconds` of the
    clock end the search earlier on a machine that is slow or busy, and then the plan may be another one.
    """
    return _Planner(problem, effort, seconds, seed).plan()


class _Planner:
    def __init__(self, problem: TablesProblem, effort: float, seconds: float, seed: int) -> None:
        self.problem, self.seed, self.effort = problem, seed, effort
        self.chance = random.Random(seed)
        self.end = self.deadline = monotonic() + seconds
        self.present = sorted(set(range(problem.people)).difference(problem.away))
        self.done = len(problem.announced)
        self.bounds = self._bounds()
        self.can_keep_apart = self._round_keeping_apart() is not None
        self.best = Measure(0, 0, 0, 0, 0), 0, self.dealt()
        self.offer(self.best[2], first=True)

    def plan(self) -> TablesPlan:
        ways = {
            self.construct: 10,
            self.anneal_best: 3,
            self.stack: 5,
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
        costs, distinct, seats = self.best
        ordered = [[sorted(table) for table in tables] for tables in seats]
        return TablesPlan(ordered, costs, distinct, self._bounds(costs.repeats))

    def budget(self, steps_per_second: int) -> Budget:
        return Budget(int(self.effort * steps_per_second), self.seed, self.deadline)

    def offer(self, seats: Seats, *, first: bool = False) -> None:
        costs, distinct = measure(self.problem, seats)
        if first or costs < self.best[0]:
            self.best = costs, distinct, seats

    def _round_keeping_apart(self) -> Round | None:
        problem = self.problem
        there = set(self.present)
        hosts = [host for host in problem.hosts if host[0] in there]
        apart = [pair for pair in problem.apart if there.issuperset(pair)]
        if self.done >= problem.rounds or not apart:
            return None
        # In another order the same rules give another round.
        apart = self.chance.sample(apart, len(apart))
        budget = Budget(APART_STEPS, self.seed, self.end)
        return round_keeping_apart(self.present, problem.tables, hosts, apart, budget, self.chance)

    def keep_apart(self) -> None:
        """Where annealing has not kept everybody apart, it begins again from rounds that do."""
        announced = [[list(table) for table in tables] for tables in self.problem.announced]
        past, _ = measure(self.problem, announced)
        if self.can_keep_apart and self.best[0].apart_broken > past.apart_broken:
            found = [self._round_keeping_apart() for _ in range(self.done, self.problem.rounds)]
            kept = [seats for seats in found if seats]
            if kept:
                seats = announced + [seats or kept[0] for seats in found]
                self.offer(seats)
                self.deadline = self.end
                self.improve(seats, 0.4, Cooling(hot=0.6))

    def _bounds(self, repeats: int | None = None) -> Bounds:
        problem = self.problem
        if not problem.announced and not problem.away:
            return bounds(problem.people, problem.tables, problem.rounds, problem.organisation, repeats)
        # Part of the plan is given: its own repeats stay, and every later pair may still be a new one.
        past, _ = measure(problem, [[list(table) for table in tables] for tables in problem.announced])
        company = sum(pairs_of(len(table)) for tables in problem.announced for table in tables)
        sizes = table_sizes(len(self.present), problem.tables)
        company += (problem.rounds - self.done) * sum(map(pairs_of, sizes))
        most = min(company - past.lost_pairs, pairs_of(problem.people))
        return Bounds(past.same_organisation, past.repeats, most)

    def repeats_least(self) -> bool:
        costs, least = self.best[0], self.bounds
        kept = costs.apart_broken == costs.wishes_missed == 0
        return kept and costs.same_organisation <= least.same_organisation and costs.repeats <= least.repeats

    def dealt(self) -> Seats:
        """People dealt in the order of their organisations, which mixes these as much as can be."""
        problem = self.problem
        group = problem.organisation or (0,) * problem.people
        seats = [[list(table) for table in tables] for tables in problem.announced]
        host_of = dict(problem.hosts)
        for _ in range(self.done, problem.rounds):
            tables: list[list[int]] = [[] for _ in range(problem.tables)]
            for person, table in problem.hosts:
                if person in self.present:
                    tables[table].append(person)
            guests = [p for p in self.present if p not in host_of]
            self.chance.shuffle(guests)
            guests.sort(key=lambda p: group[p])
            sizes = table_sizes(len(self.present), problem.tables)
            turn = 0
            for person in guests:
                while len(tables[turn % problem.tables]) >= sizes[turn % problem.tables]:
                    turn += 1
                tables[turn % problem.tables].append(person)
                turn += 1
            seats.append(tables)
        return seats

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

    def stack(self) -> None:
        """From a plan for tables * tables people: some fewer, or several on each place."""
        problem = self.problem
        points = problem.tables**2
        thin = points - problem.tables < problem.people < points and not prime_power(problem.tables)
        if not self.ruleless() or not (thin or points < problem.people):
            return
        base = nested_rounds(
            [list(range(start, start + problem.tables)) for start in range(0, points, problem.tables)],
            problem.tables,
            min(problem.rounds, problem.tables + 1),
            divisible=True,
            budget=self.budget(100_000),
        )
        if thin:
            self.offer(thinned_rounds(base, problem.people, self.chance) or self.best[2])
            return
        gentle, strong = 0, len(STRENGTHS)
        for _ in range(STACKS):
            seats = stacked_rounds(base, problem.people, self.chance)
            seats += self.dealt()[len(seats) :]
            self.offer(seats)
            if len(base) < problem.rounds:
                seats = self.improve(seats, 0.1, Cooling(hot=0.5), first=len(base))
            # The gentlest annealing that reaches the fewest repeats keeps most people together.
            while gentle < strong:
                middle = (gentle + strong) // 2
                found = self.improve(seats, STACK_SHARE, STRENGTHS[middle])
                if measure(problem, found)[0].repeats <= self.bounds.repeats:
                    strong = middle
                else:
                    gentle = middle + 1
            gentle, strong = max(gentle - 1, 0), min(gentle + 1, len(STRENGTHS))

    def ruleless(self) -> bool:
        problem = self.problem
        return problem == TablesProblem(people=problem.people, tables=problem.tables, rounds=problem.rounds)

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

    def improve(self, seats: Seats, share: float, cooling: Cooling, *, first: int = 0) -> Seats:
        """Anneals the rounds from `first` on."""
        problem = self.problem
        if problem.people > LARGEST_ANNEALED:
            return seats
        hosts = dict(problem.hosts)
        guests = [p for p in self.present if p not in hosts]
        found = anneal(
            Seating(problem.people, seats, prices_of(problem, cooling)),
            [(turn, guests) for turn in range(max(first, self.done), problem.rounds)],
            budget=self.budget(int(share * EFFORT_PER_SECOND)),
            hot=cooling.hot,
            cold=cooling.cold,
            least=least_rank(problem, self.bounds, cooling),
            chance=self.chance,
        )
        self.offer(found)
        return found


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
