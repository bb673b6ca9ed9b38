"""The list of who is invited."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events.model import EventRecord
from events_app.features.registration import invitations
from events_app.features.registration.access import may_decide
from events_app.features.registration.links import invitation_token
from events_app.features.registration.reading import readable_list
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput, NotAllowed
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]


@get("/org/events/{slug:str}/invitations", guards=[requires(*ORGANISING)])
async def invitations_page(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await _decidable(actor, slug)
    return await _page(request, world, event, Form(initial={}))


@post("/org/events/{slug:str}/invitations", status_code=200, guards=[requires(*ORGANISING)])
async def invite(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await _decidable(actor, slug)
    form = await read_form(request)
    try:
        await invitations.invite(world, actor, event, str(form.values.get("addresses", "")))
    except InvalidInput as refused:
        form.absorb(refused)
        return await _page(request, world, event, form, 422)
    return go_to(request, f"/org/events/{slug}/invitations", "sent")


@post("/org/events/{slug:str}/invitations/{invitation_id:uuid}/delete", guards=[requires(*ORGANISING)])
async def uninvite(
    request: AnyRequest,
    slug: FromPath[str],
    invitation_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    event = await _decidable(actor, slug)
    await invitations.uninvite(world, actor, event, invitation_id)
    return go_to(request, f"/org/events/{slug}/invitations", "deleted")


async def _decidable(actor: Actor, slug: str) -> EventRecord:
    event = await readable_list(actor, slug)
    if not may_decide(actor, event):
        raise NotAllowed
    return event


async def _page(
    request: AnyRequest, world: World, event: EventRecord, form: Form, status_code: int = 200
) -> Response[Any]:
    """Where no mail brings them, the organiser sees the links of those who have not come yet."""
    invited = await invitations.invitations_of(event.id)
    links = {
        each.id: world.url(f"/events/{event.slug}/register?invitation={invitation_token(world, each.id)}")
        for each in invited
        if each.status is None and not world.settings.sends_mail
    }
    return page(
        request,
        "registration/invitations.html",
        status_code=status_code,
        event=event,
        tabs_of_event=event_tabs(event, language_of(request)),
        form=form,
        invited=invited,
        links=links,
        here=f"/org/events/{event.slug}/invitations",
    )


ROUTES = [invitations_page, invite, uninvite]
