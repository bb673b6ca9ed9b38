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

    Slot by slot, each takes the best-ranked workshop with seats for all of the group. Sessions below
    their minimum or out of balance are closed, the one that misses most first.
    """
    choices = Choices(problem)
    closed: set[Session] = set()
    while True:
        rows = choose(problem, choices, order, closed)
        missing = [
            (problem.least(*session) - len(people), session)
            for session, people in members(rows).items()
            if session not in closed
            and (len(people) < problem.least(*session) or unbalanced(problem, session, people))
        ]
        if not missing:
            return tuple(tuple(row) for row in rows)
        closed.add(max(missing)[1])


def choose(
    problem: PlacementProblem, choices: Choices, order: tuple[int, ...], closed: set[Session]
) -> list[list[int]]:
    """Everybody's places after each has chosen once."""
    rows = [
        [choices.locked.get(p, {}).get(s, UNPLACED) for s in range(problem.slots)]
        for p in range(problem.people)
    ]
    free = {session: problem.seats(*session) for session in problem.sessions()}
    for session, people in members(rows).items():
        free[session] = free.get(session, 0) - len(people)
    group_of = {person: group for group in problem.groups() for person in group}
    chosen: set[int] = set()
    for person in order:
        if person in chosen:
            continue
        group = group_of[person]
        chosen.update(group)
        row = rows[person]
        for workshop, _ in problem.choices(person):
            for slot in choices.slots[person].get(workshop, ()):
                taken = row[slot] != UNPLACED or workshop in row
                if taken or (workshop, slot) in closed or free[workshop, slot] < len(group):
                    continue
                row[slot] = workshop
                if any(True for _ in clashing(problem, row)):
                    row[slot] = UNPLACED
                    continue
                free[workshop, slot] -= len(group)
                for companion in group:
                    rows[companion][slot] = workshop
    return rows
