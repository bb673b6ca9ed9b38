"""What places break, said for all places alike: people of whom any may be the one whose lock is broken.

Of thirty people locked in a session with twenty seats ten go elsewhere. If any of them may, every conflict
without a rule broken otherwise holds twenty-one of these locks; one by one there would be millions of
ways to say so.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from events_app.matching.smallest_conflict import Broken
from events_app.matching.workshops.hitting_sets import Choice
from events_app.matching.workshops.problem import UNPLACED, RuleKind, Session
from events_app.matching.workshops.rulebook import Rows, Rulebook
from events_app.matching.workshops.rules import clashing, members

_Locks = dict[Session, list[int]]
"""Numbers of locks by the session in which they lock somebody."""


def broken_alike(book: Rulebook, rows: Rows) -> Broken:
    """What the places break, and what any conflict holds because of that."""
    broken = book.broken(rows)
    exchanges = _Exchanges(book, rows, broken)
    alike = [choice for slot in range(book.problem.slots) for choice in exchanges.choices(slot)]
    rest = broken.difference(*(choice.of for choice in alike))
    return Broken(broken, (*alike, Choice(rest)) if rest else tuple(alike))


class _Exchanges:
    """Somebody whose lock is broken, and somebody whose lock is not, change their parts in one slot.

    Nobody else notices if neither has companions, both have the same profile where that matters, and
    each could be at either place beside their own other places; and if both are locked in the same
    session, or these sessions do with one person more or less. So that exchanges do not meet each
    other, everybody takes part in one only.
    """

    def __init__(self, book: Rulebook, rows: Rows, broken: frozenset[int]) -> None:
        self.book, self.rows, self.broken = book, rows, broken
        self.size = Counter(
            {session: len(people) for session, people in members(tuple(rows.values())).items()}
        )
        self.gained: Counter[Session] = Counter()
        self.lost: Counter[Session] = Counter()
        self.too_many = self._sessions_breaking(RuleKind.CAPACITY)
        self.too_few = self._sessions_breaking(RuleKind.MINIMUM)
        self.barred = set(book.problem.barred)
        self.taking_part: set[int] = set()
        self.locks_of = Counter((lock.person, lock.slot) for lock in book.locks)

    def choices(self, slot: int) -> Iterator[Choice]:
        there, away = self._parts(slot)
        for (profile, workshop), outside in sorted(
            away.items(), key=lambda one: (-sum(map(len, one[1].values())), one[0])
        ):
            inside = {
                session: [number for number in locks if self._may_take(number, workshop, slot)]
                for session, locks in there[profile].items()
                if session != (workshop, slot)
            }
            for ins, outs in self._together(inside, outside):
                if ins and outs:
                    self.taking_part |= {self.book.rules[number].person for number in ins + outs}
                    yield Choice(frozenset(ins + outs), len(ins) + 1)

    def _parts(self, slot: int) -> tuple[dict[int, _Locks], dict[tuple[int, int], _Locks]]:
        """The locks that are kept, by profile; those broken, by profile and the place taken instead."""
        there: dict[int, _Locks] = defaultdict(dict)
        away: dict[tuple[int, int], _Locks] = defaultdict(dict)
        for session in self.book.sessions:
            for number in self.book.locks_in[session] if session[1] == slot else ():
                person = self.book.rules[number].person
                if len(self.book.members_of[person]) > 1 or self.locks_of[person, slot] > 1:
                    continue
                profile = self.book.problem.profile_of[person] if self.book.problem.balance else 0
                if number not in self.broken:
                    there[profile].setdefault(session, []).append(number)
                elif self._may_take(number, *session):
                    away[profile, self._row(person)[slot]].setdefault(session, []).append(number)
        return there, away

    def _together(self, inside: _Locks, outside: _Locks) -> Iterator[tuple[list[int], list[int]]]:
        """Kept and broken locks that can change parts."""
        all_inside, all_outside = list[int](), list[int]()
        most = sum(map(len, outside.values()))
        for session in sorted(inside.keys() | outside.keys()):
            ins, outs = inside.get(session, []), outside.get(session, [])
            more, less = self._room(session)
            if self.book.problem.balance or len(outs) > more:
                yield ins, outs
                continue
            ins = ins if less >= most else ins[:less]
            self.gained[session] += len(outs)
            self.lost[session] += min(len(ins), most)
            all_inside += ins
            all_outside += outs
        yield all_inside, all_outside

    def _room(self, session: Session) -> tuple[int, int]:
        """How many more, and how many fewer, the session could have beside the exchanges so far."""
        problem = self.book.problem
        most, fewest = self.size[session] + self.gained[session], self.size[session] - self.lost[session]
        spare = fewest - problem.least(*session)
        if spare < 0 and session not in self.too_few:
            return 0, 0  # one more in an empty session would not do
        more = problem.people if session in self.too_many else problem.capacity[session[0]][session[1]] - most
        return more, max(spare, 0)

    def _sessions_breaking(self, kind: RuleKind) -> set[Session]:
        rules = [self.book.rules[number] for number in self.broken]
        return {(rule.workshop, rule.slot) for rule in rules if rule.kind is kind}

    def _row(self, person: int) -> list[int]:
        return list(self.rows.get(person, self.book.nowhere))

    def _may_take(self, lock: int, workshop: int, slot: int) -> bool:
        """Whether the person could be there, with all else as it is."""
        person = self.book.rules[lock].person
        if person in self.taking_part:
            return False
        if workshop == UNPLACED:
            return True
        row = self._row(person)
        row[slot] = workshop
        return (
            person in self.book.may_come[workshop, slot]
            and (person, workshop, slot) not in self.barred
            and row.count(workshop) == 1
            and not any(True for _ in clashing(self.book.problem, row))
        )
