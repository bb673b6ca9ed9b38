"""The placement as integer inequalities over columns, for what no flow can see: states them, solves nothing.

One column per group of companions, workshop and slot; one per session that may stay closed; one per person
and part of the programme for the guarantee. Every placement that `certificate.check_places` allows is a point
(`point`) that keeps all rows, and every point with integers in it is such a placement.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from events_app.matching.highs import Inequalities
from events_app.matching.workshops.choices import Choices
from events_app.matching.workshops.counting import Places, person_cost
from events_app.matching.workshops.objectives import TOP, CostModel
from events_app.matching.workshops.problem import UNPLACED, PlacementProblem, Session


class Model(Inequalities):
    """`seat[group, workshop, slot]`, `runs[session]` and `served[person, part]` are columns, 0 or 1; `rows`
    bind them.

    `summed`, which is for workshops alike in all slots, leaves open who goes when: a group has one column for
    a workshop, and sessions have columns that count their people by profile. That is a relaxation without
    the symmetry of slots, which is what keeps HiGHS busy; `chosen` is what there is to spread over the slots.
    """

    def __init__(self, problem: PlacementProblem, model: CostModel, summed: bool = False) -> None:
        super().__init__(len(model.names))
        self.problem, self.model, self.summed = problem, model, summed
        self.choices = Choices(problem)
        self.groups = problem.groups()
        self.slot_parts = [problem.slot_part(slot) for slot in range(problem.slots)]
        self.seat: dict[tuple[int, int, int], int] = {}
        self.runs: dict[Session, int] = {}
        self.counts: dict[tuple[int, int, int], int] = {}
        self.served: dict[tuple[int, int], int] = {}
        self.possible = self.choices.possible
        cliques = list(_cliques(problem))
        for number, group in enumerate(self.groups):
            self._seats(number, group, cliques)
        self._sessions()
        if model.top_bonus:
            self._guarantee()
        self.constant = self.value_of(self.nowhere())

    def _seats(self, number: int, group: tuple[int, ...], cliques: list[tuple[Session, ...]]) -> None:
        """What one group may have: one place per slot, no workshop twice, no clashing sessions."""
        by_slot: dict[int, list[int]] = {}
        nothing = [[self.model.unplaced(p, part) for part in self.slot_parts] for p in group]
        ranks = [dict(self.problem.choices(person)) for person in group]
        for workshop, slots in self.choices.slots[group[0]].items():
            columns = []
            for slot in self._named(slots):
                column = self.seat[number, workshop, slot] = self.column()
                by_slot.setdefault(slot, []).append(column)
                columns.append(column)
            for at, person in enumerate(group):
                seat = self.model.seat(person, workshop, ranks[at][workshop])
                for slot, column in zip(slots, columns, strict=not self.summed):
                    self._price(seat, nothing[at][slot], column)
            if len(columns) > 1:
                self.at_most(dict.fromkeys(columns, 1), 1)
        at_once = self.problem.slots if self.summed else 1
        for columns in by_slot.values():
            if len(columns) > at_once:
                self.at_most(dict.fromkeys(columns, 1), at_once)
        locked = self.choices.locked.get(group[0], {})
        for slot in range(self.problem.slots):
            if slot not in locked and any((person, slot) in self.problem.kept for person in group):
                self.at_least(dict.fromkeys(by_slot.get(slot, ()), 1), 1)
        for clique in cliques:
            inside = [c for session in clique if (c := self.seat.get((number, *session))) is not None]
            if len(clique) == 1 or len(inside) > 1:
                self.at_most(dict.fromkeys(inside, 1), 0 if len(clique) == 1 else 1)

    def _named(self, slots: tuple[int, ...]) -> tuple[int, ...]:
        """The slots that a column of a workshop is named by."""
        return slots[:1] if self.summed else slots

    def _price(self, seat: int, nothing: int, column: int) -> None:
        """What being there changes by each criterion, against an empty seat; the bonus apart."""
        there, nowhere = self.model.criteria(seat), self.model.criteria(nothing)
        for level, (cost, empty) in enumerate(zip(there, nowhere, strict=True)):
            if cost != empty:
                of = self.levels[level]
                of[column] = of.get(column, 0) + cost - empty

    def _sessions(self) -> None:
        """Sizes, and balance: nothing, or at least the minimum, mixed as asked."""
        problem = self.problem
        locked: dict[Session, list[int]] = {}
        for person, row in self.choices.locked.items():
            for slot, workshop in row.items():
                locked.setdefault((workshop, slot), []).append(self._profile(person))
        inside = self._counted() if self.summed else self._seated()
        self.possible = self.possible and locked.keys() <= inside.keys()
        for session, columns in inside.items():
            there, seats, least = locked.get(session, []), problem.seats(*session), problem.least(*session)
            sizes = {column: len(profiles) for column, profiles in columns.items()}
            if least <= max(len(there), 1) and not (problem.balance and problem.balance.present):
                self.at_most(sizes, seats - len(there))
            else:
                runs = self.runs[session] = self.column()
                if there:
                    self.at_least({runs: 1}, 1)
                self.at_most({**sizes, runs: -seats}, -len(there))
                self.at_least({**sizes, runs: -least}, -len(there))
                for column in () if self.summed else columns:
                    self.at_most({column: 1, runs: -1}, 0)
            self._balance(session, columns, there)

    def _profile(self, person: int) -> int:
        return self.problem.profile_of[person] if self.problem.balance else 0

    def _seated(self) -> dict[Session, dict[int, tuple[int, ...]]]:
        """For each session the columns of who may be there, with the profiles that each brings."""
        inside: dict[Session, dict[int, tuple[int, ...]]] = {s: {} for s in self.problem.sessions()}
        for (number, workshop, slot), column in self.seat.items():
            inside[workshop, slot][column] = tuple(map(self._profile, self.groups[number]))
        return inside

    def _counted(self) -> dict[Session, dict[int, tuple[int, ...]]]:
        """The same with a column for each profile, which together hold those who chose the workshop."""
        inside: dict[Session, dict[int, tuple[int, ...]]] = {s: {} for s in self.problem.sessions()}
        choosing: dict[tuple[int, int], dict[int, int]] = {}
        for (number, workshop, _), column in self.seat.items():
            for profile in map(self._profile, self.groups[number]):
                of = choosing.setdefault((workshop, profile), {})
                of[column] = of.get(column, 0) + 1
        for (workshop, profile), of in choosing.items():
            for slot in range(self.problem.slots):
                column = self.column(self.problem.seats(workshop, slot))
                self.counts[workshop, slot, profile] = column
                inside[workshop, slot][column] = (profile,)
                of[column] = -1
            self.at_most(of, 0)
            self.at_least(of, 0)
        return inside

    def _balance(self, session: Session, columns: dict[int, tuple[int, ...]], there: list[int]) -> None:
        balance = self.problem.balance
        if balance is None:
            return

        def counted(profiles: tuple[int, ...]) -> tuple[dict[int, int], int]:
            of = {c: sum(one in profiles for one in brought) for c, brought in columns.items()}
            return of, sum(one in profiles for one in there)

        for quota in balance.quotas:
            if (quota.workshop, quota.slot) == session:
                of_column, fixed = counted((quota.profile,))
                self.at_most(of_column, quota.most - fixed)
        if balance.most_share is not None:
            seats = self.problem.seats(*session)
            for profile in sorted(set(self.problem.profile_of)):
                of_column, fixed = counted((profile,))
                for rise, run, most in edges_of_share(balance.most_share, seats):
                    of = {c: run * of_column[c] - rise * len(brought) for c, brought in columns.items()}
                    self.at_most(of, most + rise * len(there) - run * fixed)
        for profiles in balance.present:
            of_column, fixed = counted(profiles)
            if not fixed:
                self.at_least({**of_column, self.runs[session]: -1}, 0)

    def _guarantee(self) -> None:
        """A column that may be 1 only with one of the first wishes of that part."""
        level = self.model.names.index(f"without_top_{TOP}")
        for number, group in enumerate(self.groups):
            open_slots = self.choices.slots[group[0]]
            for person in group:
                locked = self.choices.locked.get(person, {}).values()
                served = {self.problem.part(w) for w in locked if self.problem.rank(person, w) <= TOP}
                tops: dict[int, list[int]] = {}
                for workshop, rank in self.problem.choices(person):
                    part = self.problem.part(workshop)
                    if rank <= TOP and part not in served and not self.model.always_served(person, part):
                        slots = open_slots.get(workshop, ())
                        columns = [self.seat[number, workshop, slot] for slot in self._named(slots)]
                        tops.setdefault(part, []).extend(columns)
                for part, columns in tops.items():
                    if columns:
                        column = self.served[person, part] = self.column()
                        self.relaxed.add(column)
                        self.at_most({column: 1, **dict.fromkeys(columns, -1)}, 0)
                        self.levels[level][column] = -1

    def nowhere(self) -> Places:
        """Whoever is locked is there, and nobody else."""
        locked = self.choices.locked
        return tuple(
            tuple(locked.get(p, {}).get(s, UNPLACED) for s in range(self.problem.slots))
            for p in range(self.problem.people)
        )

    def places(self, values: Sequence[float]) -> Places:
        """Who goes where, by the values of the columns."""
        rows = [list(row) for row in self.nowhere()]
        for (number, workshop, slot), column in self.seat.items():
            if values[column] > 0.5:
                for person in self.groups[number]:
                    rows[person][slot] = workshop
        return tuple(tuple(row) for row in rows)

    def near(self, counted: "Model", values: Sequence[float], most: int) -> None:
        """At most so many more people of each profile in each session than a summed model counts.

        Without that HiGHS does not know which of two slots, alike for it, to fill first.
        """
        of: dict[tuple[int, int, int], dict[int, int]] = {}
        for (number, workshop, slot), column in self.seat.items():
            for profile in map(self._profile, self.groups[number]):
                there = of.setdefault((workshop, slot, profile), {})
                there[column] = there.get(column, 0) + 1
        for key, columns in of.items():
            self.at_most(columns, round(values[counted.counts[key]]) + most)

    def chosen(self, values: Sequence[float]) -> tuple[tuple[int, ...], ...]:
        """Each person's workshops, whenever they are."""
        rows: list[list[int]] = [[] for _ in range(self.problem.people)]
        for (number, workshop, _), column in self.seat.items():
            if values[column] > 0.5:
                for person in self.groups[number]:
                    rows[person].append(workshop)
        return tuple(tuple(row) for row in rows)

    def cost_of(self, places: Places) -> int:
        """The cost without the model's constant."""
        return sum(person_cost(self.problem, self.model, p, row) for p, row in enumerate(places))

    def value_of(self, places: Places) -> tuple[int, ...]:
        """One number per criterion; the guarantee's is negative: people who are served."""
        return self.model.shares(self.cost_of(places))

    def point(self, places: Places) -> list[int]:
        """The columns of places that keep every rule."""
        values = [0] * self.columns
        for (number, workshop, slot), column in self.seat.items():
            row = places[self.groups[number][0]]
            values[column] = int(workshop in row if self.summed else row[slot] == workshop)
        for (workshop, slot), column in self.runs.items():
            values[column] = int(any(row[slot] == workshop for row in places))
        for (workshop, slot, profile), column in self.counts.items():
            values[column] = sum(
                row[slot] == workshop and self._profile(person) == profile
                for person, row in enumerate(places)
            )
        for (person, part), column in self.served.items():
            tops = (w for w in places[person] if w != UNPLACED and self.problem.part(w) == part)
            values[column] = int(any(self.problem.rank(person, w) <= TOP for w in tops))
        return values


