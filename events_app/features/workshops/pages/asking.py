"""Questions to a placement: why is somebody there, and what would be if."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from events_app.features.workshops import why
from events_app.features.workshops.pages.frame import AnyRequest, event_to_edit, frame, run_view
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotFound
from events_app.web.guards import ORGANISING, requires
from events_app.web.pages import page

Who = Annotated[UUID, QueryParameter(name="registration")]


@get("/org/events/{slug:str}/placement/{run_id:uuid}/why", guards=[requires(*ORGANISING)])
async def why_there(
    request: AnyRequest, slug: FromPath[str], run_id: FromPath[UUID], actor: NamedDependency[Actor], who: Who
) -> Response[Any]:
    event = await event_to_edit(actor, slug)
    view = await run_view(event, run_id)
    person, wishes = await why.why(actor, run_id, who)
    sessions = view.inputs.session_by_id
    return page(
        request,
        "workshops/why.html",
        run=view.run,
        person=person,
        wishes=wishes,
        places=[
            sessions[place.session_id]
            for place in view.places
            if place.registration_id == who and place.session_id in sessions
        ],
        **frame(request, event),
    )


@get("/org/events/{slug:str}/placement/{run_id:uuid}/what-if", guards=[requires(*ORGANISING)])
async def what_if(
    request: AnyRequest,
    slug: FromPath[str],
    run_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    session: FromQuery[str] = "",
    change: FromQuery[str] = "",
) -> Response[Any]:
    """Without `session` the choice; with it also the answer."""
    event = await event_to_edit(actor, slug)
    view = await run_view(event, run_id)
    found = view.inputs.session_by_code.get(session)
    if session and found is None:
        raise NotFound
    effect = await why.what_if(actor, run_id, session, change) if found else None
    people, sessions = view.inputs.person_by_id, view.inputs.session_by_id
    return page(
        request,
        "workshops/what_if.html",
        run=view.run,
        sessions=view.inputs.sessions,
        several=len(view.inputs.slots) > 1,
        chosen=found,
        change=change,
        effect=effect,
        moved=[
            (
                people[place.registration_id],
                sessions.get(place.session_id) if place.session_id else None,
                place.rank,
            )
            for place in (effect.changed if effect else [])
        ],
        **frame(request, event),
    )


ROUTES = [why_there, what_if]
