"""Finds refutations of everything better, by linear programs; needs HiGHS, trusts it with nothing.

Criterion by criterion: the earlier ones held, what is the least that the relaxation allows? Above
"one better", its dual values, made integers, add the rows up to a contradiction. Below, cuts are added
(Gomory 1958), and where these do not suffice a count is decided (Land and Doig 1960). The result is
verified in exact integers; what floating point spoiled is no proof and is not kept.
"""

from collections.abc import Callable, Sequence
from math import ceil, floor, inf, isfinite

from msgspec.structs import replace

from events_app.matching.workshops.cuts import Found, share_cuts
from events_app.matching.workshops.cutting_planes import both_cases, contradicts
from events_app.matching.workshops.gomory import gomory_cuts
from events_app.matching.workshops.program import Program, Row
from events_app.matching.workshops.proof import Branch, Contradiction, Cut, Refutation, Refutations, Refuted
from events_app.matching.workshops.relaxation import Relaxation, Solved

_SCALES = (1_000, 1_000_000, 1_000_000_000)
"""Dual values times this, rounded, are the multipliers: small ones where they do."""

_ALMOST = 1e-6
_ROUNDS = 40
_WORTHWHILE = 0.01
"""Of a unit of the criterion: less than that from a round of cuts is nothing."""
_PATIENCE = 2
"""Rounds of cuts for nothing, before no more are added; with cuts for shares alone, none."""


