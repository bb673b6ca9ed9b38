"""An allowed placement near one that breaks rules: the first answer of a hard problem."""

from events_app.features.workshops.certificate import Refused, check_places
from events_app.features.workshops.network import Network
from events_app.features.workshops.problem import UNPLACED, Session
from events_app.features.workshops.rules import clashing, members, unbalanced

Places = tuple[tuple[int, ...], ...]


def repair(network: Network, near: Places | None) -> Places | None:
    """Everybody takes the best seats left in the order of the draw, those of `near` first.

    Then sessions lose whom they must, or everybody, until the rules hold. None: that did not do.
    """
    rows = _by_turns(network, near)
    while True:
        changed = False
        for session, people in sorted(members(rows).items()):
            changed = _thin(network, rows, session, people) or changed
        if not changed:
            break
    places = tuple(tuple(row) for row in rows)
    try:
        check_places(network.problem, places)
    except Refused:
        return None
    return places


def _by_turns(network: Network, near: Places | None) -> list[list[int]]:
    problem = network.problem
    rows = [
        [network.locked.get(p, {}).get(s, UNPLACED) for s in range(problem.slots)]
        for p in range(problem.people)
    ]
    free = {session: network.free(session) for session in problem.sessions()}
    group_of = {person: group for group in problem.groups() for person in group}
    for person in network.order:
        group = group_of[person]
        if person != min(group, key=network.order.index) if len(group) > 1 else False:
            continue
        row = rows[person]
        for workshop in network.choices.ranked[person]:
            for slot in network.choices.slots[person].get(workshop, ()):
                if row[slot] != UNPLACED or workshop in row or free[workshop, slot] < len(group):
                    continue
                row[slot] = workshop
                if any(True for _ in clashing(problem, row)):
                    row[slot] = UNPLACED
                    continue
                free[workshop, slot] -= len(group)
                for companion in group:
                    rows[companion][slot] = workshop
    return rows


def _thin(network: Network, rows: list[list[int]], session: Session, people: list[int]) -> bool:
    """Take away the last drawn of too many of one profile, or everybody; True when somebody went."""
    problem, (workshop, slot) = network.problem, session
    broken = unbalanced(problem, session, people)
    short = len(people) < problem.least(*session)
    if broken is None and not short:
        return False
    leaving = [p for p in people if network.locked.get(p, {}).get(slot) != workshop]
    if broken is not None and not short:
        surplus = [p for p in leaving if problem.profile_of[p] in broken[1]]
        if surplus:
            leaving = surplus[-1:]
    groups = {person: group for group in problem.groups() for person in group}
    for person in leaving:
        for companion in groups[person]:
            rows[companion][slot] = UNPLACED
    return bool(leaving)
