"""Lists of people by workshop: on a phone for the coach, on paper for the room."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events.access import may_see_session_people
from events_app.features.events.queries import sessions_of, visible_event
from events_app.features.workshops.pages.frame import AnyRequest, event_to_edit, frame
from events_app.features.workshops.personal import CoachedSession, sessions_of_coach
from events_app.features.workshops.queries import people_in
from events_app.infra.database import read_snapshot
from events_app.infra.world import World
from events_app.kernel.actor import Actor, Role
from events_app.kernel.errors import NotAllowed, NotFound
from events_app.web.guards import ORGANISING, requires
from events_app.web.pages import page

SEEING = (Role.ADMINISTRATOR, Role.ORGANISER, Role.COACH, Role.READER)


@get("/org/coach", guards=[requires(Role.COACH)])
async def coach(
    request: AnyRequest, world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    """A coach's own sessions, with the names of those who come."""
    async with read_snapshot():
        coached = await sessions_of_coach(actor, world.now())
    return page(request, "workshops/coach.html", coached=coached)


@get("/org/events/{slug:str}/sessions/{code:str}/people", guards=[requires(*SEEING)])
async def sheet(
    request: AnyRequest, slug: FromPath[str], code: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Any]:
    async with read_snapshot():
        event = await visible_event(actor, slug)
        session = next((s for s in await sessions_of(event.id) if s.code == code), None)
        if session is None:
            raise NotFound
        if not may_see_session_people(actor, event, session):
            raise NotAllowed
        lists = [CoachedSession(event, session, await people_in(session.id))]
    return page(request, "workshops/sheets.html", lists=lists, back=f"/org/events/{event.slug}", event=event)


@get("/org/events/{slug:str}/placement/lists", guards=[requires(*ORGANISING)])
async def sheets(request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]) -> Response[Any]:
    """The list of every workshop that takes place, one to a page."""
    event = await event_to_edit(actor, slug)
    async with read_snapshot():
        lists = [
            CoachedSession(event, session, await people_in(session.id))
            for session in await sessions_of(event.id)
            if session.by_name and session.takes_place
        ]
    return page(
        request, "workshops/sheets.html", lists=lists, back=frame(request, event)["here"], event=event
    )


ROUTES = [coach, sheet, sheets]
