"""Which rules contradict each other, where no round can keep people apart: a smallest conflict.

A conflict is a set of rules (pairs apart, hosts) that no seating obeys. Leaving out rules one after
another gives one from which none can be left out. Whether a smaller one exists is settled by hitting
sets: what a seating breaks must be hit by every conflict, so that a smallest set that hits everything
broken so far is either a smallest conflict, or has a seating that breaks something new (implicit hitting
sets: Ignatiev, Previti, Liffiton, Marques-Silva 2015).
"""

import random
from collections.abc import Sequence

from msgspec import Struct

from events_app.features.networking.budget import Budget
from events_app.features.networking.keeping_apart import Pair, Round, RoundSearch
from events_app.features.networking.problem import Infeasible

MOST_SETS = 400
"""Broken sets that are looked at before the question is left open."""
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
    core = questions.irreducible(questions.clique() or list(range(len(questions.rules))))
    core, smallest = questions.smallest(core)
    number = len(questions.apart)
    return Conflict(
        tuple(questions.rules[i] for i in core if i < number),
        tuple(questions.rules[i] for i in core if i >= number),
        smallest,
    )


class _Questions:
    """Rules are numbered: the pairs apart first, then the hosts."""

    def __init__(
        self, people: Sequence[int], tables: int, hosts: Sequence[Pair], apart: Sequence[Pair], budget: Budget
    ) -> None:
        self.people, self.tables, self.budget = people, tables, budget
        self.apart = sorted({(min(pair), max(pair)) for pair in apart})
        self.rules = [*self.apart, *sorted(set(hosts))]
        self.steps = 0

    def left(self) -> int:
        return self.budget.steps - self.steps

    def broken(self, rules: Sequence[int]) -> list[int] | bool | None:
        """What some seating breaks that obeys `rules`; False: there is none; None: the effort ended."""
        number = len(self.apart)
        search = RoundSearch(
            self.people,
            self.tables,
            [self.rules[i] for i in rules if i >= number],
            [self.rules[i] for i in rules if i < number],
        )
        steps = min(self.left(), self.budget.steps // SHARE_OF_ONE)
        found = search.seat(Budget(steps, deadline=self.budget.deadline)) if steps > 0 else None
        self.steps += search.steps + SETTING_UP * (len(self.people) + len(self.rules))
        if not found:
            return found
        seats = search.round(random.Random(self.budget.seed))
        table_of = {p: table for table, seated in enumerate(seats) for p in seated}
        pairs = [i for i, (p, q) in enumerate(self.apart) if table_of[p] == table_of[q]]
        return pairs + [i for i in range(number, len(self.rules)) if self._elsewhere(i, table_of)]

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

    def irreducible(self, core: list[int]) -> list[int]:
        """Leaves out rules, many at once at first, as long as no seating obeys the others."""
        many = max(len(core) // 2, 1)
        while True:
            start = 0
            while start < len(core):
                fewer = core[:start] + core[start + many :]
                if self.broken(fewer) is False:
                    core = fewer
                else:
                    start += many
            if many == 1:
                return core
            many //= 2

    def smallest(self, core: list[int]) -> tuple[list[int], bool]:
        """A conflict of the fewest rules, and whether that is proven."""
        sets: list[frozenset[int]] = []
        while len(sets) < MOST_SETS:
            hitting = self.hitting(sets, len(core))
            if hitting is None:
                return core, False
            if len(hitting) >= len(core):
                return core, True
            broken = self.broken(sorted(hitting))
            if broken is False:
                return sorted(hitting), True
            if broken is None or broken is True:
                return core, False
            sets.append(frozenset(self.fewest_broken(broken)))
        return core, False

    def fewest_broken(self, broken: list[int]) -> list[int]:
        """Rules that a seating breaks, none of which another seating could obey beside all others."""
        obeyed = [i for i in range(len(self.rules)) if i not in set(broken)]
        for rule in list(broken):
            if rule in broken:
                fewer = self.broken([*obeyed, rule])
                if isinstance(fewer, list):
                    broken = fewer
                    obeyed = [i for i in range(len(self.rules)) if i not in set(broken)]
        return broken

    def hitting(self, sets: list[frozenset[int]], enough: int) -> frozenset[int] | None:
        """A smallest set with a rule of each; any set of `enough` where none is smaller; None: undecided."""
        for size in range(enough):
            found = self._hit(sets, size)
            if found is not None:
                return found
            if self.left() <= 0:
                return None
        return frozenset(range(enough))

    def _hit(self, sets: list[frozenset[int]], size: int) -> frozenset[int] | None:
        self.steps += len(sets) + 1
        if not sets:
            return frozenset()
        disjoint, seen = 0, set[int]()
        for rules in sets:
            if seen.isdisjoint(rules):
                disjoint += 1
                seen |= rules
        if disjoint > size or self.left() <= 0:
            return None
        fewest = min(sets, key=len)
        for rule in sorted(fewest):
            rest = self._hit([rules for rules in sets if rule not in rules], size - 1)
            if rest is not None:
                return rest | {rule}
        return None
