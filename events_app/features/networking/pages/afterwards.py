"""Afterwards: the participant's ticks behind the secret link, the organiser's report."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.networking import contacts
from events_app.features.networking.pages.room import event_to_edit, home_of
from events_app.features.networking.queries import networking_session
from events_app.features.networking.reporting import outcome_of
from events_app.features.registration.access import participant
from events_app.features.registration.pages.personal import mine
from events_app.infra.database import read_snapshot
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotFound
from events_app.web.forms import read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]
_REPORT = "/org/events/{slug:str}/networking/{code:str}/report"


@post("/me/{token:str}/again/{code:str}", status_code=200)
async def again_post(
    request: AnyRequest, token: FromPath[str], code: FromPath[str], world: NamedDependency[World]
) -> Response[Any]:
    """All boxes that are ticked; those that are not are taken back."""
    registration, event = await mine(token)
    async with read_snapshot():
        session = await networking_session(event, code)
        shown = await contacts.afterwards(world, session, registration.id)
    if shown is None:
        raise NotFound
    form = await read_form(request)
    ticked = set(form.all("with"))
    others = [each.registration_id for each in shown.met if str(each.registration_id) in ticked]
    await contacts.say_again(world, participant(registration.id), registration.id, code, others)
    return go_to(request, f"/me/{token}#again-{code}", "saved")


@get(_REPORT, guards=[requires(*ORGANISING)])
async def report(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    async with read_snapshot():
        event = await event_to_edit(actor, slug)
        outcome = await outcome_of(world, actor, event, code)
    return page(
        request,
        "networking/report.html",
        event=event,
        event_tabs=event_tabs(event, language_of(request)),
        outcome=outcome,
        report=outcome.report,
        over=world.now() >= outcome.session.ends_at,
        here=home_of(slug, code),
    )


@post("/org/events/{slug:str}/networking/{code:str}/release", guards=[requires(*ORGANISING)])
async def release(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    event = await event_to_edit(actor, slug)
    await contacts.release(world, actor, event, code)
    return go_to(request, f"{home_of(slug, code)}/report", "saved")


ROUTES = [again_post, report, release]
