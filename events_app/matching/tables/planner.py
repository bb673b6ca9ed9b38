"""The state of a search for a seat plan: what is asked, what is the best so far, what may still be spent."""

import random
from time import monotonic

from events_app.matching.tables.annealing import Seating, Seats, anneal
from events_app.matching.tables.bounds import Bounds, bounds, pairs_of, table_sizes
from events_app.matching.tables.budget import Budget
from events_app.matching.tables.constructions import Round
from events_app.matching.tables.keeping_apart import round_keeping_apart
from events_app.matching.tables.seat_prices import Cooling, least_rank, prices_of
from events_app.matching.tables.seating_plan import TablesPlan, TablesProblem, measure

EFFORT_PER_SECOND = 4_000_000
"""Of annealing, on a slow machine."""

APART_SECONDS = 2.0
"""So long a round is looked for that keeps apart who must not meet; mostly it takes a few milliseconds."""

LARGEST_ANNEALED = 1200
"""With more people, only constructions: the tables of pairs would take too much memory."""


class Planner:
    """`best` is the best plan by the order of the goals: its costs, its distinct pairs, its seats."""

    def __init__(self, problem: TablesProblem, effort: float, seconds: float, seed: int) -> None:
        self.problem, self.seed, self.effort = problem, seed, effort
        self.chance = random.Random(seed)
        self.end = self.deadline = monotonic() + seconds
        self.present = sorted(set(range(problem.people)).difference(problem.away))
        self.done = len(problem.announced)
        self.bounds = self._bounds()
        self.can_keep_apart = self._round_keeping_apart() is not None
        seats = self.dealt()
        self.best = (*measure(problem, seats), seats)

    def result(self) -> TablesPlan:
        costs, distinct, seats = self.best
        ordered = [[sorted(table) for table in tables] for tables in seats]
        return TablesPlan(ordered, costs, distinct, self.bounds)

    def budget(self, steps_per_second: int) -> Budget:
        return Budget(int(self.effort * steps_per_second), self.seed, self.deadline)

    def offer(self, seats: Seats) -> None:
        costs, distinct = measure(self.problem, seats)
        if costs < self.best[0]:
            self.best = costs, distinct, seats

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

    def ruleless(self) -> bool:
        """Anybody may sit anywhere, with anybody."""
        problem = self.problem
        rules = problem.organisation or problem.hosts or problem.apart or problem.wishes
        return not (rules or problem.announced or problem.away)

    def repeats_least(self) -> bool:
        costs, least = self.best[0], self.bounds
        kept = costs.apart_broken == costs.wishes_missed == 0
        return kept and costs.same_organisation <= least.same_organisation and costs.repeats <= least.repeats

    def _bounds(self) -> Bounds:
        problem = self.problem
        if not problem.announced and not problem.away:
            return bounds(problem.people, problem.tables, problem.rounds, problem.organisation)
        # Part of the plan is given: its own repeats stay, and every later pair may still be a new one.
        past, _ = measure(problem, [[list(table) for table in tables] for tables in problem.announced])
        company = sum(pairs_of(len(table)) for tables in problem.announced for table in tables)
        sizes = table_sizes(len(self.present), problem.tables)
        company += (problem.rounds - self.done) * sum(map(pairs_of, sizes))
        most = min(company - past.lost_pairs, pairs_of(problem.people))
        return Bounds(past.same_organisation, past.repeats, most)

    def _round_keeping_apart(self) -> Round | None:
        problem = self.problem
        there = set(self.present)
        hosts = [host for host in problem.hosts if host[0] in there]
        apart = [pair for pair in problem.apart if there.issuperset(pair)]
        if self.done >= problem.rounds or not apart:
            return None
        seconds = min(APART_SECONDS, self.end - monotonic())
        return round_keeping_apart(self.present, problem.tables, hosts, apart, seconds, self.chance)

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
