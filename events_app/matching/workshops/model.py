"""The placement as integer inequalities over columns, for what no flow can see: states them, solves nothing.

One column per group of companions, workshop and slot; one per session that may stay closed; one per person
and part of the programme for the guarantee. Every placement that `certificate.check_places` allows is a point
(`point`) that keeps all rows, and every point with integers in it is such a placement.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from events_app.matching.workshops.choices import Choices
from events_app.matching.workshops.counting import Places, person_cost
from events_app.matching.workshops.objectives import TOP, CostModel
from events_app.matching.workshops.problem import UNPLACED, PlacementProblem, Session


class Row(Struct, frozen=True):
    """The sum of `of[column]` times the column is at most `most`."""

    of: dict[int, int]
    most: int


class Model:
    """`seat[group, workshop, slot]`, `runs[session]` and `served[person, part]` are columns, 0 or 1; `rows`
    bind them.

    The value of a placement by criterion k is `constant[k]` plus the sum of `levels[k]` over its columns.
    Columns in `relaxed` need not be integers: they are when the others are.
    """

    def __init__(self, problem: PlacementProblem, model: CostModel) -> None:
        self.problem, self.model = problem, model
        self.choices = Choices(problem)
        self.groups = problem.groups()
        self.slot_parts = [problem.slot_part(slot) for slot in range(problem.slots)]
        self.columns = 0
        self.rows: list[Row] = []
        self.levels: list[dict[int, int]] = [{} for _ in model.names]
        self.relaxed: set[int] = set()
        self.seat: dict[tuple[int, int, int], int] = {}
        self.runs: dict[Session, int] = {}
        self.served: dict[tuple[int, int], int] = {}
        self.possible = self.choices.possible
        cliques = list(_cliques(problem))
        for number, group in enumerate(self.groups):
            self._seats(number, group, cliques)
        self._sessions()
        if model.top_bonus:
            self._guarantee()
        self.constant = self.value_of(self.places([0] * self.columns))

    def _column(self) -> int:
        self.columns += 1
        return self.columns - 1

    def _at_most(self, of: dict[int, int], most: int) -> None:
        if of:
            self.rows.append(Row(of, most))
        elif most < 0:
            self.possible = False

    def _at_least(self, of: dict[int, int], least: int) -> None:
        self._at_most({column: -number for column, number in of.items()}, -least)

    def _seats(self, number: int, group: tuple[int, ...], cliques: list[tuple[Session, ...]]) -> None:
        """What one group may have: one place per slot, no workshop twice, no clashing sessions."""
        by_slot: dict[int, list[int]] = {}
        nothing = [[self.model.unplaced(p, part) for part in self.slot_parts] for p in group]
        ranks = [dict(self.problem.choices(person)) for person in group]
        for workshop, slots in self.choices.slots[group[0]].items():
            columns = []
            for slot in slots:
                column = self.seat[number, workshop, slot] = self._column()
                by_slot.setdefault(slot, []).append(column)
                columns.append(column)
            for at, person in enumerate(group):
                seat = self.model.seat(person, workshop, ranks[at][workshop])
                for slot, column in zip(slots, columns, strict=True):
                    self._price(seat, nothing[at][slot], column)
            if len(columns) > 1:
                self._at_most(dict.fromkeys(columns, 1), 1)
        for columns in by_slot.values():
            if len(columns) > 1:
                self._at_most(dict.fromkeys(columns, 1), 1)
        locked = self.choices.locked.get(group[0], {})
        for slot in range(self.problem.slots):
            if slot not in locked and any((person, slot) in self.problem.kept for person in group):
                self._at_least(dict.fromkeys(by_slot.get(slot, ()), 1), 1)
        for clique in cliques:
            inside = [c for session in clique if (c := self.seat.get((number, *session))) is not None]
            if len(clique) == 1 or len(inside) > 1:
                self._at_most(dict.fromkeys(inside, 1), 0 if len(clique) == 1 else 1)

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
        inside: dict[Session, dict[int, tuple[int, ...]]] = {session: {} for session in problem.sessions()}
        locked: dict[Session, list[int]] = {}
        for (number, workshop, slot), column in self.seat.items():
            inside[workshop, slot][column] = self.groups[number]
        for person, row in self.choices.locked.items():
            for slot, workshop in row.items():
                locked.setdefault((workshop, slot), []).append(person)
        self.possible = self.possible and locked.keys() <= inside.keys()
        for session, columns in inside.items():
            there, seats, least = locked.get(session, []), problem.seats(*session), problem.least(*session)
            sizes = {column: len(group) for column, group in columns.items()}
            if least <= max(len(there), 1) and not (problem.balance and problem.balance.present):
                self._at_most(sizes, seats - len(there))
            else:
                runs = self.runs[session] = self._column()
                if there:
                    self._at_least({runs: 1}, 1)
                self._at_most({**sizes, runs: -seats}, -len(there))
                self._at_least({**sizes, runs: -least}, -len(there))
                for column in columns:
                    self._at_most({column: 1, runs: -1}, 0)
            self._balance(session, columns, there)

    def _balance(self, session: Session, columns: dict[int, tuple[int, ...]], there: list[int]) -> None:
        balance, profile_of = self.problem.balance, self.problem.profile_of
        if balance is None:
            return

        def counted(profiles: tuple[int, ...]) -> tuple[dict[int, int], int]:
            of_group = {c: sum(profile_of[p] in profiles for p in group) for c, group in columns.items()}
            return of_group, sum(profile_of[p] in profiles for p in there)

        for quota in balance.quotas:
            if (quota.workshop, quota.slot) == session:
                of_group, fixed = counted((quota.profile,))
                self._at_most(of_group, quota.most - fixed)
        if balance.most_share is not None:
            part, whole = balance.most_share
            for profile in sorted(set(profile_of)):
                of_group, fixed = counted((profile,))
                of = {c: whole * of_group[c] - part * len(group) for c, group in columns.items()}
                self._at_most(of, part * len(there) - whole * fixed)
        for profiles in balance.present:
            of_group, fixed = counted(profiles)
            if not fixed:
                self._at_least({**of_group, self.runs[session]: -1}, 0)

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
                        columns = [self.seat[number, workshop, slot] for slot in open_slots.get(workshop, ())]
                        tops.setdefault(part, []).extend(columns)
                for part, columns in tops.items():
                    if columns:
                        column = self.served[person, part] = self._column()
                        self.relaxed.add(column)
                        self._at_most({column: 1, **dict.fromkeys(columns, -1)}, 0)
                        self.levels[level][column] = -1

    def places(self, values: Sequence[float]) -> Places:
        """Who goes where, by the values of the columns."""
        rows = [
            [self.choices.locked.get(p, {}).get(s, UNPLACED) for s in range(self.problem.slots)]
            for p in range(self.problem.people)
        ]
        for (number, workshop, slot), column in self.seat.items():
            if values[column] > 0.5:
                for person in self.groups[number]:
                    rows[person][slot] = workshop
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
            values[column] = int(places[self.groups[number][0]][slot] == workshop)
        for (workshop, slot), column in self.runs.items():
            values[column] = int(any(row[slot] == workshop for row in places))
        for (person, part), column in self.served.items():
            values[column] = int(
                any(
                    w != UNPLACED and self.problem.part(w) == part and self.problem.rank(person, w) <= TOP
                    for w in places[person]
                )
            )
        return values


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
