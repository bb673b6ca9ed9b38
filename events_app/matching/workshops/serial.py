"""Random serial dictatorship: one group after the other takes the best that is left.

Nobody can gain by misstating their wishes as long as no session fails its minimum. A session that stays
below it is closed and everybody chooses again, in the same order (Abdulkadiroglu and Sonmez 1998).
"""

from events_app.matching.workshops.choices import Choices
from events_app.matching.workshops.problem import UNPLACED, PlacementProblem, Session
from events_app.matching.workshops.rules import clashing, members, unbalanced

Places = tuple[tuple[int, ...], ...]


def by_turns(problem: PlacementProblem, order: tuple[int, ...]) -> Places:
    """The places when each group chooses in turn, at the place of its first member in the draw.

    Each takes the best-ranked workshop with seats for all of the group; when all have chosen so, whoever may
    be anywhere takes the emptiest of what is left. Sessions below their minimum or out of balance are closed,
    the one that misses most first.
    """
    choices = Choices(problem)
    closed: set[Session] = set()
    while True:
        rows = _Turns(problem, choices, closed).take(order)
        missing = [
            (problem.least(*session) - len(people), session)
            for session, people in members(rows).items()
            if session not in closed
            and (len(people) < problem.least(*session) or unbalanced(problem, session, people))
        ]
        if not missing:
            return tuple(tuple(row) for row in rows)
        closed.add(max(missing)[1])


class _Turns:
    """Everybody chooses once."""

    def __init__(self, problem: PlacementProblem, choices: Choices, closed: set[Session]) -> None:
        self.problem, self.choices, self.closed = problem, choices, closed
        self.rows = [
            [choices.locked.get(p, {}).get(s, UNPLACED) for s in range(problem.slots)]
            for p in range(problem.people)
        ]
        self.free = {session: problem.seats(*session) for session in problem.sessions()}
        self.there = dict.fromkeys(self.free, 0)
        for session, people in members(self.rows).items():
            self._count(session, len(people))

    def _count(self, session: Session, people: int) -> None:
        self.free[session] = self.free.get(session, 0) - people
        self.there[session] = self.there.get(session, 0) + people

    def take(self, order: tuple[int, ...]) -> list[list[int]]:
        group_of = {person: group for group in self.problem.groups() for person in group}
        first = list({group_of[person][0]: person for person in reversed(order)}.values())[::-1]
        for person in first:
            for workshop in self.problem.wishes[person]:
                for slot in self.choices.slots[person].get(workshop, ()):
                    self._try(group_of[person], workshop, slot)
        for person in first:
            self._fill(group_of[person], person)
        return self.rows

    def _fill(self, group: tuple[int, ...], person: int) -> None:
        open_slots, wishes = self.choices.slots[person], self.problem.wishes[person]
        others = [(w, s) for w, slots in open_slots.items() if w not in wishes for s in slots]
        for workshop, slot in sorted(others, key=lambda session: self.there[session]):
            self._try(group, workshop, slot)

    def _try(self, group: tuple[int, ...], workshop: int, slot: int) -> None:
        row, session = self.rows[group[0]], (workshop, slot)
        taken = row[slot] != UNPLACED or workshop in row
        if taken or session in self.closed or self.free[session] < len(group):
            return
        row[slot] = workshop
        if any(True for _ in clashing(self.problem, row)):
            row[slot] = UNPLACED
            return
        self._count(session, len(group))
        for companion in group:
            self.rows[companion][slot] = workshop
