"""A smallest set of rules that contradict each other, by questions to somebody who knows the rules.

A conflict is a set of rules that nothing obeys. Leaving out rules one after another gives one from which
none can be left out (deletion filter, Chinneck and Dravnieks 1991). Whether a smaller one exists is settled
by implicit hitting sets (Ignatiev, Previti, Liffiton, Marques-Silva 2015): what any arrangement breaks
must be hit by every conflict, so that a smallest set which hits everything broken so far is either a
smallest conflict, or has an arrangement that breaks something new.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Literal, Protocol

from msgspec import Struct

from events_app.kernel.hitting_sets import Choice, Demand, Undecided, hitting_set

MOST_DEMANDS = 400
"""Arrangements that are looked at before the question is left open."""


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

    def ask(self, rules: Sequence[int]) -> Answer:
        """What an arrangement breaks that obeys `rules`; False: there is none; None: undecided."""

    def spend(self, steps: int) -> bool:
        """Count steps that are not those of a question; False when there is no effort left."""


class Smallest(Struct, frozen=True):
    """A conflict. `proven`: no other has fewer rules. Else not even all of its rules may be needed."""

    rules: tuple[int, ...]
    proven: bool


def smallest_conflict(oracle: Oracle, conflict: Sequence[int]) -> Smallest:
    """The best that the oracle's effort allows, beginning with a conflict."""
    core = _irreducible(oracle, sorted(conflict))
    demands: list[Demand] = []
    size = 0
    try:
        while len(demands) < MOST_DEMANDS:
            hitting = hitting_set(demands, size, len(core), oracle.spend)
            if hitting is None:
                return Smallest(tuple(core), True)
            size = len(hitting)
            answer = oracle.ask(sorted(hitting))
            if answer is False:
                return Smallest(tuple(sorted(hitting)), True)
            if answer is None:
                break
            demands.append(_fewest_broken(oracle, answer).demand)
    except Undecided:
        pass
    return Smallest(tuple(core), False)


def _irreducible(oracle: Oracle, core: list[int]) -> list[int]:
    """Leaves out rules, many at once at first, as long as nothing obeys the others."""
    many = max(len(core) // 2, 1)
    while True:
        start = 0
        while start < len(core):
            fewer = core[:start] + core[start + many :]
            if oracle.ask(fewer) is False:
                core = fewer
            else:
                start += many
        if many == 1:
            return core
        many //= 2


def _fewest_broken(oracle: Oracle, answer: Broken) -> Broken:
    """An arrangement that breaks no rule which it could obey beside all that it obeys."""
    many = len(answer.rules) // 2
    while many:
        broken = sorted(answer.rules)
        for start in range(0, len(broken), many):
            wanted = answer.rules.intersection(broken[start : start + many])
            if wanted and wanted != answer.rules:
                better = oracle.ask(_without(answer.rules - wanted, oracle.number))
                answer = better if isinstance(better, Broken) else answer
        many //= 2
    return answer


def _without(rules: Collection[int], number: int) -> list[int]:
    return [rule for rule in range(number) if rule not in rules]
