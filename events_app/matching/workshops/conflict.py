"""Which rules contradict each other: a set of which none can be left out (deletion filter).

The rules are what an organiser can change: locks, seats, minimums, balance, clashes, companions, bars. What
always holds is no rule: one place per slot, no workshop twice. Where nobody is locked nobody has to be, so
that only sessions with locks matter.
"""

import time
from collections.abc import Callable, Collection, Iterator, Sequence

from msgspec.structs import replace

from events_app.matching import highs
from events_app.matching.irreducible import irreducible
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.model import Model
from events_app.matching.workshops.objectives import cost_model
from events_app.matching.workshops.problem import (
    Balance,
    Infeasible,
    Lock,
    Objective,
    PlacementProblem,
    Rule,
    RuleKind,
    Session,
)


def conflict(problem: PlacementProblem, seconds: float, stopped: Callable[[], bool]) -> Infeasible:
    """The rules in conflict, of a problem that has no placement."""
    ends = time.perf_counter() + seconds
    rules = list(_rules(problem))

    def contradict(some: Sequence[Rule]) -> bool | None:
        """Whether nothing keeps these rules; None where time ran out."""
        left = ends - time.perf_counter()
        return None if left <= 0 or stopped() else _impossible(_keeping(problem, some), left, stopped)

    crowded = next(_crowded(problem), None)
    if crowded is not None:
        return Infeasible(tuple(crowded))
    few = next((few for few in _obvious(problem) if contradict(few)), None)
    if few is None and not contradict(rules):
        return Infeasible(tuple(rules), irreducible=False)
    return Infeasible(*irreducible(few or rules, contradict))


def _impossible(problem: PlacementProblem, seconds: float, stopped: Callable[[], bool]) -> bool | None:
    model = Model(problem, cost_model(problem, Objective.SQUARES, drawn_order(problem.people, 0)))
    if not model.possible:
        return True
    if not model.rows:
        return False
    point, _, ended = highs.Solver(model, seed=0, stopped=stopped).minimise({}, seconds)
    return False if point is not None else True if ended else None


def _rules(problem: PlacementProblem) -> Iterator[Rule]:
    """All that could matter, locks last."""
    sessions = sorted({(lock.workshop, lock.slot) for lock in problem.locks})
    for w, s in sessions:
        yield Rule(RuleKind.CAPACITY, workshop=w, slot=s, number=problem.capacity[w][s])
        if problem.least(w, s) > 0:
            yield Rule(RuleKind.MINIMUM, workshop=w, slot=s, number=problem.least(w, s))
    yield from _of_balance(problem.balance or Balance(), sessions)
    for number, (one, other) in enumerate(problem.clashes):
        if one in sessions and other in sessions:
            yield Rule(RuleKind.CLASH, workshop=one[0], slot=one[1], number=number)
    for number, _group in enumerate(problem.together):
        yield Rule(RuleKind.TOGETHER, number=number)
    for person, workshop, slot in sorted(set(problem.barred)):
        if (workshop, slot) in sessions:
            yield Rule(RuleKind.BARRED, person, workshop, slot)
    for lock in sorted(set(problem.locks)):
        yield _lock(lock)


def _of_balance(balance: Balance, sessions: Collection[Session]) -> Iterator[Rule]:
    if balance.most_share is not None:
        yield Rule(RuleKind.SHARE)
    for number in range(len(balance.present)):
        yield Rule(RuleKind.PRESENT, number=number)
    for number, quota in enumerate(balance.quotas):
        if (quota.workshop, quota.slot) in sessions:
            yield Rule(RuleKind.QUOTA, workshop=quota.workshop, slot=quota.slot, number=number)


def _lock(lock: Lock) -> Rule:
    return Rule(RuleKind.LOCK, lock.person, lock.workshop, lock.slot)


