"""Choosing sessions: by the personal link, and by the organiser's hand."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events.model import EventRecord
from events_app.features.events.queries import sessions_of
from events_app.features.registration.access import may_decide, participant
from events_app.features.registration.choices import SessionFull, SessionOverlap
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.pages.choosing import (
    Part,
    codes_from,
    initial_choice,
    parts_of,
    place_refusal,
)
from events_app.features.registration.pages.people import home_of, person_of
from events_app.features.registration.pages.personal import PRIVATE, mine
from events_app.features.registration.queries import group_of
from events_app.features.workshops.choosing import choose, chosen_by_person
from events_app.infra.i18n import current_translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotAllowed
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.pages import go_to, page

AnyRequest = Request[Any, Any, Any]
PERSON = "/org/events/{slug:str}/registrations/{registration_id:uuid}/sessions"


@get("/me/{token:str}/sessions")
async def my_form(request: AnyRequest, token: FromPath[str], world: NamedDependency[World]) -> Response[Any]:
    registration, event = await mine(token)
    return await _asked(request, world, participant(registration.id), registration, event, f"/me/{token}")


@post("/me/{token:str}/sessions", status_code=200)
async def my_post(request: AnyRequest, token: FromPath[str], world: NamedDependency[World]) -> Response[Any]:
    registration, event = await mine(token)
    return await _taken(request, world, participant(registration.id), registration, event, f"/me/{token}")


@get(PERSON, guards=[requires(*ORGANISING)])
async def desk_form(
    request: AnyRequest,
    slug: FromPath[str],
    registration_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    registration, event = await _decidable(actor, slug, registration_id)
    return await _asked(request, world, actor, registration, event, home_of(event, registration))


@post(PERSON, status_code=200, guards=[requires(*ORGANISING)])
async def desk_post(
    request: AnyRequest,
    slug: FromPath[str],
    registration_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    registration, event = await _decidable(actor, slug, registration_id)
    return await _taken(request, world, actor, registration, event, home_of(event, registration))


async def _decidable(
    actor: Actor, slug: str, registration_id: UUID
) -> tuple[RegistrationRecord, EventRecord]:
    registration, event = await person_of(actor, slug, registration_id)
    if not may_decide(actor, event):
        raise NotAllowed
    return registration, event


async def _asked(
    request: AnyRequest,
    world: World,
    actor: Actor,
    registration: RegistrationRecord,
    event: EventRecord,
    home: str,
) -> Response[Any]:
    parts, codes = await _parts(world, actor, registration, event)
    return await _page(request, registration, event, Form(initial=initial_choice(parts, codes)), parts, home)


async def _taken(
    request: AnyRequest,
    world: World,
    actor: Actor,
    registration: RegistrationRecord,
    event: EventRecord,
    home: str,
) -> Response[Any]:
    form = await read_form(request)
    parts, _ = await _parts(world, actor, registration, event)
    try:
        await choose(world, actor, registration.id, codes_from(form, parts))
    except (SessionFull, SessionOverlap) as refused:
        place_refusal(form, refused, parts)
        return await _page(request, registration, event, form, parts, home, 409)
    return go_to(request, home, "saved")


async def _parts(
    world: World, actor: Actor, registration: RegistrationRecord, event: EventRecord
) -> tuple[list[Part], list[str]]:
    """What this person may choose among, and the codes of what they have."""
    sessions = await sessions_of(event.id)
    own = await chosen_by_person(registration.id)
    hand = may_decide(actor, event)
    offered = [session for session in sessions if hand or session.starts_at > world.now()]
    codes = [session.code for session in sessions if session.id in own]
    return await parts_of(event, offered, current_translator(), own), codes


async def _page(
    request: AnyRequest,
    registration: RegistrationRecord,
    event: EventRecord,
    form: Form,
    parts: list[Part],
    home: str,
    status_code: int = 200,
) -> Response[Any]:
    group = await group_of(registration.group_id) if registration.leads else [registration]
    return page(
        request,
        "workshops/choose.html",
        status_code=status_code,
        headers=PRIVATE,
        registration=registration,
        event=event,
        form=form,
        parts=parts,
        group=sum(member.status.is_active for member in group),
        home=home,
        desk=home.startswith("/org/"),
    )


ROUTES = [my_form, my_post, desk_form, desk_post]
