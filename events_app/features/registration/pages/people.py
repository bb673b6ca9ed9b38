"""One registration on the organiser's screen: all that is known of it, and what can be done."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events.model import EventRecord
from events_app.features.events.queries import sessions_of, visible_event
from events_app.features.registration import (
    changes,
    consents,
    erasure,
    hooks,
    letters,
    links,
    restoring,
    withdrawal,
)
from events_app.features.registration.access import bodies_read, may_decide
from events_app.features.registration.changes import RegistrationChanges
from events_app.features.registration.export import answer_words
from events_app.features.registration.line import waiting_position
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.notes import notes_of
from events_app.features.registration.pages.form import (
    answers_from,
    initial_values,
    question_fields,
)
from events_app.features.registration.queries import (
    group_of,
    next_pending,
    preferences_of_one,
    registration_by_id,
    same_person,
)
from events_app.features.registration.reading import readable
from events_app.features.registration.rules import (
    AlreadyRegistered,
    NoPlaceLeft,
    NotPossibleNow,
    RegistrationClosed,
)
from events_app.features.registration.tags import tags_of
from events_app.features.registration.wording import PROFILE_NAMES, SOURCE_NAMES, states_of
from events_app.features.territory.communes import communes
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput, NotFound
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, READING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]
PERSON = "/org/events/{slug:str}/registrations/{registration_id:uuid}"


@get(PERSON, guards=[requires(*READING)])
async def person_page(
    request: AnyRequest,
    slug: FromPath[str],
    registration_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    registration, event = await person_of(actor, slug, registration_id)
    return await show(request, world, actor, registration, event)


@get(PERSON + "/edit", guards=[requires(*ORGANISING)])
async def edit_form(
    request: AnyRequest, slug: FromPath[str], registration_id: FromPath[UUID], actor: NamedDependency[Actor]
) -> Response[Any]:
    registration, event = await person_of(actor, slug, registration_id)
    initial = initial_values(registration) | {"email": registration.email}
    return _edit(request, registration, event, Form(initial=initial))


@post(PERSON + "/edit", status_code=200, guards=[requires(*ORGANISING)])
async def edit_post(
    request: AnyRequest,
    slug: FromPath[str],
    registration_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    registration, event = await person_of(actor, slug, registration_id)
    form = await read_form(request)
    values = {name: str(form.values.get(name, "")) for name in changes.TEXT_FIELDS}
    answers = answers_from(form, event.questions) if registration.leads else msgspec.UNSET
    try:
        await changes.change(world, actor, registration_id, RegistrationChanges(**values, answers=answers))
    except InvalidInput as refused:
        form.absorb(refused)
    except AlreadyRegistered as known:
        form.error("email", known.detail)
    else:
        return go_to(request, home_of(event, registration), "saved")
    return _edit(request, registration, event, form, 422)


@post(PERSON + "/{deed:str}", status_code=200, guards=[requires(*ORGANISING)])
async def act(
    request: AnyRequest,
    slug: FromPath[str],
    registration_id: FromPath[UUID],
    deed: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """cancel, erase (asked about on a page before), restore, mail, withdraw-consent.CODE; yes, no
    and tags are in `deciding`."""
    registration, event = await person_of(actor, slug, registration_id)
    kind, _, code = deed.partition(".")
    match kind:
        case "cancel":
            await withdrawal.cancel(world, actor, registration_id)
        case "restore":
            try:
                await restoring.restore(world, actor, registration_id)
            except (AlreadyRegistered, NoPlaceLeft, NotPossibleNow, RegistrationClosed) as refused:
                return await show(request, world, actor, registration, event, refusal=refused.detail)
        case "mail":
            await letters.send_again(world, actor, registration_id)
        case "withdraw-consent":
            await consents.withdraw(world, actor, registration_id, code)
        case "erase":
            await erasure.erase(world, actor, registration_id)
        case _:
            raise NotFound
    return go_to(request, home_of(event, registration), "sent" if deed == "mail" else "saved")


@get(PERSON + "/{deed:str}", guards=[requires(*ORGANISING)])
async def ask_first(
    request: AnyRequest,
    slug: FromPath[str],
    registration_id: FromPath[UUID],
    deed: FromPath[str],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """A page before what cannot be undone."""
    if deed not in ("cancel", "erase"):
        raise NotFound
    registration, event = await person_of(actor, slug, registration_id)
    return await ask(request, event, registration, deed, Form(initial={}))


async def ask(
    request: AnyRequest,
    event: EventRecord,
    registration: RegistrationRecord,
    deed: str,
    form: Form,
    status_code: int = 200,
) -> Response[Any]:
    whole = registration.leads or deed == "refuse"  # a group is refused as one
    group = await group_of(registration.group_id) if whole else [registration]
    return page(
        request,
        "registration/person_ask.html",
        status_code=status_code,
        form=form,
        event=event,
        tabs_of_event=event_tabs(event, language_of(request)),
        registration=registration,
        group=[member for member in group if member.status.is_active or deed == "erase"],
        deed=deed,
        home=home_of(event, registration),
    )


async def person_of(actor: Actor, slug: str, registration_id: UUID) -> tuple[RegistrationRecord, EventRecord]:
    """Raises `NotFound` also when the registration belongs to another event than the address says."""
    event = await visible_event(actor, slug)
    found = await registration_by_id(registration_id)
    if found is None or found.event_id != event.id:
        raise NotFound
    return await readable(actor, registration_id)


def home_of(event: EventRecord, registration: RegistrationRecord) -> str:
    return f"/org/events/{event.slug}/registrations/{registration.id}"


async def show(
    request: AnyRequest,
    world: World,
    actor: Actor,
    registration: RegistrationRecord,
    event: EventRecord,
    refusal: str = "",
    status_code: int = 409,
) -> Response[Any]:
    words = translator(language_of(request))
    sessions = {session.id: session for session in await sessions_of(event.id)}
    group = await group_of(registration.group_id)
    answers = [
        (question.label, answer_words(registration.answers[question.code], words))
        for question in event.questions
        if question.code in registration.answers
    ]
    waits = registration.status is RegistrationStatus.WAITING
    decides = may_decide(actor, event)
    return page(
        request,
        "registration/person.html",
        status_code=status_code if refusal else 200,
        event=event,
        tabs_of_event=event_tabs(event, language_of(request)),
        registration=registration,
        group=[member for member in group if member.id != registration.id],
        lead=next((member for member in group if member.leads), registration),
        answers=answers,
        state_of=states_of(event),
        may_add=decides
        and registration.leads
        and registration.status.is_active
        and sum(member.status.is_active for member in group) <= event.max_companions,
        consents=await consents.standing_of(event, registration),
        wishes=[sessions[wish].title for wish in await preferences_of_one(registration.id)],
        position=await waiting_position(registration) if waits else None,
        manage_url=links.manage_url(world, registration) if decides else None,
        may_decide=decides,
        others=await same_person(registration, bodies_read(actor)),
        sections=await hooks.desk_sections(world, event, registration) if decides else [],
        tags=(await tags_of([registration.id])).get(registration.id, []),
        notes=await notes_of(registration.id),
        next_pending=await next_pending(registration) if decides else None,
        over=event.is_over(world.now()),
        refusal=words.gettext(refusal),
        profile_names=PROFILE_NAMES,
        source_names=SOURCE_NAMES,
        here=f"/org/events/{event.slug}/registrations",
        home=home_of(event, registration),
    )


def _edit(
    request: AnyRequest,
    registration: RegistrationRecord,
    event: EventRecord,
    form: Form,
    status_code: int = 200,
) -> Response[Any]:
    return page(
        request,
        "registration/person_edit.html",
        status_code=status_code,
        event=event,
        tabs_of_event=event_tabs(event, language_of(request)),
        registration=registration,
        form=form,
        fields=question_fields(event.questions) if registration.leads else [],
        communes=communes(),
        profile_names=PROFILE_NAMES,
        home=home_of(event, registration),
    )


ROUTES = [person_page, edit_form, edit_post, act, ask_first]
