"""People to whom several workshops are all the same are spread evenly over them.

Whoever did not rank a workshop is as well served, by every criterion, in another that they did not rank.
So they may change places for nothing; the fullest session gives to the emptiest until sizes are even.
"""

from collections.abc import Iterator

from events_app.matching.workshops.choices import Choices
from events_app.matching.workshops.counting import Places
from events_app.matching.workshops.problem import UNPLACED, PlacementProblem, Session
from events_app.matching.workshops.rules import clashing, members, unbalanced


def evened(problem: PlacementProblem, places: Places) -> Places:
    """Places of the same value, of which nothing but unranked seats moved."""
    if not problem.anywhere:
        return places
    rows = [list(row) for row in places]
    evening = _Evening(problem, rows)
    for session in sorted(set(problem.sessions()) - evening.inside.keys()):
        evening.open(session)
    for slot in range(problem.slots):
        while evening.move_one(slot):
            pass
    return tuple(tuple(row) for row in rows)


class _Evening:
    def __init__(self, problem: PlacementProblem, rows: list[list[int]]) -> None:
        self.problem, self.rows, self.choices = problem, rows, Choices(problem)
        self.inside = members(rows)
        companions = {p for group in problem.together for p in group}
        known = problem.current or ((),) * problem.people
        self.free = [
            [
                person in problem.anywhere
                and person not in companions
                and slot not in self.choices.locked.get(person, {})
                and workshop not in (UNPLACED, *problem.wishes[person], *known[person])
                for slot, workshop in enumerate(row)
            ]
            for person, row in enumerate(rows)
        ]

    def open(self, session: Session) -> None:
        """Nobody is there: as many come as it needs, where the others stay larger than that."""
        needed = max(self.problem.least(*session), 1)
        self.inside[session] = []
        came: list[tuple[int, Session]] = []
        while len(came) < needed:
            sources = [
                (person, full)
                for full in self._largest(session[1])
                if len(self.inside[full]) > needed
                for person in self._movable(full)
            ]
            moved = next((one for one in sources if self._move(*one, session)), None)
            if moved is None:
                for person, full in came:
                    self._move(person, session, full)
                del self.inside[session]
                return
            came.append(moved)

    def _largest(self, slot: int) -> list[Session]:
        return sorted((s for s in self.inside if s[1] == slot), key=lambda s: (-len(self.inside[s]), s))

    def move_one(self, slot: int) -> bool:
        """Somebody goes from a session to one with at least two people fewer, if anybody can."""
        here = self._largest(slot)
        for full in here:
            for person in self._movable(full):
                for other in reversed(here):
                    if len(self.inside[full]) < len(self.inside[other]) + 2:
                        break
                    if self._move(person, full, other):
                        return True
        return False

    def _movable(self, session: Session) -> Iterator[int]:
        if len(self.inside[session]) > max(self.problem.least(*session), 1):
            yield from [person for person in self.inside[session] if self.free[person][session[1]]]

    def _move(self, person: int, full: Session, other: Session) -> bool:
        problem, row, slot = self.problem, self.rows[person], full[1]
        workshop = other[0]
        if (
            workshop in (*row, *problem.wishes[person])
            or slot not in self.choices.slots[person].get(workshop, ())
            or len(self.inside[other]) >= problem.seats(*other)
            or problem.part(workshop) != problem.part(full[0])
        ):
            return False
        left = [one for one in self.inside[full] if one != person]
        joined = [*self.inside[other], person]
        row[slot] = workshop
        if (
            any(True for _ in clashing(problem, row))
            or unbalanced(problem, full, left)
            or unbalanced(problem, other, joined)
        ):
            row[slot] = full[0]
            return False
        self.inside[full], self.inside[other] = left, joined
        return True
