"""Which rules contradict each other: an irreducible set, found by leaving out one after the other.

The deletion filter of Chinneck and Dravnieks (1991): a rule without which the rest is still
impossible is not needed to explain why.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from events_app.features.workshops.network import Network
from events_app.features.workshops.objectives import cost_model
from events_app.features.workshops.problem import Lock, Objective, PlacementProblem, Rule, RuleKind
from events_app.features.workshops.search import Search

_Item = TypeVar("_Item")


def lock_rule(lock: Lock) -> Rule:
    """A lock as a rule that can be named."""
    return Rule(RuleKind.LOCK, lock.person, lock.workshop, lock.slot)


def locks_in_conflict(problem: PlacementProblem) -> tuple[Rule, ...]:
    """Locks that no seats could satisfy, with the rule that they break; empty when there are none."""
    by_slot: dict[tuple[int, int], Lock] = {}
    by_workshop: dict[tuple[int, int], Lock] = {}
    in_session: dict[tuple[int, int], list[Lock]] = defaultdict(list)
    for lock in sorted(set(problem.locks)):
        other = by_slot.setdefault((lock.person, lock.slot), lock)
        if other is not lock:
            return (lock_rule(other), lock_rule(lock), Rule(RuleKind.ONE_PLACE, lock.person, slot=lock.slot))
        other = by_workshop.setdefault((lock.person, lock.workshop), lock)
        if other is not lock:
            return (lock_rule(other), lock_rule(lock), Rule(RuleKind.ONCE, lock.person, lock.workshop))
        in_session[lock.workshop, lock.slot].append(lock)
    for (workshop, slot), locks in in_session.items():
        capacity, least = problem.capacity[workshop][slot], problem.least(workshop, slot)
        rules = [Rule(RuleKind.CAPACITY, workshop=workshop, slot=slot, number=capacity)]
        if len(locks) > capacity:
            return (*map(lock_rule, locks[: capacity + 1]), *rules)
        if least > capacity:
            rules.append(Rule(RuleKind.MINIMUM, workshop=workshop, slot=slot, number=least))
            return (lock_rule(locks[0]), *rules)
    return ()


def conflict(problem: PlacementProblem) -> tuple[Rule, ...]:
    """An irreducible part of the rules of a problem that has no placement."""
    order = tuple(range(problem.people))

    def possible(rules: Sequence[Rule]) -> bool:
        relaxed = relax(problem, rules)
        if locks_in_conflict(relaxed):
            return False
        network = Network(relaxed, cost_model(relaxed, Objective.SQUARES, order), order)
        if not network.possible:
            return False
        network.seat_everybody(lambda: False, lambda _done: None)
        search = Search(network, network.run_locked(), lambda _places: 0, lambda _cost, _bound: None)
        return search.run(lambda: search.best is not None).places is not None

    return irreducible(_rules(problem), possible)


def _rules(problem: PlacementProblem) -> list[Rule]:
    """The rules that can make a placement impossible, those that people made by hand last."""
    rules = []
    for workshop, slot in sorted({(lock.workshop, lock.slot) for lock in problem.locks}):
        if problem.least(workshop, slot) > 0:
            rules.append(
                Rule(RuleKind.MINIMUM, workshop=workshop, slot=slot, number=problem.least(workshop, slot))
            )
    balance = problem.balance
    if balance is not None:
        if balance.most_share is not None:
            rules.append(Rule(RuleKind.SHARE))
        rules.extend(Rule(RuleKind.PRESENT, number=number) for number in range(len(balance.present)))
        rules.extend(
            Rule(RuleKind.QUOTA, workshop=quota.workshop, slot=quota.slot, number=number)
            for number, quota in enumerate(balance.quotas)
        )
    rules.extend(Rule(RuleKind.CLASH, number=number) for number in range(len(problem.clashes)))
    rules.extend(Rule(RuleKind.TOGETHER, number=number) for number in range(len(problem.together)))
    rules.extend(Rule(RuleKind.BARRED, *seat) for seat in problem.barred)
    return [*rules, *map(lock_rule, sorted(set(problem.locks)))]


def relax(problem: PlacementProblem, rules: Sequence[Rule]) -> PlacementProblem:
    """The problem with no other rules than these, capacities and wishes aside."""
    kept = set(rules)
    numbers: dict[RuleKind, set[int]] = defaultdict(set)
    for rule in rules:
        numbers[rule.kind].add(rule.number)

    def only(kind: RuleKind, items: tuple[_Item, ...]) -> tuple[_Item, ...]:
        return tuple(item for number, item in enumerate(items) if number in numbers[kind])

    locked = {(lock.workshop, lock.slot) for lock in problem.locks}
    balance = problem.balance
    if balance is not None:
        balance = replace(
            balance,
            most_share=balance.most_share if RuleKind.SHARE in numbers else None,
            present=only(RuleKind.PRESENT, balance.present),
            quotas=only(RuleKind.QUOTA, balance.quotas),
        )
    return replace(
        problem,
        minimum=tuple(
            tuple(
                0
                if (w, s) in locked and Rule(RuleKind.MINIMUM, workshop=w, slot=s, number=least) not in kept
                else least
                for s, least in enumerate(row)
            )
            for w, row in enumerate(problem.minimum)
        ),
        locks=tuple(lock for lock in problem.locks if lock_rule(lock) in kept),
        balance=balance,
        clashes=only(RuleKind.CLASH, problem.clashes),
        together=only(RuleKind.TOGETHER, problem.together),
        barred=tuple(seat for seat in problem.barred if Rule(RuleKind.BARRED, *seat) in kept),
    )


def irreducible(rules: list[Rule], possible: Callable[[Sequence[Rule]], bool]) -> tuple[Rule, ...]:
    """A part of `rules` that is impossible, while it is possible without any one of them.

    Chunks first, then single rules, so that few of many rules are found in few trials.
    """
    size = len(rules)
    while size > 0:
        at = 0
        while at < len(rules):
            fewer = rules[:at] + rules[at + size :]
            if possible(fewer):
                at += size
            else:
                rules = fewer
        size //= 2
    return tuple(sorted(rules))
