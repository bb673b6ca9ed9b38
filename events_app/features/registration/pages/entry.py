"""The form by which anybody registers, and what is said afterwards."""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events_app.features.events.access import may_edit
from events_app.features.events.model import EventRecord, SessionRecord, Visibility
from events_app.features.events.places import Outlook, outlook
from events_app.features.events.queries import counts_of_one, sessions_of, visible_event
from events_app.features.events.views import standing
from events_app.features.registration import invitations, links, mistyped, rules, service
from events_app.features.registration.api.limits import expect_patience, expect_peace
from events_app.features.registration.choices import SessionFull, SessionOverlap
from events_app.features.registration.invitations import invited_address
from events_app.features.registration.model import (
    ACTIVE,
    RegistrationAnswer,
    RegistrationRequest,
    RegistrationStatus,
    Source,
)
from events_app.features.registration.pages import choosing, just_typed
from events_app.features.registration.pages.form import (
    place_errors,
    question_fields,
    request_from,
)
from events_app.features.registration.wishes import least_wishes, most_wishes
from events_app.features.registration.wording import PROFILE_NAMES
from events_app.features.territory.communes import communes
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import ANONYMOUS, Actor
from events_app.kernel.errors import InvalidInput, NotFound
from events_app.web.forms import Form, read_form
from events_app.web.pages import go_to, language_of, page, speak

AnyRequest = Request[Any, Any, Any]


@get("/events/{slug:str}/register")
async def register_form(
    request: AnyRequest,
    slug: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    invitation: FromQuery[str] = "",
) -> Response[Any]:
    event = await visible_event(actor, slug)
    if (reason := rules.closed_because(event, world.now())) is not None:
        if reason in ("draft", "not_open_yet") and may_edit(actor, event):
            form = Form(initial={"accepts_any": "yes"})
            return await _form(request, event, form, preview=True)
        return _closed(request, event, reason)
    form = Form(initial={"invitation": invitation, "accepts_any": "yes"})
    if event.visibility is Visibility.INVITED:
        address = await invited_address(event, invitation) if invitation else None
        if address is None:
            raise rules.InvitationNeeded
        form.values["email"] = address
    return await _form(request, event, form)


