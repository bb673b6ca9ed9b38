"""Who comes along: named, replaced and added, by whoever leads the group and by the organiser."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events.model import EventRecord
from events_app.features.registration import changes, companions
from events_app.features.registration.access import may_decide, participant
from events_app.features.registration.changes import RegistrationChanges
from events_app.features.registration.model import Companion, RegistrationRecord
from events_app.features.registration.pages.people import PERSON, person_of
from events_app.features.registration.pages.personal import PRIVATE, mine
from events_app.features.registration.queries import group_of
from events_app.features.registration.rules import NoPlaceLeft, RegistrationClosed
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput, NotAllowed, NotFound
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.pages import go_to, page

AnyRequest = Request[Any, Any, Any]


@get("/me/{token:str}/companions/new")
async def new_form(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    _, event = await mine(token)
    return _page(request, event, f"/me/{token}", Form(initial={}))


@post("/me/{token:str}/companions/new", status_code=200)
async def new_post(request: AnyRequest, token: FromPath[str], world: NamedDependency[World]) -> Response[Any]:
    registration, event = await mine(token)
    actor = participant(registration.id)
    return await _add(request, world, actor, registration, event, f"/me/{token}")


@get("/me/{token:str}/companions/{companion_id:uuid}")
async def name_form(request: AnyRequest, token: FromPath[str], companion_id: FromPath[UUID]) -> Response[Any]:
    registration, event = await mine(token)
    member = await _member(registration, companion_id)
    values = {"given_name": member.given_name, "family_name": member.family_name}
    return _page(request, event, f"/me/{token}", Form(initial=values), member)


@post("/me/{token:str}/companions/{companion_id:uuid}", status_code=200)
async def name_post(
    request: AnyRequest, token: FromPath[str], companion_id: FromPath[UUID], world: NamedDependency[World]
) -> Response[Any]:
    registration, event = await mine(token)
    member = await _member(registration, companion_id)
    form = await read_form(request)
    named = RegistrationChanges(
        given_name=str(form.values.get("given_name", "")), family_name=str(form.values.get("family_name", ""))
    )
    try:
        await changes.change(world, participant(registration.id), member.id, named)
    except InvalidInput as refused:
        form.absorb(refused)
        return _page(request, event, f"/me/{token}", form, member, status_code=422)
    return go_to(request, f"/me/{token}", "saved")


@get(PERSON + "/companions/new", guards=[requires(*ORGANISING)])
async def desk_form(
    request: AnyRequest, slug: FromPath[str], registration_id: FromPath[UUID], actor: NamedDependency[Actor]
) -> Response[Any]:
    registration, event = await person_of(actor, slug, registration_id)
    if not may_decide(actor, event):
        raise NotAllowed
    return _page(request, event, _desk(event, registration), Form(initial={}))


@post(PERSON + "/companions/new", status_code=200, guards=[requires(*ORGANISING)])
async def desk_post(
    request: AnyRequest,
    slug: FromPath[str],
    registration_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    registration, event = await person_of(actor, slug, registration_id)
    return await _add(request, world, actor, registration, event, _desk(event, registration))


async def _add(
    request: AnyRequest,
    world: World,
    actor: Actor,
    registration: RegistrationRecord,
    event: EventRecord,
    home: str,
) -> Response[Any]:
    form = await read_form(request)
    wanted = Companion(str(form.values.get("given_name", "")), str(form.values.get("family_name", "")))
    try:
        await companions.add(world, actor, registration.id, wanted)
    except InvalidInput as refused:
        form.absorb(refused)
        return _page(request, event, home, form, status_code=422)
    except (NoPlaceLeft, RegistrationClosed) as refused:
        form.error("given_name", refused.detail)
        return _page(request, event, home, form, status_code=409)
    return go_to(request, home, "saved")


def _desk(event: EventRecord, registration: RegistrationRecord) -> str:
    return f"/org/events/{event.slug}/registrations/{registration.id}"


async def _member(registration: RegistrationRecord, companion_id: UUID) -> RegistrationRecord:
    """Raises `NotFound`: only whoever leads the group names the others."""
    group = await group_of(registration.group_id) if registration.leads else [registration]
    found = [member for member in group if member.id == companion_id and member.erased_at is None]
    if not found:
        raise NotFound
    return found[0]


def _page(
    request: AnyRequest,
    event: EventRecord,
    home: str,
    form: Form,
    member: RegistrationRecord | None = None,
    status_code: int = 200,
) -> Response[Any]:
    return page(
        request,
        "registration/companion.html",
        status_code=status_code,
        headers=PRIVATE,
        event=event,
        home=home,
        form=form,
        member=member,
        layout="public.html" if home.startswith("/me/") else "organiser.html",
    )


ROUTES = [new_form, new_post, name_form, name_post, desk_form, desk_post]
