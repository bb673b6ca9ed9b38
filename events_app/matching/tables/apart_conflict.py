"""Which rules contradict each other, where no round can keep people apart: none of them can be left out.

The rules are the pairs apart and the hosts.
"""

import random
from collections.abc import Sequence

from events_app.matching.irreducible import irreducible
from events_app.matching.tables.budget import Budget
from events_app.matching.tables.keeping_apart import Pair, Round, RoundSearch
from events_app.matching.tables.problem import Infeasible

SETTING_UP = 5
"""Steps of a question for each person and rule, beside its search."""

SHARE_OF_ONE = 8
"""No single question may use more than this part of the effort."""


def round_keeping_apart(
    people: Sequence[int],
    tables: int,
    hosts: Sequence[Pair],
    apart: Sequence[Pair],
    budget: Budget,
    chance: random.Random,
) -> Round | None:
    """One round that obeys these rules; None where the budget ends undecided.

    Raises Infeasible, for which it may use the budget once more.
    """
    search = RoundSearch(people, tables, hosts, apart)
    found = search.seat(budget)
    if found is False:
        again = Budget(budget.steps, budget.seed, budget.deadline)
        raise conflict(people, tables, hosts, apart, again)
    return search.round(chance) if found else None


def conflict(
    people: Sequence[int], tables: int, hosts: Sequence[Pair], apart: Sequence[Pair], budget: Budget
) -> Infeasible:
    """Of rules that no seating obeys."""
    questions = _Questions(people, tables, hosts, apart, budget)
    rules = questions.clique() or range(questions.number)
    found, certain = irreducible(list(rules), questions.contradict)
    number = len(questions.apart)
    return Infeasible(
        tuple(questions.rules[i] for i in found if i < number),
        tuple(questions.rules[i] for i in found if i >= number),
        tables,
        certain,
    )


class _Questions:
    """Rules are numbered: the pairs apart first, then the hosts."""

    def __init__(
        self, people: Sequence[int], tables: int, hosts: Sequence[Pair], apart: Sequence[Pair], budget: Budget
    ) -> None:
        self.people, self.tables, self.budget = people, tables, budget
        self.apart = sorted({(min(pair), max(pair)) for pair in apart})
        self.rules = [*self.apart, *sorted(set(hosts))]
        self.number = len(self.rules)
        self.steps = 0

    def contradict(self, rules: Sequence[int]) -> bool | None:
        """Whether no seating obeys these; None where the effort ended."""
        number = len(self.apart)
        search = RoundSearch(
            self.people,
            self.tables,
            [self.rules[i] for i in rules if i >= number],
            [self.rules[i] for i in rules if i < number],
        )
        steps = min(self.budget.steps - self.steps, self.budget.steps // SHARE_OF_ONE)
        found = search.seat(Budget(steps, deadline=self.budget.deadline)) if steps > 0 else None
        self.steps += search.steps + SETTING_UP * (len(self.people) + len(self.rules))
        return None if found is None else not found

    def clique(self) -> list[int] | None:
        """The pairs of more people than tables who all avoid each other: the usual conflict."""
        near: dict[int, set[int]] = {}
        for p, q in self.apart:
            near.setdefault(p, set()).add(q)
            near.setdefault(q, set()).add(p)
        for first in sorted(near, key=lambda p: -len(near[p])):
            members, others = [first], near[first]
            while others and len(members) <= self.tables:
                nearest = max(sorted(others), key=lambda p: len(near[p] & others))
                members.append(nearest)
                others = others & near[nearest]
                self.steps += len(others)
            if len(members) > self.tables:
                return [i for i, (p, q) in enumerate(self.apart) if p in members and q in members]
        return None