def alike(problem: PlacementProblem) -> bool:
    """Whether it does not matter for any rule or criterion in which slot somebody has their workshops."""
    by_slot = problem.locks or problem.barred or problem.clashes or problem.kept
    if problem.slots == 1 or by_slot or (problem.balance and problem.balance.quotas):
        return False
    return all(len(set(row)) == 1 for row in (*problem.capacity, *problem.minimum))


def _cliques(problem: PlacementProblem) -> Iterator[tuple[Session, ...]]:
    """Sessions of which nobody may have two, covering all clashes: much stronger than pair by pair."""
    near: dict[Session, set[Session]] = {}
    for one, other in problem.clashes:
        if one == other:
            yield (one,)
            continue
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    # Sessions of one slot exclude each other anyway.
    by_slot: dict[int, set[Session]] = {}
    for session in problem.sessions():
        by_slot.setdefault(session[1], set()).add(session)
    covered: set[frozenset[Session]] = set()
    for one, others in sorted(near.items()):
        for other in sorted(others):
            if frozenset((one, other)) in covered:
                continue
            clique = [one, other]
            common = (near[one] | by_slot.get(one[1], set())) & (near[other] | by_slot.get(other[1], set()))
            for session in sorted(common - {one, other}):
                if all(session in near.get(c, ()) or session[1] == c[1] for c in clique):
                    clique.append(session)
            covered.update(frozenset((a, b)) for a in clique for b in near.get(a, ()) if b in clique)
            yield tuple(clique)


def edges_of_share(share: tuple[int, int], seats: int) -> list[tuple[int, int, int]]:
    """(rise, run, most): of n people at most k are of one profile, where `run * k - rise * n <= most`.

    These are the edges of the hull of all whole k and n that a share allows: the share itself, which says no
    more than that of whole numbers, lets HiGHS believe for long in parts of people.
    """
    part, whole = share
    hull = [(0, 0)]
    for n in range(1, seats + 1):
        point = n, part * n // whole
        while len(hull) > 1 and _rise(hull[-2], hull[-1]) <= _rise(hull[-1], point):
            hull.pop()
        hull.append(point)
    edges = []
    for (before, low), point in pairwise(hull):
        rise, run = _rise((before, low), point).as_integer_ratio()
        edges.append((rise, run, run * low - rise * before))
    return edges


def _rise(one: tuple[int, int], other: tuple[int, int]) -> Fraction:
    return Fraction(other[1] - one[1], other[0] - one[0])