class Refuter:
    """One program, its cuts growing from criterion to criterion.

    Until a proof is done, its cuts refer to each other by numbers that follow the program's rows.
    """

    def __init__(self, program: Program, time_left: Callable[[], float]) -> None:
        self.program, self.time_left = program, time_left
        self.deep_until = inf
        self.relaxation = Relaxation(program)
        self.added: list[tuple[str, int]] = [("base", row) for row in range(len(program.rows))]
        """What each row of the relaxation is: of the program, a cut, a criterion held, a case supposed, or
        nothing any more."""
        self.counted = _counted(program)
        self.supposed: list[int] = []
        self.cuts: list[Cut] = []
        self.cut_rows: list[Row] = []
        self.values: Sequence[float] = ()
        """Of the columns, where the last bound is reached: whole numbers if the relaxation is exact."""
        self.done: list[Refutation] = []
        self.value: list[int] = []

    def bound(self, reached: int | None) -> int | None:
        """The least that the relaxation allows the next criterion; None when time is up.

        With cuts, unless it is without them what is `reached` already.
        """
        level = len(self.done)
        constant = self.program.constant[level]
        if reached == 0:
            return 0
        self.relaxation.price(self.program.levels[level])
        solved = self.least(float("inf") if reached is None else reached - constant - 1)
        if solved is None or not isfinite(solved.least):
            return None
        self.values = solved.values
        return max(ceil(solved.least - _ALMOST) + constant, 0)

    def refute(self, most: int, *, branching: bool = True) -> bool:
        """Prove that the next criterion is at least `most`, the earlier ones as they are. False: not now."""
        level = len(self.done)
        aim = self.program.criterion(level, most - 1)
        held = [self.program.criterion(earlier, value) for earlier, value in enumerate(self.value)]
        rows = [*self.program.rows, *held, aim]
        if contradicts(rows, [(len(rows) - 1, 1)]):
            tree: Refuted | None = Contradiction(((len(rows) - 1, 1),))
        else:
            self.relaxation.price(aim.of)
            tree = _Search(self, rows, branching).refute([])
        if tree is None:
            return False
        self.done.append(self._refutation(tree, len(rows)))
        self.value.append(most)
        row = self.program.criterion(level, most)
        if row.of:
            self.relaxation.add([row])
            self.added.append(("held", level))
        return True

    def _refutation(self, tree: Refuted, first: int) -> Refutation:
        """With the cuts that it needs, which follow `first` other rows."""
        base, used = len(self.program.rows), _cuts_of(tree, first)
        needed = list(used)
        while needed:
            more = {number - base for number, _ in self.cuts[needed.pop()].rows if number >= base} - used
            used |= more
            needed.extend(more)
        place = {cut: first + number for number, cut in enumerate(sorted(used))}
        cuts = (self.cuts[cut] for cut in sorted(used))
        return Refutation(
            tuple(
                replace(cut, rows=tuple((n if n < base else place[n - base], times) for n, times in cut.rows))
                for cut in cuts
            ),
            _renumbered(tree, first, place),
        )

    def deepen(self, seconds: float) -> None:
        """For so long, look for cuts whatever the rules; they take longer."""
        self.deep_until = self.time_left() - seconds

    def _deep(self) -> bool:
        return self.time_left() > self.deep_until

    def retract(self) -> None:
        """The last criterion refuted is open again."""
        self.done.pop()
        self.value.pop()
        held = ("held", len(self.done))
        if held in self.added:
            self._lift(self.added.index(held))

    def least(self, enough: float) -> Solved | None:
        """The relaxation's optimum, with cuts until it exceeds `enough` or they bring no more."""
        before, idle, patience = -inf, 0, _PATIENCE if self._deep() else 0
        solved = None
        for _ in range(_ROUNDS):
            left = self.time_left()
            solved = self.relaxation.minimise(left) if left > 0 else None
            if solved is None or not isfinite(solved.least) or solved.least > enough + _ALMOST:
                return solved
            idle = idle + 1 if solved.least - before < _WORTHWHILE else 0
            before = solved.least
            found = share_cuts(self.program, solved.values) if idle == 0 else []
            if not found and idle <= patience and self._deep():
                found = self._deep_cuts(solved)
            if not found:
                return solved
            self._add(found)
        return solved

    def binding(self) -> list[Row]:
        """The cuts that are at their limit where the last bound is reached."""
        return [
            row
            for row in self.cut_rows
            if sum(number * self.values[column] for column, number in row.of.items()) > row.most - _ALMOST
        ]

    def whole(self) -> bool:
        return all(min(value, 1 - value) < _ALMOST for value in self.values)

    def _deep_cuts(self, solved: Solved) -> list[Found]:
        first = {"base": 0, "cut": len(self.program.rows)}
        numbers = [first[kind] + number if kind in first else None for kind, number in self.added]
        rows = [*self.program.rows, *self.cut_rows]
        return gomory_cuts(self.program, rows, self.relaxation, numbers, solved.values, self._deep)

    def _add(self, found: list[Found]) -> None:
        self.added.extend(("cut", len(self.cuts) + number) for number in range(len(found)))
        self.cuts.extend(one.cut for one in found)
        self.cut_rows.extend(one.row for one in found)
        self.relaxation.add([one.row for one in found])

    def suppose(self, row: Row, depth: int) -> None:
        self.relaxation.add([row])
        self.supposed.append(len(self.added))
        self.added.append(("case", depth))

    def lift(self) -> None:
        """The last row supposed is no longer."""
        self._lift(self.supposed.pop())

    def _lift(self, number: int) -> None:
        self.relaxation.lift(number)
        self.added[number] = ("lifted", 0)

    def proof(self) -> Refutations:
        """Of the criteria refuted so far."""
        return Refutations(tuple(self.done))


