"""Papers for the door as PDF, for pages and programs alike; and entering what was ticked on one."""

from functools import partial
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events_app.features.admission import printing
from events_app.features.admission.doors import event_at_door
from events_app.features.admission.places import places_of
from events_app.features.admission.tickets import keyring
from events_app.features.admission.ticks import enter_ticks
from events_app.features.events.access import may_edit, may_read_tickets
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import sessions_of
from events_app.features.registration.bulk import MOST_AT_ONCE, BulkFilter, chosen_by
from events_app.features.registration.model import RegistrationStatus
from events_app.infra.i18n import translator
from events_app.infra.processes import paper_shop
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.civil_time import to_wall
from events_app.kernel.errors import N_, InvalidInput, NotAllowed, NotFound
from events_app.outputs.badges import SIZES, badges_pdf
from events_app.outputs.lists import list_pdf
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, SCANNING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]
_ON_A_PAGE: Final = 100


@get("/api/v1/events/{slug:str}/badges.pdf", guards=[requires(*SCANNING, or_device=True)])
async def badges(
    request: AnyRequest,
    slug: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    size: FromQuery[str] = "a6",
    with_profile: FromQuery[str] = "",
    registration: FromQuery[UUID | None] = None,
    session: FromQuery[str] = "",
    q: FromQuery[str] = "",
    consent: FromQuery[str] = "",
    tag: FromQuery[str] = "",
    commune: FromQuery[str] = "",
    profile: FromQuery[str] = "",
) -> Response[bytes]:
    """Of everybody with a place, or of those whom the filters of the list leave, for organisers; of one
    person at the door too."""
    event = await event_at_door(actor, slug)
    if not (may_edit(actor, event) or (registration is not None and may_read_tickets(actor, event))):
        raise NotAllowed
    if size not in SIZES:
        raise InvalidInput.one("/size", "unknown", N_("Please choose a6, card or label."))
    wanted = BulkFilter(RegistrationStatus.CONFIRMED, session, q, consent, tag, commune, profile)
    only = [registration] if registration is not None else await _narrowed(event, wanted)
    people = await printing.people_listed(event.id, only)
    if not people:
        raise NotFound
    paper = printing.badge_paper(
        event,
        people,
        await places_of([each.id for each in people]),
        await keyring(world),
        size,
        bool(with_profile),
        translator(language_of(request)),
    )
    return _pdf(await paper_shop.run(partial(badges_pdf, paper)), f"{event.slug}-badges-{size}")


async def _narrowed(event: EventRecord, wanted: BulkFilter) -> list[UUID] | None:
    """None where no filter is given: everybody. Raises `InvalidInput`."""
    if wanted == BulkFilter(wanted.status):
        return None
    only = await chosen_by(event, wanted)
    if len(only) > MOST_AT_ONCE:
        message = N_("Please narrow the list down to {most} people, or print the badges of everybody.")
        raise InvalidInput.one("/filter", "range", message, most=MOST_AT_ONCE)
    return only


@get("/api/v1/events/{slug:str}/door-list.pdf", guards=[requires(*ORGANISING)])
async def door_list(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[bytes]:
    event = await _own_event(actor, slug)
    people = await printing.people_listed(event.id)
    paper = printing.door_list_paper(event, people, translator(language_of(request)))
    return _pdf(await paper_shop.run(partial(list_pdf, paper)), f"{event.slug}-door")


@get("/api/v1/events/{slug:str}/attendance-sheet.pdf", guards=[requires(*ORGANISING)])
async def attendance_sheet(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor], by: FromQuery[str] = "half-day"
) -> Response[bytes]:
    event = await _own_event(actor, slug)
    people = await printing.people_listed(event.id)
    words = translator(language_of(request))
    if by == "half-day":
        paper = printing.half_day_sheets(event, people, words)
    elif by == "session":
        places = await places_of([each.id for each in people])
        paper = printing.session_sheets(event, await sessions_of(event.id), people, places, words)
    else:
        raise InvalidInput.one("/by", "unknown", N_("Please choose half-day or session."))
    return _pdf(await paper_shop.run(partial(list_pdf, paper)), f"{event.slug}-attendance")


def _pdf(body: bytes, name: str) -> Response[bytes]:
    headers = {"content-disposition": f'inline; filename="{name}.pdf"', "cache-control": "private, no-store"}
    return Response(body, media_type="application/pdf", headers=headers)


async def _own_event(actor: Actor, slug: str) -> EventRecord:
    event = await event_at_door(actor, slug)
    if not may_edit(actor, event):
        raise NotAllowed
    return event


@get("/org/events/{slug:str}/door/ticks", guards=[requires(*ORGANISING)])
async def ticks_form(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor], start: FromQuery[int] = 0
) -> Response[str]:
    event = await _own_event(actor, slug)
    at = to_wall(event.starts_at, event.timezone).isoformat(timespec="minutes")
    return await _ticks_page(request, event, Form(initial={"at": at}), start)


@post("/org/events/{slug:str}/door/ticks", status_code=200, guards=[requires(*ORGANISING)])
async def ticks_post(
    request: AnyRequest,
    slug: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    start: FromQuery[int] = 0,
) -> Response[Any]:
    event = await _own_event(actor, slug)
    form = await read_form(request)
    at = form.instant("at", event.timezone, required=True)
    if form.errors or at is None:
        return await _ticks_page(request, event, form, start, 422)
    await enter_ticks(world, actor, event, form.all("person"), at, translator(event.language))
    following = start + _ON_A_PAGE if form.values.get("next") else start
    return go_to(request, f"/org/events/{event.slug}/door/ticks?start={following}", "saved")


async def _ticks_page(
    request: AnyRequest, event: EventRecord, form: Form, start: int, status_code: int = 200
) -> Response[str]:
    people = await printing.people_listed(event.id)
    start = max(0, min(start, max(0, len(people) - 1) // _ON_A_PAGE * _ON_A_PAGE))
    language = language_of(request)
    return page(
        request,
        "admission/ticks.html",
        status_code=status_code,
        headers={"cache-control": "no-store"},
        event=event,
        tabs=event_tabs(event, language),
        form=form,
        people=people[start : start + _ON_A_PAGE],
        start=start,
        following=start + _ON_A_PAGE if start + _ON_A_PAGE < len(people) else None,
        total=len(people),
    )


ROUTES = [badges, door_list, attendance_sheet, ticks_form, ticks_post]
