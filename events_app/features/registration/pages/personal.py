"""The personal page behind a secret link: see, change, withdraw, own data. No page of it is kept anywhere."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events_app.features.events.model import EventRecord
from events_app.features.events.queries import counts_of_one, event_by_id, sessions_of
from events_app.features.registration import (
    address,
    changes,
    consents,
    erasure,
    hooks,
    links,
    rules,
    withdrawal,
)
from events_app.features.registration.access import participant
from events_app.features.registration.api.limits import expect_patience, expect_peace
from events_app.features.registration.changes import RegistrationChanges
from events_app.features.registration.companions import may_add
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.pages.form import (
    accepts_any_from,
    answers_from,
    initial_values,
    place_errors,
    question_fields,
    wishes_from,
)
from events_app.features.registration.queries import (
    by_manage_token,
    group_of,
    preferences_of_one,
)
from events_app.features.registration.rules import LinkReplaced
from events_app.features.registration.standing import standing
from events_app.features.registration.wishes import least_wishes, most_wishes
from events_app.features.registration.wording import PROFILE_NAMES, states_of
from events_app.features.territory.communes import communes
from events_app.infra.database import unit_of_work
from events_app.infra.i18n import current_translator
from events_app.infra.world import World
from events_app.kernel.errors import InvalidInput, NotFound
from events_app.kernel.text import fold_email
from events_app.web.forms import Form, read_form
from events_app.web.pages import go_to, page

AnyRequest = Request[Any, Any, Any]

PRIVATE = {"cache-control": "private, no-store", "x-robots-tag": "noindex"}


@get("/me/{token:str}")
async def personal_page(
    request: AnyRequest, token: FromPath[str], world: NamedDependency[World]
) -> Response[Any]:
    registration, event = await mine(token)
    wishes = await preferences_of_one(registration.id)
    sessions = {session.id: session for session in await sessions_of(event.id)}
    group = await group_of(registration.group_id) if registration.leads else [registration]
    confirmed = registration.status is RegistrationStatus.CONFIRMED
    codes = {
        member.id: await hooks.ticket_code(world, event, member)
        for member in group
        if member.status is RegistrationStatus.CONFIRMED
    }
    return _page(
        request,
        "registration/personal.html",
        registration,
        event,
        token,
        standing=await standing(world, event, registration, current_translator()),
        confirmed=confirmed,
        over=event.is_over(world.now()),
        began=event.has_begun(world.now()),
        codes=codes,
        state_of=states_of(event),
        companions=[member for member in group if member.id != registration.id],
        wishes=[sessions[wish] for wish in wishes],
        can_add=await _can_add(world, event, registration, group),
        new_email=await address.address_asked(registration.id),
        consents=await consents.standing_of(event, registration),
        can_wish=any(session.is_workshop for session in sessions.values()),
        sections=await hooks.sections(world, event, registration),
        calendar_url=links.calendar_url(world, registration),
        profile_names=PROFILE_NAMES,
    )


async def _can_add(
    world: World, event: EventRecord, registration: RegistrationRecord, group: list[RegistrationRecord]
) -> bool:
    companions_now = sum(member.status.is_active for member in group) - 1
    closed = rules.closed_because(event, world.now())
    left = (await counts_of_one(event.id)).left(event.capacity)
    return may_add(event, registration, companions_now, closed, left)


@get("/me/{token:str}/details")
async def details_form(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    registration, event = await mine(token)
    form = Form(initial=initial_values(registration) | {"email": registration.email})
    return _details(request, registration, event, token, form)


@post("/me/{token:str}/details", status_code=200)
async def details_post(
    request: AnyRequest, token: FromPath[str], world: NamedDependency[World]
) -> Response[Any]:
    registration, event = await mine(token)
    form = await read_form(request)
    values = {name: str(form.values.get(name, "")) for name in changes.TEXT_FIELDS if name != "email"}
    answers = answers_from(form, event.questions) if registration.leads else msgspec.UNSET
    wanted = RegistrationChanges(**values, answers=answers)
    email = str(form.values.get("email") or registration.email)
    try:
        async with unit_of_work():  # who is shown an error has asked for nothing yet
            await _ask_for_address(request, world, registration, email)
            await changes.change(world, participant(registration.id), registration.id, wanted)
    except InvalidInput as refused:
        form.absorb(refused)
        return _details(request, registration, event, token, form, 422)
    return go_to(request, f"/me/{token}", "saved")


async def _ask_for_address(
    request: AnyRequest, world: World, registration: RegistrationRecord, email: str
) -> None:
    if not registration.leads or fold_email(email) == fold_email(registration.email):
        return
    expect_patience(request)
    expect_peace(request, email, burst=6)
    await address.ask(world, participant(registration.id), registration.id, email)


@get("/me/{token:str}/wishes")
async def wishes_form(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    registration, event = await mine(token)
    sessions = {session.id: session for session in await sessions_of(event.id)}
    chosen = await preferences_of_one(registration.id)
    initial = {f"preferences.{rank}": sessions[wish].code for rank, wish in enumerate(chosen)}
    initial["accepts_any"] = "yes" if registration.accepts_any else "no"
    return await _wishes(request, registration, event, token, Form(initial=initial))


@post("/me/{token:str}/wishes", status_code=200)
async def wishes_post(
    request: AnyRequest, token: FromPath[str], world: NamedDependency[World]
) -> Response[Any]:
    registration, event = await mine(token)
    form = await read_form(request)
    workshops = [session for session in await sessions_of(event.id) if session.is_workshop]
    codes, ranks = wishes_from(form, most_wishes(event, workshops))
    try:
        await changes.set_preferences(
            world,
            participant(registration.id),
            registration.id,
            codes,
            accepts_any=accepts_any_from(form),
        )
    except InvalidInput as refused:
        place_errors(form, refused, ranks)
        return await _wishes(request, registration, event, token, form, 422)
    return go_to(request, f"/me/{token}", "wishes-late" if event.placement_published_at else "saved")


@get("/me/{token:str}/withdraw")
async def withdraw_form(
    request: AnyRequest, token: FromPath[str], who: FromQuery[UUID | None] = None
) -> Response[Any]:
    """`who`: one companion; oneself (and whoever comes along) otherwise."""
    registration, event = await mine(token)
    leaving = await _leaving(registration, who)
    return _page(request, "registration/withdraw.html", registration, event, token, leaving=leaving, who=who)


@post("/me/{token:str}/withdraw")
async def withdraw_post(
    request: AnyRequest, token: FromPath[str], world: NamedDependency[World]
) -> Response[Any]:
    registration, _ = await mine(token)
    form = await read_form(request)
    members = {str(member.id): member for member in await group_of(registration.group_id)}
    if not registration.leads:
        members = {str(registration.id): registration}
    leaving = members[form.deed("who", members, absent=str(registration.id))]
    await withdrawal.cancel(world, participant(registration.id), leaving.id)
    return go_to(request, f"/me/{token}", "withdrawn" if leaving.id == registration.id else "saved")


@post("/me/{token:str}/consents/{code:str}")
async def consent_post(
    request: AnyRequest, token: FromPath[str], code: FromPath[str], world: NamedDependency[World]
) -> Response[Any]:
    """Agree to one thing, or take it back."""
    registration, _ = await mine(token)
    form = await read_form(request)
    actor = participant(registration.id)
    deed = form.deed("do", ("give", "withdraw"))
    await (consents.give if deed == "give" else consents.withdraw)(world, actor, registration.id, code)
    return go_to(request, f"/me/{token}", "saved")


@get("/me/{token:str}/data.json")
async def own_data(token: FromPath[str], world: NamedDependency[World]) -> Response[bytes]:
    registration, event = await mine(token)
    data = await erasure.own_data(world, event, registration)
    return Response(
        msgspec.json.format(msgspec.json.encode(data), indent=2),
        media_type="application/json",
        headers=PRIVATE | {"content-disposition": f'attachment; filename="{event.slug}.json"'},
    )


@get("/me/{token:str}/erase")
async def erase_form(
    request: AnyRequest, token: FromPath[str], world: NamedDependency[World]
) -> Response[Any]:
    registration, event = await mine(token)
    over = event.is_over(world.now())
    sends = world.settings.sends_mail
    return _page(request, "registration/erase.html", registration, event, token, over=over, sends_mail=sends)


@post("/me/{token:str}/erase", status_code=200)
async def erase_post(
    request: AnyRequest, token: FromPath[str], world: NamedDependency[World]
) -> Response[Any]:
    registration, event = await mine(token)
    await erasure.erase(world, participant(registration.id), registration.id)
    return page(request, "registration/erased.html", headers=PRIVATE, event=event)


async def mine(token: str) -> tuple[RegistrationRecord, EventRecord]:
    """Raises `NotFound` for a wrong or erased link, which look alike; `LinkReplaced`."""
    registration = await by_manage_token(token)
    if registration is None and await address.was_replaced(token):
        raise LinkReplaced
    event = await event_by_id(registration.event_id) if registration else None
    if registration is None or event is None or registration.erased_at is not None:
        raise NotFound
    return registration, event


async def _leaving(registration: RegistrationRecord, who: UUID | None) -> list[RegistrationRecord]:
    group = await group_of(registration.group_id) if registration.leads else [registration]
    if who is not None:
        group = [member for member in group if member.id == who]
        if not group:
            raise NotFound
    return [member for member in group if member.status.is_active]


def _details(
    request: AnyRequest,
    registration: RegistrationRecord,
    event: EventRecord,
    token: str,
    form: Form,
    status_code: int = 200,
) -> Response[Any]:
    return _page(
        request,
        "registration/details.html",
        registration,
        event,
        token,
        status_code=status_code,
        form=form,
        fields=question_fields(event.questions) if registration.leads else [],
        communes=communes(),
        profile_names=PROFILE_NAMES,
    )


async def _wishes(
    request: AnyRequest,
    registration: RegistrationRecord,
    event: EventRecord,
    token: str,
    form: Form,
    status_code: int = 200,
) -> Response[Any]:
    workshops = [session for session in await sessions_of(event.id) if session.is_workshop]
    return _page(
        request,
        "registration/wishes.html",
        registration,
        event,
        token,
        status_code=status_code,
        form=form,
        workshops=workshops,
        ranks=range(most_wishes(event, workshops)),
        least=least_wishes(event, workshops),
    )


def _page(
    request: AnyRequest,
    template: str,
    registration: RegistrationRecord,
    event: EventRecord,
    token: str,
    *,
    status_code: int = 200,
    **context: Any,
) -> Response[Any]:
    return page(
        request,
        template,
        status_code=status_code,
        headers=PRIVATE,
        registration=registration,
        event=event,
        home=f"/me/{token}",
        **context,
    )


ROUTES = [
    personal_page,
    details_form,
    details_post,
    wishes_form,
    wishes_post,
    withdraw_form,
    withdraw_post,
    consent_post,
    own_data,
    erase_form,
    erase_post,
]
