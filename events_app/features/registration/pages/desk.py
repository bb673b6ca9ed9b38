"""The organiser's list of registrations: search, filters, figures, export, somebody entered by hand."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events_app.features.events.model import EventRecord
from events_app.features.events.places import free_places
from events_app.features.events.queries import counts_of_one, sessions_of
from events_app.features.registration import rules, service
from events_app.features.registration.access import may_decide
from events_app.features.registration.bulk import MOST_AT_ONCE
from events_app.features.registration.choices import SessionFull, SessionOverlap
from events_app.features.registration.line import front, places_in_line
from events_app.features.registration.model import RegistrationRecord, Source
from events_app.features.registration.pages import choosing, columns
from events_app.features.registration.pages.filters import asked_by
from events_app.features.registration.pages.form import place_errors, question_fields, request_from
from events_app.features.registration.queries import (
    COUNTED_MOST,
    count_of,
    registrations_of,
)
from events_app.features.registration.reading import readable_list
from events_app.features.registration.tags import known_tags
from events_app.features.registration.wording import PROFILE_NAMES, STATUS_NAMES, states_of
from events_app.features.territory.communes import communes
from events_app.infra.i18n import LANGUAGES, Translator, translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput, NotAllowed
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, READING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]

PER_PAGE = 50
PER_PAGE_COMPACT = 100
FRAGMENT = "x-fragment"  # sent by the module that searches while one types


@get("/org/events/{slug:str}/registrations", guards=[requires(*READING)])
async def registrations_page(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor], after: FromQuery[str] = ""
) -> Response[Any]:
    """What is asked for stands in the address (`filters.NAMES`). What is unknown filters nothing."""
    event = await readable_list(actor, slug)
    words = translator(language_of(request))
    sessions, tags = await sessions_of(event.id), await known_tags(event.id)
    asked = asked_by(request.query_params, event, sessions, tags)
    cursor = int(after) if after.isascii() and after.isdigit() and len(after) <= 9 else 0
    layout = columns.layout_of(request, event, words, tagged=bool(tags))
    per_page = PER_PAGE_COMPACT if layout.compact else PER_PAGE
    found = await registrations_of(
        event.id, asked.status, asked.q, asked.session_id, cursor, per_page + 1, narrower=asked.narrower
    )
    total = await count_of(event.id, asked.status, asked.q, asked.session_id, narrower=asked.narrower)
    rows, more = found[:per_page], len(found) > per_page
    here = f"/org/events/{slug}/registrations"
    cells = await columns.cells_of(layout, event, sessions, rows, words, _registered_on(event, words))
    answer = page(
        request,
        "registration/_people.html" if FRAGMENT in request.headers else "registration/people.html",
        headers={"vary": f"Cookie, Accept-Language, {FRAGMENT}"},
        event=event,
        tabs_of_event=event_tabs(event, language_of(request)),
        form=Form(initial=asked.values),
        asked=asked.values,
        chips=asked.chips(here, event, sessions, words),
        filtered=bool(asked.values),
        rows=rows,
        layout=layout,
        chosen_codes=[code for code, _ in layout.chosen],
        cells=cells,
        total=total,
        most_at_once=MOST_AT_ONCE,
        counted_most=COUNTED_MOST if set(asked.values) - {"status"} else None,
        sessions=[each for each in sessions if each.by_name],
        tags=tags,
        communes=communes(),
        profiles=[(code, words.gettext(PROFILE_NAMES.get(code, code))) for code in event.profiles],
        status_names=STATUS_NAMES,
        state_of=states_of(event),
        next_href=asked.address(here, after=rows[-1].arrival) if more else None,
        first_href=asked.address(here) if cursor else None,
        may_decide=may_decide(actor, event),
        here=here,
        **await _standing(event, rows),
    )
    for cookie in columns.kept_cookie(request):
        answer.set_cookie(cookie)
    return answer


def _registered_on(event: EventRecord, words: Translator) -> columns.Cells:
    return lambda person: words.moment(person.created_at, event.timezone)


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
    sessions = await sessions_of(event.id)
    workshops = [each for each in sessions if each.is_workshop]
    parts = await choosing.parts_of(event, sessions, form.words)
    language = form.deed("language", LANGUAGES, absent=event.language)
    wanted, ranks = request_from(form, event, workshops, language, choosing.codes_from(form, parts))
    try:
        answer = await service.register(world, actor, event, wanted, Source.WALK_IN)
    except InvalidInput as refused:
        place_errors(form, refused, ranks)
    except (SessionFull, SessionOverlap) as refused:
        choosing.place_refusal(form, refused, parts)
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
        parts=await choosing.parts_of(event, await sessions_of(event.id), form.words),
        communes=communes(),
        profile_names=PROFILE_NAMES,
        free=free_places(event.capacity, counts.confirmed),
        waiting=counts.waiting,
        here=f"/org/events/{event.slug}/registrations",
    )


ROUTES = [registrations_page, new_registration_form, new_registration]
