"""The rules that can make a placement impossible, numbered; the problem with some of them; what places break.

Rules are what an organiser can change: locks, seats, minimums, balance, clashes, companions, bars. What
always holds is no rule: one place per slot, no workshop twice, nobody where neither their wishes nor the
lock of somebody in their group may take them. Where nobody is locked nobody has to be, so that only rules
about sessions with locks matter, and leaving out rules never takes a placement away.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from events_app.matching.workshops.problem import (
    UNPLACED,
    Balance,
    Lock,
    PlacementProblem,
    Rule,
    RuleKind,
    Session,
)

_Item = TypeVar("_Item")
Rows = Mapping[int, Sequence[int]]
"""The places of all people who have any."""


def lock_rule(lock: Lock) -> Rule:
    """A lock as a rule that can be named."""
    return Rule(RuleKind.LOCK, lock.person, lock.workshop, lock.slot)


class Rulebook:
    """`rules` in a fixed order, locks last; `number` is their place in it.

    `may_come[session]` holds the people who could be in a session with locks if no rule kept them
    away, `members_of[person]` those who came together, `locks_in[session]` the numbers of its locks.
    """

    def __init__(self, problem: PlacementProblem) -> None:
        self.problem = problem
        self.nowhere = (UNPLACED,) * problem.slots
        self.locks = sorted(set(problem.locks))
        self.sessions = sorted({(lock.workshop, lock.slot) for lock in self.locks})
        self.members_of = {person: group for group in problem.groups() for person in group}
        self.may_come = self._may_come()
        self.rules = tuple(self._rules())
        self.number = {rule: number for number, rule in enumerate(self.rules)}
        self.others = [(n, rule) for n, rule in enumerate(self.rules) if rule.kind is not RuleKind.LOCK]
        self.locks_in: dict[Session, list[int]] = defaultdict(list)
        for lock in self.locks:
            self.locks_in[lock.workshop, lock.slot].append(self.number[lock_rule(lock)])

    def _may_come(self) -> dict[Session, frozenset[int]]:
        problem = self.problem
        wishing: dict[int, set[int]] = {workshop: set(problem.anywhere) for workshop, _ in self.sessions}
        for person, wishes in enumerate(problem.wishes):
            for workshop in wishes:
                if workshop in wishing:
                    wishing[workshop].add(person)
        by_hand: dict[Session, set[int]] = defaultdict(set)
        for lock in self.locks:
            by_hand[lock.workshop, lock.slot].update(self.members_of[lock.person])
        self.unwished = {session: by_hand[session] - wishing[session[0]] for session in self.sessions}
        return {session: frozenset(wishing[session[0]] | by_hand[session]) for session in self.sessions}

    def _rules(self) -> Iterator[Rule]:
        problem = self.problem
        for w, s in self.sessions:
            yield Rule(RuleKind.CAPACITY, workshop=w, slot=s, number=problem.capacity[w][s])
            if problem.least(w, s) > 0:
                yield Rule(RuleKind.MINIMUM, workshop=w, slot=s, number=problem.least(w, s))
        if problem.balance is not None:
            yield from self._of_balance(problem.balance)
        for number, ((workshop, slot), other) in enumerate(problem.clashes):
            if (workshop, slot) in self.may_come and other in self.may_come:
                yield Rule(RuleKind.CLASH, workshop=workshop, slot=slot, number=number)
        for number, group in enumerate(problem.together):
            if any(not people.isdisjoint(group) for people in self.may_come.values()):
                yield Rule(RuleKind.TOGETHER, number=number)
        for person, workshop, slot in sorted(set(problem.barred)):
            if person in self.may_come.get((workshop, slot), ()):
                yield Rule(RuleKind.BARRED, person, workshop, slot)
        yield from map(lock_rule, self.locks)

    def _of_balance(self, balance: Balance) -> Iterator[Rule]:
        if balance.most_share is not None:
            yield Rule(RuleKind.SHARE)
        for number in range(len(balance.present)):
            yield Rule(RuleKind.PRESENT, number=number)
        for number, quota in enumerate(balance.quotas):
            if (quota.workshop, quota.slot) in self.may_come:
                yield Rule(RuleKind.QUOTA, workshop=quota.workshop, slot=quota.slot, number=number)

    def relaxed(self, kept: Iterable[int]) -> tuple[PlacementProblem, list[int]]:
        """The problem of these rules alone, and its people: those whom they could concern.

        Only sessions in which somebody is locked by one of the rules are offered: they suffice.
        """
        problem, rules = self.problem, {self.rules[number] for number in kept}
        numbers: dict[RuleKind, set[int]] = defaultdict(set)
        for rule in rules:
            numbers[rule.kind].add(rule.number)

        def only(kind: RuleKind, items: tuple[_Item, ...]) -> tuple[_Item, ...]:
            return tuple(item for number, item in enumerate(items) if number in numbers[kind])

        together = only(RuleKind.TOGETHER, problem.together)
        offered = sorted({(rule.workshop, rule.slot) for rule in rules if rule.kind is RuleKind.LOCK})
        people = self._concerned(offered, together)
        index = {person: at for at, person in enumerate(people)}
        balance = problem.balance and Balance(
            most_share=problem.balance.most_share if numbers[RuleKind.SHARE] else None,
            present=only(RuleKind.PRESENT, problem.balance.present),
            quotas=only(RuleKind.QUOTA, problem.balance.quotas),
        )
        wishes, barred = self._choices(people, offered)
        barred += [(r.person, r.workshop, r.slot) for r in rules if r.kind is RuleKind.BARRED]
        return PlacementProblem(
            wishes=wishes,
            capacity=self._table(offered, RuleKind.CAPACITY, rules, len(people)),
            minimum=self._table(offered, RuleKind.MINIMUM, rules, 0),
            locks=tuple(
                Lock(index[r.person], r.workshop, r.slot) for r in sorted(rules) if r.kind is RuleKind.LOCK
            ),
            profile_of=tuple(problem.profile_of[person] for person in people) if problem.profile_of else (),
            balance=None if balance == Balance() else balance,
            together=tuple(
                tuple(index[person] for person in group) for group in together if group[0] in index
            ),
            barred=tuple((index[p], w, s) for p, w, s in sorted(barred) if p in index),
            clashes=only(RuleKind.CLASH, problem.clashes),
        ), people

    def _concerned(self, offered: list[Session], together: tuple[tuple[int, ...], ...]) -> list[int]:
        people = set[int]().union(*(self.may_come[session] for session in offered))
        companions = {companion: group for group in together for companion in group}
        if companions:
            people |= {one for p in people & companions.keys() for one in self.members_of[p]}
        return sorted(people)

    def _choices(
        self, people: list[int], offered: list[Session]
    ) -> tuple[tuple[tuple[int, ...], ...], list[tuple[int, int, int]]]:
        """Who may be in which workshops, and the slots in which a workshop is not for them."""
        workshops: dict[int, set[int]] = {person: set() for person in people}
        for session in offered:
            for person in self.may_come[session]:
                workshops[person].add(session[0])
        closed = [
            (person, *session)
            for session in offered
            for person in sorted(
                set[int]().union(*(self.unwished[w, s] for w, s in offered if w == session[0]))
            )
            if person not in self.may_come[session]
        ]
        return tuple(tuple(sorted(workshops[person])) for person in people), closed

    def _table(
        self, offered: list[Session], kind: RuleKind, rules: Collection[Rule], otherwise: int
    ) -> tuple[tuple[int, ...], ...]:
        """Seats or minimums: those of the rules, `otherwise` where no rule says any, 0 where not offered."""
        of_rule = {(rule.workshop, rule.slot): rule.number for rule in rules if rule.kind is kind}
        rows = [[0] * self.problem.slots for _ in range(self.problem.workshops)]
        for workshop, slot in offered:
            rows[workshop][slot] = of_rule.get((workshop, slot), otherwise)
        return tuple(tuple(row) for row in rows)

    def broken(self, rows: Rows) -> frozenset[int]:
        """The rules that these places break."""
        inside: dict[Session, set[int]] = {session: set() for session in self.sessions}
        for person, row in rows.items():
            for slot, workshop in enumerate(row):
                if workshop != UNPLACED:
                    inside[workshop, slot].add(person)
        of = self.problem.profile_of if self.problem.balance else ()
        profiles = [[of[person] for person in people] for people in inside.values() if people and of]
        found = [
            number
            for number, rule in self.others
            if self._breaks(rule, inside.get((rule.workshop, rule.slot), set()), inside, rows, profiles)
        ]
        for session, locks in self.locks_in.items():
            there = inside[session]
            found += [number for number in locks if self.rules[number].person not in there]
        return frozenset(found)

    def _breaks(
        self,
        rule: Rule,
        there: set[int],
        inside: dict[Session, set[int]],
        rows: Rows,
        profiles: list[list[int]],
    ) -> bool:
        """Any rule but a lock, by the people `there`; `profiles`: those of the people of each session."""
        match rule.kind:
            case RuleKind.BARRED:
                return rule.person in there
            case RuleKind.CAPACITY:
                return len(there) > rule.number
            case RuleKind.MINIMUM:
                return 0 < len(there) < rule.number
            case RuleKind.CLASH:
                one, other = self.problem.clashes[rule.number]
                return not inside[one].isdisjoint(inside[other])
            case RuleKind.TOGETHER:
                group = self.problem.together[rule.number]
                return len({tuple(rows.get(person, self.nowhere)) for person in group}) > 1
            case _:
                return self._unbalanced(rule, there, profiles)

    def _unbalanced(self, rule: Rule, there: set[int], profiles: list[list[int]]) -> bool:
        balance, profile_of = self.problem.balance, self.problem.profile_of
        if balance is None:
            return False
        if rule.kind is RuleKind.QUOTA:
            quota = balance.quotas[rule.number]
            return sum(profile_of[person] == quota.profile for person in there) > quota.most
        if rule.kind is RuleKind.PRESENT:
            return any(set(balance.present[rule.number]).isdisjoint(mixed) for mixed in profiles)
        part, whole = balance.most_share or (1, 1)
        return any(
            mixed.count(profile) * whole > part * len(mixed) for mixed in profiles for profile in set(mixed)
        )
