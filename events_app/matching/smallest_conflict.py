"""A smallest set of rules that contradict each other, by questions to somebody who knows the rules.

A conflict is a set of rules that nothing obeys. It has to hit what any arrangement breaks; so a smallest
set of rules that hits everything broken so far is either a smallest conflict, or there is an arrangement
that obeys it and breaks something new (implicit hitting sets: Ignatiev, Previti, Liffiton, Marques-Silva
2015). Leaving out one rule after another gives a conflict from which none can be left out (deletion filter,
Chinneck and Dravnieks 1991): mostly a smallest one, and what there is where the proof takes too long.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Literal, Protocol

from msgspec import Struct

from events_app.matching.undecided import Undecided
from events_app.matching.workshops.hitting_sets import Choice, Demand, hitting_set

MOST_DEMANDS = 400
"""Arrangements that are looked at before the question is left open."""

FIRST_DEMANDS = 12
"""After so many an irreducible conflict is looked for: it says when larger ones need no look."""

FOR_FIRST = 0.3
"""Or after this part of the effort."""

FOR_BROKEN = 0.03
"""The part of the effort that may go into having one arrangement break less,"""
FIRST_TRIES = 8
"""and how many questions while the first demands are collected."""


class Broken(Struct, frozen=True):
    """What one arrangement breaks of all rules; any conflict meets `demand`.

    The least that can be demanded is one of `rules`. Where the arrangement has others like it, as when
    people may change places, the demand speaks for all of them.
    """

    rules: frozenset[int]
    demand: Demand

    @classmethod
    def one_of(cls, rules: Iterable[int]) -> "Broken":
        numbers = frozenset(rules)
        return cls(numbers, (Choice(numbers),))


Answer = Broken | Literal[False] | None


class Oracle(Protocol):
    """Knows the rules, which are numbered from 0 to `number` - 1."""

    number: int

    def impossible(self, rules: Sequence[int]) -> bool:
        """Whether nothing obeys them, for sure."""

    def ask(self, rules: Sequence[int]) -> Answer:
        """What an arrangement breaks that obeys `rules`; False: there is none; None: undecided."""

    def spend(self, steps: int) -> float:
        """Count steps that are not those of a question; the part of the effort that is left, 0 at its end."""


class Smallest(Struct, frozen=True):
    """A conflict. `proven`: no other has fewer rules. Else not even all of its rules may be needed."""

    rules: tuple[int, ...]
    proven: bool


def smallest_conflict(oracle: Oracle, conflict: Sequence[int]) -> Smallest:
    """The best that the oracle's effort allows, when a conflict is known."""
    search = _HittingSets(oracle, sorted(conflict))
    search.disjoint()
    if not search.within(FIRST_DEMANDS, oracle.spend(0) * (1 - FOR_FIRST)):
        search.conflict = _irreducible(oracle, search.conflict)
        search.within(MOST_DEMANDS, 0)
    return Smallest(tuple(search.conflict), len(search.conflict) <= search.least)


class _HittingSets:
    """`conflict` is the smallest known, no conflict has fewer than `least` rules."""

    def __init__(self, oracle: Oracle, conflict: list[int]) -> None:
        self.oracle, self.conflict, self.least = oracle, conflict, 0
        self.demands: list[Demand] = []

    def disjoint(self) -> None:
        """The first demands: arrangements that obey all that the others break, so that bounds add up."""
        broken = set[int]()
        while len(self.demands) < FIRST_DEMANDS // 2:
            answer = self.oracle.ask(sorted(broken))
            if not isinstance(answer, Broken):
                if answer is False and len(broken) < len(self.conflict):
                    self.conflict = sorted(broken)
                break
            answer = _fewest_broken(self.oracle, answer, FIRST_TRIES)
            self.demands.append(answer.demand)
            broken |= answer.rules

    def within(self, most: int, until: float) -> bool:
        """Whether a smallest conflict is known before there are more demands or less effort is left."""
        while self.least < len(self.conflict):
            try:
                hitting = hitting_set(
                    self.demands,
                    self.least,
                    len(self.conflict),
                    lambda steps: self.oracle.spend(steps) > until,
                )
            except Undecided:
                return False
            self.least = len(self.conflict if hitting is None else hitting)
            if hitting is None:
                break
            answer = self.oracle.ask(sorted(hitting)) if len(self.demands) < most else None
            if answer is None:
                return False
            if answer is False:
                self.conflict = sorted(hitting)
            else:
                tries = FIRST_TRIES if most <= FIRST_DEMANDS else self.oracle.number
                self.demands.append(_fewest_broken(self.oracle, answer, tries).demand)
        return True


def _fewest_broken(oracle: Oracle, answer: Broken, tries: int) -> Broken:
    """An arrangement that breaks few rules which it could obey beside all that it obeys."""
    many = len(answer.rules) // 2
    until = oracle.spend(0) - FOR_BROKEN
    while many:
        broken = sorted(answer.rules)
        for start in range(0, len(broken), many):
            wanted = answer.rules.intersection(broken[start : start + many])
            if wanted and wanted != answer.rules and tries > 0 and oracle.spend(0) > until:
                better = oracle.ask(_without(answer.rules - wanted, oracle.number))
                answer = better if isinstance(better, Broken) else answer
                tries -= 1
        many //= 2
    return answer


def _irreducible(oracle: Oracle, core: list[int]) -> list[int]:
    """Leaves out rules, many at once at first, as long as nothing obeys the others."""
    many = max(len(core) // 2, 1)
    while True:
        start = 0
        while start < len(core):
            fewer = core[:start] + core[start + many :]
            if oracle.impossible(fewer):
                core = fewer
            else:
                start += many
        if many == 1:
            return core
        many //= 2


def _without(rules: Collection[int], number: int) -> list[int]:
    return [rule for rule in range(number) if rule not in rules]
