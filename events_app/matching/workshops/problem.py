"""The placement problem and its answer, as plain data; people and workshops are numbered from 0."""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from events_app.matching.invalid import InvalidProblem
from events_app.matching.workshops.proof import Proof

__all__ = [
    "UNPLACED",
    "Balance",
    "Cancelled",
    "Infeasible",
    "InvalidProblem",
    "Lock",
    "Objective",
    "OutOfTime",
    "Placement",
    "PlacementProblem",
    "Quota",
    "Rule",
    "RuleKind",
    "Session",
]

UNPLACED = -1


class Objective(StrEnum):
    """What makes one placement better than another; every one fills as many seats as possible first."""

    GUARANTEE = "guarantee"
    GENEROUS = "generous"
    GREEDY = "greedy"
    SQUARES = "squares"
    DRAW = "draw"
    """Random serial dictatorship: one after the other, in the order of the draw."""


class Lock(Struct, frozen=True, order=True):
    """A place decided by hand; it never moves, and may be in a workshop that the person did not rank."""

    person: int
    workshop: int
    slot: int


class Quota(Struct, frozen=True):
    """At most so many people of one profile in one session."""

    profile: int
    workshop: int
    slot: int
    most: int


class Balance(Struct, frozen=True, kw_only=True):
    """How mixed every session is in which somebody is.

    `most_share` is (numerator, denominator): no profile has more than that part of the people.
    `present` holds sets of profiles; at least one person of each set is there.
    """

    most_share: tuple[int, int] | None = None
    present: tuple[tuple[int, ...], ...] = ()
    quotas: tuple[Quota, ...] = ()


Session = tuple[int, int]
"""(workshop, slot)."""


class PlacementProblem(Struct, frozen=True, kw_only=True):
    """Who wishes for what, and what there is.

    `wishes[p]` ranks workshops, best first. `capacity[w][s]` is the most people in workshop w
    during slot s; 0 means that it is not offered then. `minimum[w][s]` is the fewest with which
    that session runs; below it nobody is placed there. Companions in `together` have the same place
    in every slot. `barred` holds (person, workshop, slot) that cannot be, such as a room without a
    lift. Nobody has both sessions of a pair in `clashes`: at the same time, too far away, or too hard
    after each other. Workshops of one part of the programme, by `parts[w]`, are ranked among themselves;
    without `parts` all are. People in `anywhere` may also be seated in what they did not rank, rather than
    nowhere: all of that is tied at the rank just behind the last that they named in that part. Where
    somebody is in `anywhere`, everybody who is left out counts as if at that rank too, so that naming fewer
    never helps. `current[p]` holds the workshop that the person has now in each slot (or UNPLACED): of
    equally good placements one with the fewest new places is taken. (person, slot) in `kept` is not without
    a place at all.
    """

    wishes: tuple[tuple[int, ...], ...]
    capacity: tuple[tuple[int, ...], ...]
    minimum: tuple[tuple[int, ...], ...] = ()
    locks: tuple[Lock, ...] = ()
    profile_of: tuple[int, ...] = ()
    balance: Balance | None = None
    together: tuple[tuple[int, ...], ...] = ()
    barred: tuple[tuple[int, int, int], ...] = ()
    clashes: tuple[tuple[Session, Session], ...] = ()
    parts: tuple[int, ...] = ()
    anywhere: frozenset[int] = frozenset()
    current: tuple[tuple[int, ...], ...] = ()
    kept: frozenset[tuple[int, int]] = frozenset()

    @property
    def people(self) -> int:
        return len(self.wishes)

    @property
    def workshops(self) -> int:
        return len(self.capacity)

    @property
    def slots(self) -> int:
        return len(self.capacity[0]) if self.capacity else 1

    @property
    def part_count(self) -> int:
        return len(set(self.parts)) if self.parts else 1

    def part(self, workshop: int) -> int:
        return self.parts[workshop] if self.parts else 0

    def named(self, person: int, part: int) -> int:
        """How many wishes the person named in a part."""
        wishes = self.wishes[person]
        return sum(self.parts[w] == part for w in wishes) if self.parts else len(wishes)

    def rank(self, person: int, workshop: int) -> int:
        """1 is best; what was not named comes just behind the last that was."""
        wishes = self.wishes[person]
        if workshop not in wishes:
            return self.named(person, self.part(workshop)) + 1
        before = wishes[: wishes.index(workshop) + 1]
        if not self.parts:
            return len(before)
        return sum(self.parts[w] == self.parts[workshop] for w in before)

    @property
    def ranks(self) -> int:
        """The most wishes that anybody named in one part."""
        if not self.parts:
            return max(map(len, self.wishes), default=0)
        counts = (Counter(self.parts[w] for w in wishes) for wishes in self.wishes)
        return max((max(count.values(), default=0) for count in counts), default=0)

    @property
    def worst_rank(self) -> int:
        """The worst rank that a seat can have."""
        unranked = bool(self.anywhere) or any(
            lock.workshop not in self.wishes[person]
            for lock in self.locks
            for person in (
                lock.person,
                *(p for group in self.together if lock.person in group for p in group),
            )
        )
        return max(self.ranks + unranked, 1)

    def slot_part(self, slot: int) -> int:
        """The part of the programme to which a slot belongs: that of the first workshop offered then."""
        if not self.parts:
            return 0
        offered = (w for w in range(self.workshops) if self.capacity[w][slot] > 0)
        return self.parts[next(offered, 0)]

    def least(self, workshop: int, slot: int) -> int:
        return self.minimum[workshop][slot] if self.minimum else 0

    def seats(self, workshop: int, slot: int) -> int:
        """The most people in a session: none where its minimum could not be seated."""
        most = min(self.capacity[workshop][slot], self.people)
        return 0 if most < self.least(workshop, slot) else most

    def choices(self, person: int) -> Iterator[tuple[int, int]]:
        """(workshop, rank) for all that the person may be given without a lock, best first."""
        wishes = self.wishes[person]
        counts: dict[int, int] = {}
        for workshop in wishes:
            part = self.part(workshop)
            counts[part] = counts.get(part, 0) + 1
            yield workshop, counts[part]
        if person in self.anywhere:
            for workshop in range(self.workshops):
                if workshop not in wishes:
                    yield workshop, counts.get(self.part(workshop), 0) + 1

    def sessions(self) -> Iterator[Session]:
        """The sessions that have seats."""
        for workshop in range(self.workshops):
            for slot in range(self.slots):
                if self.seats(workshop, slot) > 0:
                    yield workshop, slot

    def groups(self) -> list[tuple[int, ...]]:
        """Everybody, companions in one group, ordered by the first person of each."""
        leader = list(range(self.people))
        for companions in self.together:
            first = min(leader[person] for person in companions)
            joined = {leader[person] for person in companions}
            leader = [first if one in joined else one for one in leader]
        members: dict[int, list[int]] = {}
        for person, first in enumerate(leader):
            members.setdefault(first, []).append(person)
        return [tuple(group) for group in members.values()]