def _keeping(problem: PlacementProblem, rules: Sequence[Rule]) -> PlacementProblem:
    """The problem of these rules alone. Whoever is locked somewhere may be there without the lock too, so
    that leaving out rules never takes a placement away."""
    kept = set(rules)
    numbers = {kind: {rule.number for rule in rules if rule.kind is kind} for kind in RuleKind}
    locks = tuple(lock for lock in problem.locks if _lock(lock) in kept)
    offered = {(lock.workshop, lock.slot) for lock in locks}
    of_rule = {(rule.kind, rule.workshop, rule.slot): rule.number for rule in rules}

    def table(kind: RuleKind, otherwise: int) -> tuple[tuple[int, ...], ...]:
        return tuple(
            tuple(
                of_rule.get((kind, w, s), otherwise) if (w, s) in offered else 0 for s in range(problem.slots)
            )
            for w in range(problem.workshops)
        )

    workshops = {workshop for workshop, _ in offered}
    wishes, barred = _may_come(problem, workshops)
    barred += [(r.person, r.workshop, r.slot) for r in rules if r.kind is RuleKind.BARRED]
    balance = problem.balance and Balance(
        most_share=problem.balance.most_share if numbers[RuleKind.SHARE] else None,
        present=tuple(one for n, one in enumerate(problem.balance.present) if n in numbers[RuleKind.PRESENT]),
        quotas=tuple(one for n, one in enumerate(problem.balance.quotas) if n in numbers[RuleKind.QUOTA]),
    )
    return replace(
        problem,
        wishes=wishes,
        capacity=table(RuleKind.CAPACITY, problem.people),
        minimum=table(RuleKind.MINIMUM, 0),
        locks=locks,
        balance=None if balance == Balance() else balance,
        together=tuple(one for n, one in enumerate(problem.together) if n in numbers[RuleKind.TOGETHER]),
        barred=tuple(barred),
        clashes=tuple(one for n, one in enumerate(problem.clashes) if n in numbers[RuleKind.CLASH]),
        anywhere=frozenset(),
        current=(),
        kept=frozenset(),
        parts=(),
    )


def _may_come(
    problem: PlacementProblem, workshops: set[int]
) -> tuple[tuple[tuple[int, ...], ...], list[tuple[int, int, int]]]:
    """Everybody's wishes among these workshops, the lock of somebody in their group being one in its slot."""
    by_hand: dict[int, set[tuple[int, int]]] = {}
    group_of = {person: group for group in problem.groups() for person in group}
    for lock in problem.locks:
        for person in group_of[lock.person]:
            by_hand.setdefault(person, set()).add((lock.workshop, lock.slot))
    wishes, closed = [], []
    for person in range(problem.people):
        ranked = [w for w, _ in problem.choices(person) if w in workshops]
        locked = by_hand.get(person, set())
        more = sorted({w for w, _ in locked if w in workshops and w not in ranked})
        closed += [(person, w, s) for w in more for s in range(problem.slots) if (w, s) not in locked]
        wishes.append((*ranked, *more))
    return tuple(wishes), closed


def _crowded(problem: PlacementProblem) -> Iterator[list[Rule]]:
    """A session's seats, and one more of its locks than these: with one less they all have a seat."""
    inside: dict[Session, list[Lock]] = {}
    for lock in sorted(set(problem.locks)):
        inside.setdefault((lock.workshop, lock.slot), []).append(lock)
    for (w, s), locks in inside.items():
        capacity = problem.capacity[w][s]
        if len(locks) > capacity:
            rule = Rule(RuleKind.CAPACITY, workshop=w, slot=s, number=capacity)
            yield [rule, *(_lock(lock) for lock in locks[: capacity + 1])]


def _obvious(problem: PlacementProblem) -> Iterator[list[Rule]]:
    """Few rules that contradict each other at a glance: one person's locks."""
    of_person: dict[int, list[Lock]] = {}
    for lock in sorted(set(problem.locks)):
        of_person.setdefault(lock.person, []).append(lock)
    barred = set(problem.barred)
    for person, locks in of_person.items():
        yield from (
            [Rule(RuleKind.BARRED, person, lock.workshop, lock.slot), _lock(lock)]
            for lock in locks
            if (person, lock.workshop, lock.slot) in barred
        )
        if len(locks) > 1:
            slots, workshops = {lock.slot for lock in locks}, {lock.workshop for lock in locks}
            sessions = {(lock.workshop, lock.slot) for lock in locks}
            clashes = [
                Rule(RuleKind.CLASH, workshop=one[0], slot=one[1], number=number)
                for number, (one, other) in enumerate(problem.clashes)
                if one in sessions and other in sessions
            ]
            if clashes or len(slots) < len(locks) or len(workshops) < len(locks):
                yield [*clashes, *map(_lock, locks)]
