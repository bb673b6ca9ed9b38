"""The placement as integer inequalities over columns that are 0 or 1; states them, solves nothing.

One column per group of companions, workshop and slot; one per session that may stay closed; one per
person for the guarantee. Every placement that `certificate.check_places` allows is a point (`point`)
that keeps all rows, whatever the order in which they are stated; the same problem gives the same
numbers of columns and rows, so that a proof may name them.
"""

from collections.abc import Sequence

from msgspec import Struct

from events_app.matching.workshops.choices import Choices
from events_app.matching.workshops.counting import Places, total_cost
from events_app.matching.workshops.objectives import TOP, CostModel
from events_app.matching.workshops.problem import UNPLACED, PlacementProblem, Session


class Row(Struct, frozen=True):
    """The sum of `of[column]` times the column is at most `most`."""

    of: dict[int, int]
    most: int


class Program:
    """`seat[group, workshop, slot]`, `runs[session]` and `served[person]` are columns; `rows` bind them.

    The value of a placement by criterion k is `constant[k]` plus the sum of `levels[k]` over its columns.
    `once[column]` is a row "this group has the workshop at most once", where there is one, and
    `single[group, slot]` "it has one place at a time". `sizes` holds the rows "no more people than seats" by
    session, `shares` those of the balance by (workshop, slot, profile).
    """

    def __init__(self, problem: PlacementProblem, model: CostModel) -> None:
        self.problem, self.model = problem, model
        self.choices = Choices(problem)
        self.groups = problem.groups()
        self.columns = 0
        self.rows: list[Row] = []
        self.levels: list[dict[int, int]] = [{} for _ in model.names]
        self.seat: dict[tuple[int, int, int], int] = {}
        self.runs: dict[Session, int] = {}
        self.served: dict[int, int] = {}
        self.once: dict[int, int] = {}
        self.single: dict[tuple[int, int], int] = {}
        self.sizes: dict[Session, int] = {}
        self.shares: dict[tuple[int, int, int], int] = {}
        for number, group in enumerate(self.groups):
            self._seats(number, group)
        self._sessions()
        if model.top_bonus:
            self._guarantee()
        self.constant = self.value_of(self.places([0] * self.columns))

    def _column(self) -> int:
        self.columns += 1
        return self.columns - 1

    def _at_most(self, of: dict[int, int], most: int) -> int:
        self.rows.append(Row(of, most))
        return len(self.rows) - 1

    def _at_least(self, of: dict[int, int], least: int) -> int:
        return self._at_most({column: -number for column, number in of.items()}, -least)

    def _seats(self, number: int, group: tuple[int, ...]) -> None:
        """What one group may have: one place per slot, no workshop twice, no clashing sessions."""
        by_slot: dict[int, list[int]] = {}
        for workshop, slots in self.choices.slots[group[0]].items():
            columns = []
            for slot in slots:
                column = self.seat[number, workshop, slot] = self._column()
                by_slot.setdefault(slot, []).append(column)
                columns.append(column)
            self._price(group, workshop, columns)
            if len(columns) > 1:
                self.once.update(dict.fromkeys(columns, self._at_most(dict.fromkeys(columns, 1), 1)))
        for slot, columns in by_slot.items():
            self.single[number, slot] = self._at_most(dict.fromkeys(columns, 1), 1)
            if any((person, slot) in self.problem.kept for person in group):
                self._at_least(dict.fromkeys(columns, 1), 1)
        for one, other in self.problem.clashes:
            pair = [self.seat.get((number, *session)) for session in (one, other)]
            if pair[0] is not None and pair[1] is not None:
                self._at_most({pair[0]: 1, pair[1]: 1}, len({one, other}) - 1)

    def _price(self, group: tuple[int, ...], workshop: int, columns: list[int]) -> None:
        """What being there changes by each criterion, against an empty seat."""
        problem, model = self.problem, self.model
        for person in group:
            wishes = problem.wishes[person]
            rank = wishes.index(workshop) if workshop in wishes else problem.ranks
            there, nowhere = model.criteria(model.seat[person][rank]), model.criteria(model.unplaced[person])
            for level, (cost, nothing) in enumerate(zip(there, nowhere, strict=True)):
                if cost != nothing:
                    for column in columns:
                        self.levels[level][column] = self.levels[level].get(column, 0) + cost - nothing

    def _sessions(self) -> None:
        """Sizes, and balance: nothing, or at least the minimum, mixed as asked."""
        problem = self.problem
        inside: dict[Session, dict[int, tuple[int, ...]]] = {session: {} for session in problem.sessions()}
        locked: dict[Session, list[int]] = {session: [] for session in inside}
        for (number, workshop, slot), column in self.seat.items():
            inside[workshop, slot][column] = self.groups[number]
        for person, row in self.choices.locked.items():
            for slot, workshop in row.items():
                locked[workshop, slot].append(person)
        for session, columns in inside.items():
            there, seats, least = locked[session], problem.seats(*session), problem.least(*session)
            sizes = {column: len(group) for column, group in columns.items()}
            if least <= len(there) and not (problem.balance and problem.balance.present):
                self.sizes[session] = self._at_most(sizes, seats - len(there))
            else:
                runs = self.runs[session] = self._column()
                if there:
                    self._at_least({runs: 1}, 1)
                self.sizes[session] = self._at_most({**sizes, runs: -seats}, -len(there))
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
                self.shares[*session, profile] = self._at_most(of, part * len(there) - whole * fixed)
        for profiles in balance.present:
            of_group, fixed = counted(profiles)
            if not fixed:
                self._at_least({**of_group, self.runs[session]: -1}, 0)

    def _guarantee(self) -> None:
        """One column per person that may be 1 only with one of the first wishes."""
        level = self.model.names.index(f"without_top_{TOP}")
        for number, group in enumerate(self.groups):
            for person in group:
                tops = self.problem.wishes[person][:TOP]
                if any(workshop in tops for workshop in self.choices.locked.get(person, {}).values()):
                    continue
                columns = [
                    self.seat[number, workshop, slot]
                    for workshop, slots in self.choices.slots[group[0]].items()
                    if workshop in tops
                    for slot in slots
                ]
                if columns:
                    served = self.served[person] = self._column()
                    self._at_most({served: 1, **dict.fromkeys(columns, -1)}, 0)
                    self.levels[level][served] = -1

    def places(self, values: Sequence[float]) -> tuple[tuple[int, ...], ...]:
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

    def value_of(self, places: Places) -> tuple[int, ...]:
        """One number per criterion."""
        return self.model.criteria(total_cost(self.problem, self.model, places))

    def point(self, places: Places) -> list[int]:
        """The columns of places that keep every rule."""
        values = [0] * self.columns
        for (number, workshop, slot), column in self.seat.items():
            values[column] = int(places[self.groups[number][0]][slot] == workshop)
        for (workshop, slot), column in self.runs.items():
            values[column] = int(any(row[slot] == workshop for row in places))
        for person, column in self.served.items():
            tops = self.problem.wishes[person][:TOP]
            values[column] = int(any(workshop in tops for workshop in places[person]))
        return values

    def criterion(self, level: int, most: int) -> Row:
        """That a placement is worth at most so much by one criterion."""
        return Row(self.levels[level], most - self.constant[level])
