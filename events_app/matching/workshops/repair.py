"""Some allowed placement, quickly: the first answer of a hard problem."""

from events_app.matching.workshops.certificate import Refused, check_places
from events_app.matching.workshops.network import Network
from events_app.matching.workshops.problem import UNPLACED, Session
from events_app.matching.workshops.rules import members, unbalanced
from events_app.matching.workshops.serial import choose

Places = tuple[tuple[int, ...], ...]


def repair(network: Network) -> Places | None:
    """Everybody takes the best seats left, in the order of the draw; then `thin`."""
    return thin(network, choose(network.problem, network.choices, network.order, set()))


def thin(network: Network, rows: list[list[int]]) -> Places | None:
    """Sessions lose whom they must, or everybody, until the rules hold. None: that did not do."""
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
