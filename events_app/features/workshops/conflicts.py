"""Which rules contradict each other: an irreducible set, found by leaving out one after the other.

The deletion filter of Chinneck and Dravnieks (1991): a rule without which the rest is still
impossible is not needed to explain why.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from events_app.features.workshops.network import Network
from events_app.features.workshops.objectives import cost_model
from events_app.features.workshops.problem import Lock, Objective, PlacementProblem, Rule, RuleKind


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


def minimums_in_conflict(problem: PlacementProblem) -> tuple[Rule, ...]:
    """Locks and minimums that too few wishes can satisfy, given that they cannot all be satisfied."""
    sessions = sorted({(lock.workshop, lock.slot) for lock in problem.locks})
    minimums = [
        Rule(RuleKind.MINIMUM, workshop=w, slot=s, number=problem.least(w, s))
        for w, s in sessions
        if problem.least(w, s) > 0
    ]

    def possible(rules: Sequence[Rule]) -> bool:
        relaxed = relax(problem, rules)
        order = tuple(range(problem.people))
        network = Network(relaxed, cost_model(relaxed, Objective.SQUARES, order), order)
        network.seat_everybody(lambda: False, lambda _done: None)
        return network.run_locked()

    return irreducible([*minimums, *map(lock_rule, sorted(set(problem.locks)))], possible)


def relax(problem: PlacementProblem, rules: Sequence[Rule]) -> PlacementProblem:
    """The problem with no other minimums and locks than these."""
    kept = set(rules)
    return replace(
        problem,
        minimum=tuple(
            tuple(
                least if Rule(RuleKind.MINIMUM, workshop=workshop, slot=slot, number=least) in kept else 0
                for slot, least in enumerate(row)
            )
            for workshop, row in enumerate(problem.minimum)
        ),
        locks=tuple(lock for lock in problem.locks if lock_rule(lock) in kept),
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