class _Search:
    """The refutation of the last of `rows`, "one better", case by case."""

    def __init__(self, refuter: Refuter, rows: list[Row], branching: bool) -> None:
        self.refuter, self.rows, self.branching = refuter, rows, branching

    def refute(self, case: list[Row]) -> Refuted | None:
        refuter = self.refuter
        solved = refuter.least(self.rows[-1].most)
        if solved is None:
            return None
        if solved.least > self.rows[-1].most + _ALMOST:
            return self._contradiction(solved, case)
        undecided = self._undecided(solved.values) if self.branching else None
        if undecided is None:
            return None
        refuted: list[Refuted] = []
        for row in both_cases(*undecided):
            refuter.suppose(row, len(case))
            part = self.refute([*case, row])
            refuter.lift()
            if part is None:
                return None
            refuted.append(part)
        return Branch(*undecided, *refuted)

    def _contradiction(self, solved: Solved, case: list[Row]) -> Contradiction | None:
        """The dual values as multipliers. Of a ray nobody says which way it points, and it needs no aim."""
        rows, first = self._numbered(case)
        optimal = isfinite(solved.least)
        for sign in (1,) if optimal else (1, -1):
            for scale in _SCALES:
                parts = [(len(self.rows) - 1, scale)] if optimal else []
                for (kind, number), weight in zip(self.refuter.added, solved.weights, strict=False):
                    multiplier = round(sign * weight * scale)
                    if multiplier > 0 and kind in first:
                        parts.append((first[kind] + number, multiplier))
                if contradicts(rows, parts):
                    # Cuts are still to come: until the end, the rows of cases are counted from below.
                    of_cases = first["case"]
                    return Contradiction(
                        tuple((n if n < of_cases else of_cases - n - 1, times) for n, times in sorted(parts))
                    )
        return None

    def _numbered(self, case: list[Row]) -> tuple[list[Row], dict[str, int]]:
        """All rows at this moment, and where those of each kind begin."""
        cuts = self.refuter.cut_rows
        first = {"base": 0, "held": len(self.refuter.program.rows), "cut": len(self.rows)}
        first["case"] = len(self.rows) + len(cuts)
        return [*self.rows, *cuts, *case], first

    def _undecided(self, values: Sequence[float]) -> tuple[tuple[int, ...], int] | None:
        """Columns that add up to no whole number, nearest to a half, and that sum rounded up.

        Whether a session runs comes first, then how many of a profile are there, then who goes there.
        """
        for sums in self.refuter.counted:
            found = []
            for columns in sums:
                total = sum(values[column] for column in columns)
                if _ALMOST < total - floor(total) < 1 - _ALMOST:
                    found.append((abs(total - floor(total) - 0.5), columns, ceil(total)))
            if found:
                _, columns, least = min(found)
                return columns, least
        return None


def _counted(program: Program) -> tuple[list[tuple[int, ...]], ...]:
    """Columns that are counted together: one by one, and the people of a session by their profile."""
    inside: dict[tuple[int, int], dict[int, int]] = {}
    if program.problem.balance is not None:
        for (number, workshop, slot), column in program.seat.items():
            profile = program.problem.profile_of[program.groups[number][0]]
            inside.setdefault((workshop, slot), {})[column] = profile
    counts, others = [], []
    for columns in inside.values():
        for profile in sorted(set(columns.values())):
            counts.append(tuple(column for column, of in columns.items() if of == profile))
            others.append(tuple(column for column, of in columns.items() if of != profile))
    return (
        [(column,) for column in program.runs.values()],
        others,
        counts,
        [(column,) for column in program.seat.values()],
        [(column,) for column in program.served.values()],
    )


def _cuts_of(tree: Refuted, first: int) -> set[int]:
    if isinstance(tree, Branch):
        return _cuts_of(tree.fewer, first) | _cuts_of(tree.enough, first)
    return {number - first for number, _ in tree.rows if number >= first}


def _renumbered(tree: Refuted, first: int, place: dict[int, int]) -> Refuted:
    """With the cuts that are not used left out, and the rows of cases behind those that are."""
    if isinstance(tree, Branch):
        fewer, enough = (_renumbered(part, first, place) for part in (tree.fewer, tree.enough))
        return Branch(tree.columns, tree.least, fewer, enough)

    def renumbered(n: int) -> int:
        if n < 0:
            return first + len(place) - n - 1
        return n if n < first else place[n - first]

    return Contradiction(tuple((renumbered(n), times) for n, times in tree.rows))
