"""The organiser's list of registrations: search, filters, figures, export, somebody entered by hand."""

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events_app.features.events.model import EventRecord
from events_app.features.events.places import free_places
from events_app.features.events.queries import counts_of_one, sessions_of
from events_app.features.registration import rules, service
from events_app.features.registration.access import may_decide
from events_app.features.registration.line import front, places_in_line
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus, Source
from events_app.features.registration.pages.form import place_errors, question_fields, request_from
from events_app.features.registration.queries import (
    COUNTED_MOST,
    count_of,
    registrations_of,
)
from events_app.features.registration.reading import readable_list
from events_app.features.registration.wording import PROFILE_NAMES, STATUS_NAMES, states_of
from events_app.features.territory.communes import communes
from events_app.infra.i18n import LANGUAGES
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput, NotAllowed
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, READING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]

PER_PAGE = 50
FRAGMENT = "x-fragment"  # sent by the module that searches while one types


@get("/org/events/{slug:str}/registrations", guards=[requires(*READING)])
async def registrations_page(
    request: AnyRequest,
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    q: FromQuery[str] = "",
    status: FromQuery[str] = "",
    session: FromQuery[str] = "",
    consent: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Response[Any]:
    """What is asked for stands in the address. An unknown filter or cursor filters nothing."""
    event = await readable_list(actor, slug)
    sessions = await sessions_of(event.id)
    session_id = next((each.id for each in sessions if each.code == session), None)
    wanted = status if status in list(RegistrationStatus) else None
    agreed = consent if consent in {purpose.code for purpose in event.consents} else ""
    cursor = int(after) if after.isascii() and after.isdigit() and len(after) <= 9 else 0
    found = await registrations_of(event.id, wanted, q, session_id, cursor, PER_PAGE + 1, consent=agreed)
    total = await count_of(event.id, wanted, q, session_id, consent=agreed)
    rows, more = found[:PER_PAGE], len(found) > PER_PAGE
    kept = _asked(q=q, status=wanted or "", session=session if session_id else "", consent=agreed)
    here = f"/org/events/{slug}/registrations"
    return page(
        request,
        "registration/_people.html" if FRAGMENT in request.headers else "registration/people.html",
        headers={"vary": f"Cookie, Accept-Language, {FRAGMENT}"},
        event=event,
        tabs_of_event=event_tabs(event, language_of(request)),
        form=Form(initial=kept),
        filtered=bool(kept),
        rows=rows,
        total=total,
        counted_most=COUNTED_MOST if set(kept) - {"status"} else None,
        sessions=[each for each in sessions if each.is_workshop],
        status_names=STATUS_NAMES,
        state_of=states_of(event),
        next_href=f"{here}?{urlencode(kept | {'after': rows[-1].arrival})}" if more else None,
        first_href=f"{here}?{urlencode(kept)}" if cursor else None,
        may_decide=may_decide(actor, event),
        here=here,
        **await _standing(event, rows),
    )


async def _standing(event: EventRecord, shown: list[RegistrationRecord]) -> dict[str, Any]:
    """The figures, and who stands where in the line."""
    counts = await counts_of_one(event.id)
    waiting = await front(event.id) if counts.waiting else []
    return {
        "counts": counts,
        "free": free_places(event.capacity, counts.confirmed),
        "first_waiting": waiting[0] if waiting else None,
        "places_in_line": await places_in_line(event.id, shown),
    }


def _asked(**filters: str) -> dict[str, str]:
    return {name: value for name, value in filters.items() if value}


@get("/org/events/{slug:str}/registrations/new", guards=[requires(*ORGANISING)])
async def new_registration_form(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await _decidable(actor, slug)
    return await _new_form(request, event, Form(initial={}))


@post("/org/events/{slug:str}/registrations/new", status_code=200, guards=[requires(*ORGANISING)])
async def new_registration(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await _decidable(actor, slug)
    form = await read_form(request)
    workshops = [each for each in await sessions_of(event.id) if each.is_workshop]
    language = form.deed("language", LANGUAGES, absent=event.language)
    wanted, ranks = request_from(form, event, workshops, language)
    try:
        answer = await service.register(world, actor, event, wanted, Source.WALK_IN)
    except InvalidInput as refused:
        place_errors(form, refused, ranks)
    except rules.AlreadyRegistered as known:
        form.error("email", known.detail)
    except rules.EventFull as full:
        form.error("email", full.detail)
    except rules.RegistrationClosed:
        form.error("email", N_("Nobody can be entered: the event is over, or not published."))
    else:
        return go_to(request, f"/org/events/{slug}/registrations/{answer.receipt_id}", "saved")
    return await _new_form(request, event, form, 422)


async def _decidable(actor: Actor, slug: str) -> EventRecord:
    event = await readable_list(actor, slug)
    if not may_decide(actor, event):
        raise NotAllowed
    return event


async def _new_form(
    request: AnyRequest, event: EventRecord, form: Form, status_code: int = 200
) -> Response[Any]:
    counts = await counts_of_one(event.id)
    return page(
        request,
        "registration/new.html",
        status_code=status_code,
        event=event,
        tabs_of_event=event_tabs(event, language_of(request)),
        form=form,
        fields=question_fields(event.questions),
        communes=communes(),
        profile_names=PROFILE_NAMES,
        free=free_places(event.capacity, counts.confirmed),
        waiting=counts.waiting,
        here=f"/org/events/{event.slug}/registrations",
    )


ROUTES = [registrations_page, new_registration_form, new_registration]
