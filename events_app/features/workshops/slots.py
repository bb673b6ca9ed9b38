"""From "who goes to which workshops" to "in which slot"."""

from events_app.features.workshops.network import Network, Session
from events_app.features.workshops.problem import UNPLACED

Places = tuple[tuple[int, ...], ...]


def spread(network: Network) -> tuple[Places | None, Session | None]:
    """Places that obey every rule, if this flow gives them; else a session to decide about."""
    problem = network.problem
    short = [
        (problem.least(*session) - size, session)
        for session, size in network.sizes().items()
        if 0 < size < problem.least(*session)
    ]
    if short:
        return None, max(short)[1]
    rows = []
    for person, workshops in enumerate(network.chosen()):
        locked = network.locked.get(person, {})
        row = [locked.get(slot, UNPLACED) for slot in range(problem.slots)]
        for workshop in workshops:
            row[next(slot for slot in range(problem.slots) if slot not in locked)] = workshop
        rows.append(tuple(row))
    return tuple(rows), None