@post("/events/{slug:str}/register", status_code=200)
async def register_post(
    request: AnyRequest,
    slug: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    expect_patience(request)
    event = await visible_event(actor, slug)
    speak(request, event.language)
    sessions = await sessions_of(event.id)
    form = await read_form(request)
    parts = await _parts(request, event, sessions)
    workshops = [session for session in sessions if session.is_workshop]
    chosen = choosing.codes_from(form, parts)
    wanted, ranks = request_from(form, event, workshops, language_of(request), chosen)
    try:
        answer = await service.register(world, actor, event, wanted, Source.PAGE)
    except InvalidInput as refused:
        place_errors(form, refused, ranks)
        return await _form(request, event, form, 422)
    except (SessionFull, SessionOverlap) as refused:
        choosing.place_refusal(form, refused, parts)
        return await _form(request, event, form, 409)
    except rules.GroupTooLarge as large:
        form.error("companions", large.detail)
        return await _form(request, event, form, 409)
    except rules.RegistrationClosed as closed:
        return _closed(request, event, str(closed.fields.get("reason", "")), 409)
    if answer.registration is not None:
        return go_to(request, links.manage_path(world, answer.registration), "registered")
    return _noted(request, world, event, wanted, answer)


def _noted(
    request: AnyRequest,
    world: World,
    event: EventRecord,
    wanted: RegistrationRequest,
    answer: RegistrationAnswer,
) -> Response[Any]:
    kept = just_typed.cookie(world, event, wanted, answer)
    return go_to(request, f"/events/{event.slug}/registered?as={answer.status.value}", cookies=[kept])


@get("/events/{slug:str}/registered")
async def registered(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Any]:
    """What happens next. The same for a new person and for one who was registered before."""
    return _registered(request, await visible_event(actor, slug), Form(initial={}))


@post("/events/{slug:str}/registered", status_code=200)
async def address_post(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    """The address was mistyped: the same answer whoever is registered under either."""
    expect_patience(request)
    event = await visible_event(actor, slug)
    form = await read_form(request)
    typed = just_typed.read(request, event)
    if typed is None or typed.receipt is None:
        return _registered(request, event, form, 410)
    email = str(form.values.get("email", ""))
    expect_peace(request, typed.receipt.request.email, email, burst=6)  # there and back writes to both
    try:
        answer = await mistyped.put_right(world, ANONYMOUS, event, typed.receipt, email)
    except InvalidInput as refused:
        form.absorb(refused)
        return _registered(request, event, form, 422)
    except rules.RegistrationClosed as closed:
        return _closed(request, event, str(closed.fields.get("reason", "")), 409)
    wanted = msgspec.structs.replace(typed.receipt.request, email=email)
    return _noted(request, world, event, wanted, answer)


def _registered(request: AnyRequest, event: EventRecord, form: Form, status_code: int = 200) -> Response[Any]:
    asked = request.query_params.get("as", "")
    known = (*ACTIVE, RegistrationStatus.CANCELLED)  # the last: whoever answered that they do not come
    return page(
        request,
        "registration/registered.html",
        status_code=status_code,
        headers={"cache-control": "private, no-store"},
        event=event,
        status=asked if asked in known else RegistrationStatus.CONFIRMED.value,
        typed=just_typed.read(request, event),
        form=form,
    )


@get("/events/{slug:str}/invitation")
async def invitation_form(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Any]:
    return await _invitation(request, actor, slug, Form(initial={}))


@post("/events/{slug:str}/invitation", status_code=200)
async def invitation_post(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    """The same answer for every address: it tells nothing about the list."""
    expect_patience(request)
    event = await visible_event(actor, slug)
    form = await read_form(request)
    try:
        await invitations.send_again(world, actor, event, str(form.values.get("email", "")))
    except InvalidInput as refused:
        form.absorb(refused)
        return await _invitation(request, actor, slug, form, status_code=422)
    return await _invitation(request, actor, slug, form, sent=True)


async def _invitation(
    request: AnyRequest, actor: Actor, slug: str, form: Form, *, sent: bool = False, status_code: int = 200
) -> Response[Any]:
    event = await visible_event(actor, slug)
    if event.visibility is not Visibility.INVITED:
        raise NotFound
    return page(
        request, "registration/invitation.html", status_code=status_code, event=event, form=form, sent=sent
    )


async def _parts(
    request: AnyRequest, event: EventRecord, sessions: Sequence[SessionRecord]
) -> list[choosing.Part]:
    """Of the sessions that are still to come."""
    now = request.app.state.world.now()
    ahead = [session for session in sessions if session.starts_at > now]
    return await choosing.parts_of(event, ahead, translator(language_of(request)))


async def _form(
    request: AnyRequest,
    event: EventRecord,
    form: Form,
    status_code: int = 200,
    *,
    preview: bool = False,
) -> Response[Any]:
    sessions = await sessions_of(event.id)
    workshops = [session for session in sessions if session.is_workshop]
    counts = await counts_of_one(event.id)
    promise = outlook(event.capacity, counts, approval=event.approval, waiting_list=event.waiting_list)
    return page(
        request,
        "registration/register.html",
        status_code=status_code,
        event=event,
        form=form,
        preview=preview,
        fields=question_fields(event.questions),
        workshops=workshops,
        parts=await _parts(request, event, sessions),
        ranks=range(most_wishes(event, workshops)),
        least=least_wishes(event, workshops),
        communes=communes(),
        waits=promise is Outlook.WAITING,
        profile_names=PROFILE_NAMES,
        companion_options=[(str(number), str(number)) for number in range(event.max_companions + 1)],
        full=promise is Outlook.FULL,
        places=standing(
            event, counts, request.app.state.world.now(), translator(language_of(request))
        ).places,
    )


def _closed(request: AnyRequest, event: EventRecord, reason: str, status_code: int = 200) -> Response[Any]:
    return page(request, "registration/closed.html", status_code=status_code, event=event, reason=reason)


ROUTES = [register_form, register_post, registered, address_post, invitation_form, invitation_post]
