"""Which workshops a placement leaves without the people that they need, and what is done about it.

A workshop with a minimum of two or more and nobody in it does not take place: with fewer, whoever comes late
would be enough for it. The organiser sees it before the publication; publishing makes it known.
"""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from events_app.features.events import programme
from events_app.features.events.model import SessionRecord
from events_app.features.workshops.inputs import Inputs
from events_app.features.workshops.model import RunPlaceRecord
from events_app.features.workshops.tally import sizes_of
from events_app.infra.world import World


class Closing(msgspec.Struct, frozen=True):
    """`first`: people whose best wish of the slot it is; `wished`: all who wish for it. `is_new`: it takes
    place until now."""

    session: SessionRecord
    first: int
    wished: int
    is_new: bool


def closes(session: SessionRecord, people: int) -> bool:
    return people == 0 and (session.capacity_min or 0) > 1


def closings_of(inputs: Inputs, places: Iterable[RunPlaceRecord]) -> list[Closing]:
    """What publishing these places would close, or leaves closed. Pure."""
    sizes, rank_of = sizes_of(places), inputs.ranker()
    found = []
    for session in inputs.sessions:
        if not closes(session, sizes[session.id]):
            continue
        ranks = [rank for person in inputs.people if (rank := rank_of(person, session.id))]
        found.append(Closing(session, ranks.count(1), len(ranks), session.takes_place))
    return found


async def close_and_open(world: World, sessions: Iterable[SessionRecord], closed: set[UUID]) -> None:
    """Make it so that of these sessions those in `closed` do not take place, and the others do."""
    for session in sessions:
        if session.takes_place == (session.id in closed):
            closed_at = world.now() if session.takes_place else None
            await programme.update_session(world, session, {"closed_at": closed_at}, in_calendar=True)
