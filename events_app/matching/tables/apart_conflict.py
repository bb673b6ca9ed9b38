"""Which rules contradict each other, where no round can keep people apart: a smallest conflict.

The rules are the pairs apart and the hosts; `matching.smallest_conflict` asks which of them a seating breaks.
"""

import random
from collections.abc import Sequence

from msgspec import Struct

from events_app.matching import smallest_conflict as implicit
from events_app.matching.smallest_conflict import Answer, Broken
from events_app.matching.tables.budget import Budget
from events_app.matching.tables.keeping_apart import Pair, Round, RoundSearch
from events_app.matching.tables.problem import Infeasible

SETTING_UP = 5
"""Steps of a question for each person and rule, beside its search."""

SHARE_OF_ONE = 8
"""No single question may use more than this part of the effort."""


class Conflict(Struct, frozen=True):
    apart: tuple[Pair, ...]
    hosts: tuple[Pair, ...]
    smallest: bool


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
        conflict = smallest_conflict(people, tables, hosts, apart, again)
        raise Infeasible(conflict.apart, conflict.hosts, tables, conflict.smallest)
    return search.round(chance) if found else None


def smallest_conflict(
    people: Sequence[int], tables: int, hosts: Sequence[Pair], apart: Sequence[Pair], budget: Budget
) -> Conflict:
    """Of rules that no seating obeys. `smallest` is False where the budget ended before the proof."""
    questions = _Questions(people, tables, hosts, apart, budget)
    found = implicit.smallest_conflict(questions, questions.clique() or range(questions.number))
    number = len(questions.apart)
    return Conflict(
        tuple(questions.rules[i] for i in found.rules if i < number),
        tuple(questions.rules[i] for i in found.rules if i >= number),
        found.proven,
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

    def spend(self, steps: int) -> float:
        self.steps += steps
        return max(1 - self.budget.spent(self.steps), 0)

    def impossible(self, rules: Sequence[int]) -> bool:
        return self.ask(rules) is False

    def ask(self, rules: Sequence[int]) -> Answer:
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
        if not found:
            return None if found is None else False
        seats = search.round(random.Random(self.budget.seed))
        table_of = {p: table for table, seated in enumerate(seats) for p in seated}
        pairs = [i for i, (p, q) in enumerate(self.apart) if table_of[p] == table_of[q]]
        return Broken.one_of(pairs + [i for i in range(number, self.number) if self._elsewhere(i, table_of)])

    def _elsewhere(self, host: int, table_of: dict[int, int]) -> bool:
        person, table = self.rules[host]
        return table_of[person] != table

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