class Placement(Struct, frozen=True, kw_only=True):
    """Who goes where, and how good that is.

    `places[p][s]` is a workshop or UNPLACED. `rank_counts[r]` is the number of seats at rank r + 1;
    `unplaced` and `unranked` (by hand, or rather than nothing) count seats too. `value` and `bound`
    hold one number per entry of `criteria`, compared from the left, small is better: no placement
    can have a smaller `value` than `bound`. `certificate` shows the bound to `certificate.check`; where
    some of that is a solver's word, `closed_by` names the solver, else it is empty. `proven` means that
    value and bound are equal; of a draw, that it can be replayed.
    """

    places: tuple[tuple[int, ...], ...]
    rank_counts: tuple[int, ...]
    unplaced: int
    unranked: int
    objective: Objective
    seed: int
    criteria: tuple[str, ...]
    value: tuple[int, ...]
    bound: tuple[int, ...]
    proven: bool
    certificate: Proof | None
    seconds: float
    closed_by: str = ""


class RuleKind(StrEnum):
    """Which rule; the fields of `Rule` that it uses are in brackets. Each can be changed by an organiser."""

    LOCK = "lock"
    """A place decided by hand (person, workshop, slot)."""
    CAPACITY = "capacity"
    """So many seats, 0 where the workshop is not offered (workshop, slot, number)."""
    MINIMUM = "minimum"
    """A session runs from so many people on (workshop, slot, number)."""
    BARRED = "barred"
    """A session that somebody cannot attend (person, workshop, slot)."""
    CLASH = "clash"
    """Two sessions that nobody may both have (workshop, slot; number of the pair)."""
    TOGETHER = "together"
    """Companions have the same place (number of the group in `together`)."""
    SHARE = "share"
    """No profile has more than the given part of a session."""
    PRESENT = "present"
    """At least one person of a set of profiles (number of the set)."""
    QUOTA = "quota"
    """At most so many people of one profile in a session (workshop, slot; number of the quota)."""


class Rule(Struct, frozen=True, order=True, omit_defaults=True):
    """One rule of a problem, to be named in a sentence."""

    kind: RuleKind
    person: int = -1
    workshop: int = -1
    slot: int = -1
    number: int = -1


class Infeasible(ValueError):
    """No placement can obey these rules together. `irreducible`: none of them can be left out; else time
    ran out before that was known."""

    def __init__(self, rules: tuple[Rule, ...], irreducible: bool = True) -> None:
        super().__init__("; ".join(str(rule) for rule in rules))
        self.rules, self.irreducible = rules, irreducible


class OutOfTime(Exception):
    """No placement was found in the time given; there may be one."""


class Cancelled(Exception):
    """Nobody wants the answer any more."""
