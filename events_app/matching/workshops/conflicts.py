"""Which rules contradict each other: a smallest conflict, or places that obey them all.

The rules are those of a `Rulebook`. A question about some of them is answered by the flow and its search,
on the few people and sessions that these rules are about, with as few people seated as the minimums ask
for; where that does not end soon, by `beside`, which may be HiGHS.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from msgspec import Struct

from events_app.matching.smallest_conflict import Answer, smallest_conflict
from events_app.matching.workshops.exchanges import broken_alike
from events_app.matching.workshops.mixing import cannot_run
from events_app.matching.workshops.network import Network
from events_app.matching.workshops.objectives import CostModel
from events_app.matching.workshops.problem import UNPLACED, PlacementProblem, Rule, RuleKind
from events_app.matching.workshops.rulebook import Rows, Rulebook
from events_app.matching.workshops.search import Places, Search

Possible = Places | Literal[False] | None
"""Places that obey the rules; False: there are none; None: undecided."""

Beside = Callable[[PlacementProblem], Possible]

STEPS = 2_000_000
"""Of all questions: a step is one person in one slot in a question, and at each node of its search."""

SHARE, GLANCE = 1 / 16, 1 / 200
"""No single question may use more than this part of the steps; less, where somebody else can answer it."""

MOST_SINGLE_MOVES = 60


class Conflict(Struct, frozen=True):
    """Rules that no placement obeys together. `smallest`: no conflict has fewer, which is proven."""

    rules: tuple[Rule, ...]
    smallest: bool


def locks_contradict(problem: PlacementProblem) -> bool:
    """Whether one person's locks or one session's locks cannot be together, seen at a glance."""
    locks = set(problem.locks)
    count: dict[tuple[int, int], int] = {}
    for lock in locks:
        session = (lock.workshop, lock.slot)
        count[session] = count.get(session, 0) + 1
    return (
        len({(lock.person, lock.slot) for lock in locks}) < len(locks)
        or len({(lock.person, lock.workshop) for lock in locks}) < len(locks)
        or any(number > problem.seats(*session) for session, number in count.items())
    )


def settle(
    problem: PlacementProblem,
    *,
    seconds: float,
    clock: Callable[[], float] = time.perf_counter,
    beside: Beside | None = None,
    glance: bool = False,
) -> Places | Conflict | None:
    """Places in the sessions with locks alone, or the conflict that there is; None: undecided.

    Ends soon after so many seconds, mostly because of its steps, which are the same on every machine.
    `glance`: whether there are places is only asked for a moment, as when a better search follows.
    """
    questions = _Questions(problem, clock, seconds, beside)
    rows = questions.rows(range(questions.number), GLANCE if glance else questions.share)
    if rows is None:
        return None
    if rows is not False:
        return tuple(tuple(rows.get(person, questions.book.nowhere)) for person in range(problem.people))
    return questions.conflict()


def conflict(
    problem: PlacementProblem, *, seconds: float, clock: Callable[[], float] = time.perf_counter
) -> Conflict:
    """Of a problem that has no placement, as is known from elsewhere."""
    return _Questions(problem, clock, seconds, None).conflict()


def obvious(book: Rulebook) -> Iterator[list[int]]:
    """Conflicts seen at a glance: of one person's locks, a lock and a bar, one session's locks and sizes."""
    first: dict[tuple[int, str, int], int] = {}
    for number in sorted(number for locks in book.locks_in.values() for number in locks):
        rule = book.rules[number]
        for key in ((rule.person, "workshop", rule.workshop), (rule.person, "slot", rule.slot)):
            if first.setdefault(key, number) != number:
                yield [first[key], number]
        bar = book.number.get(Rule(RuleKind.BARRED, rule.person, rule.workshop, rule.slot))
        if bar is not None:
            yield [bar, number]
    for number, rule in book.others:
        locks = book.locks_in.get((rule.workshop, rule.slot), [])
        if rule.kind is RuleKind.MINIMUM and rule.number > len(book.may_come[rule.workshop, rule.slot]):
            yield [number, locks[0]]
        if rule.kind is RuleKind.CAPACITY and rule.number < len(locks):
            yield [number, *locks[: rule.number + 1]]


class _Questions:
    """The oracle of `matching.smallest_conflict`."""

    def __init__(
        self,
        problem: PlacementProblem,
        clock: Callable[[], float],
        seconds: float,
        beside: Beside | None,
    ) -> None:
        self.book = Rulebook(problem)
        self.number = len(self.book.rules)
        self.clock, self.seconds, self.beside = clock, seconds, beside
        self.deadline = clock() + seconds
        self.left = STEPS
        self.share = SHARE if beside is None else GLANCE

    def spend(self, steps: int) -> float:
        self.left -= steps
        clock = (self.deadline - self.clock()) / max(self.seconds, 1e-9)
        return max(min(self.left / STEPS, clock), 0)

    def conflict(self) -> Conflict:
        """All rules together are impossible."""
        found = smallest_conflict(self, next(obvious(self.book), range(self.number)))
        return Conflict(tuple(sorted(self.book.rules[number] for number in found.rules)), found.proven)

    def impossible(self, rules: Sequence[int]) -> bool:
        return self.rows(rules, self.share) is False

    def ask(self, rules: Sequence[int]) -> Answer:
        rows = self.rows(rules, self.share)
        if rows is None or rows is False:
            return rows
        return broken_alike(self.book, self._completed(rows))

    def rows(self, rules: Sequence[int], share: float) -> Rows | Literal[False] | None:
        """The places of those who have any when these rules are obeyed, found in this share of the steps."""
        relaxed, people = self.book.relaxed(rules)
        if self.spend(len(rules) // 4 + len(people) * self.book.problem.slots + 1) <= 0:
            return None
        until = self.left - STEPS * share
        possible = search(relaxed, lambda steps: self.spend(steps) > 0 and self.left > until)
        if possible is None and self.beside is not None and self.clock() < self.deadline:
            possible = self.beside(relaxed)
        if possible is None or possible is False:
            return possible
        placed = zip(people, possible, strict=True)
        rows = {person: row for person, row in placed if any(workshop != UNPLACED for workshop in row)}
        return rows if self.book.broken(rows).isdisjoint(rules) else None

    def _completed(self, rows: Rows) -> Rows:
        """Whoever can be where they are locked without breaking more than now, is."""
        broken = self.book.broken(rows)
        moves = [[n for n in self.book.locks_in[session] if n in broken] for session in self.book.sessions]
        singles = [[number] for numbers in moves for number in numbers if len(numbers) > 1]
        for numbers in (*filter(None, moves), *singles[:MOST_SINGLE_MOVES]):
            if broken.isdisjoint(numbers):
                continue
            moved = self._moved(rows, numbers)
            after = self.book.broken(moved)
            if after < broken:
                rows, broken = moved, after
        return rows

    def _moved(self, rows: Rows, locks: Sequence[int]) -> dict[int, Sequence[int]]:
        """The same places, those of these locks and their companions given."""
        moved = dict(rows)
        for number in locks:
            rule = self.book.rules[number]
            for person in self.book.members_of[rule.person]:
                row = moved[person] = list(moved.get(person, self.book.nowhere))
                if rule.workshop in row:
                    row[row.index(rule.workshop)] = UNPLACED
                row[rule.slot] = rule.workshop
        return moved


def search(problem: PlacementProblem, more: Callable[[int], bool]) -> Possible:
    """Places by the flow's search; undecided where `more` has no more steps for it."""
    rarity = _rarity(problem)
    order = tuple(sorted(range(problem.people), key=lambda person: rarity[person]))
    network = Network(problem, _seats_alone(problem), order)
    if not network.possible or cannot_run(problem, network.choices):
        return False
    network.seat_everybody(lambda: False, lambda _done: None)
    tree = Search(network, network.run_locked(), lambda _places: 0, lambda _cost, _bound: None)
    steps = problem.people * problem.slots + 1
    found = tree.run(lambda: tree.best is not None or not more(steps))
    if found.places is None:
        return None if found.bound < network.beyond else False
    return found.places


def _seats_alone(problem: PlacementProblem) -> CostModel:
    """Nobody is anywhere without need; where a balance asks for others everybody, rare profiles first."""
    people, ranks = problem.people, problem.ranks + 1
    rarity = _rarity(problem)
    seats = [1 + rank for rank in rarity] if problem.balance else [2] * people
    nothing = max(seats, default=0) + 1 if problem.balance else 1
    return CostModel(
        names=("seats",),
        weights=(1,),
        seat=tuple((seat,) * ranks for seat in seats),
        unplaced=(nothing,) * people,
        top_bonus=0,
        constant=0,
    )


def _rarity(problem: PlacementProblem) -> list[int]:
    """For each person how many profiles fewer people have."""
    if not problem.balance:
        return [0] * problem.people
    often = Counter(problem.profile_of)
    place = {profile: at for at, profile in enumerate(sorted(often, key=lambda one: (often[one], one)))}
    return [place[profile] for profile in problem.profile_of]
