"""Yes, no and tags on one person's page; with `next`, whoever decides goes on to the next request."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events.model import EventRecord
from events_app.features.registration import approval, bulk, notes
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.pages.people import PERSON, ask, home_of, person_of, show
from events_app.features.registration.queries import next_pending
from events_app.features.registration.rules import NoPlaceLeft, NotPossibleNow
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput, NotFound
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.pages import go_to

AnyRequest = Request[Any, Any, Any]


@post(PERSON + "/approve", status_code=200, guards=[requires(*ORGANISING)])
async def approve(
    request: AnyRequest,
    slug: FromPath[str],
    registration_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    registration, event = await person_of(actor, slug, registration_id)
    form = await read_form(request)
    try:
        await approval.approve(world, actor, registration_id)
    except (NoPlaceLeft, NotPossibleNow) as refused:
        return await show(request, world, actor, registration, event, refusal=refused.detail)
    return await _go_on(request, event, registration, form)


@get(PERSON + "/refuse", guards=[requires(*ORGANISING)])
async def refuse_form(
    request: AnyRequest, slug: FromPath[str], registration_id: FromPath[UUID], actor: NamedDependency[Actor]
) -> Response[Any]:
    registration, event = await person_of(actor, slug, registration_id)
    return await ask(request, event, registration, "refuse", Form(initial={}))


@post(PERSON + "/refuse", status_code=200, guards=[requires(*ORGANISING)])
async def refuse(
    request: AnyRequest,
    slug: FromPath[str],
    registration_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    registration, event = await person_of(actor, slug, registration_id)
    form = await read_form(request)
    try:
        reason = str(form.values.get("reason", ""))
        await approval.refuse(world, actor, registration_id, reason=reason)
    except InvalidInput as wrong:
        form.absorb(wrong)
        return await ask(request, event, registration, "refuse", form, 422)
    except NotPossibleNow as refused:
        return await show(request, world, actor, registration, event, refusal=refused.detail)
    return await _go_on(request, event, registration, form)


@post([PERSON + "/tag", PERSON + "/untag"], status_code=200, guards=[requires(*ORGANISING)])
async def tag(
    request: AnyRequest,
    slug: FromPath[str],
    registration_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    registration, event = await person_of(actor, slug, registration_id)
    form = await read_form(request)
    on = request.url.path.endswith("/tag")
    try:
        await bulk.put_tag(world, actor, event, [registration_id], str(form.values.get("tag", "")), on=on)
    except InvalidInput as wrong:
        form.absorb(wrong)
        said = form.errors.get("tag", "")
        return await show(request, world, actor, registration, event, refusal=said, status_code=422)
    return go_to(request, home_of(event, registration), "saved")


@post(PERSON + "/note", status_code=200, guards=[requires(*ORGANISING)])
async def note(
    request: AnyRequest,
    slug: FromPath[str],
    registration_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """Written, or with `delete` its id, deleted."""
    registration, event = await person_of(actor, slug, registration_id)
    form = await read_form(request)
    try:
        if gone := str(form.values.get("delete", "")):
            await notes.delete_note(world, actor, registration_id, _id(gone))
        else:
            await notes.add_note(world, actor, registration_id, str(form.values.get("text", "")))
    except InvalidInput as wrong:
        form.absorb(wrong)
        said = form.errors.get("text", "")
        return await show(request, world, actor, registration, event, refusal=said, status_code=422)
    return go_to(request, home_of(event, registration), "saved")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


async def _go_on(
    request: AnyRequest, event: EventRecord, registration: RegistrationRecord, form: Form
) -> Response[Any]:
    if not form.flag("next") or registration.status is not RegistrationStatus.PENDING:
        return go_to(request, home_of(event, registration), "saved")
    following = await next_pending(registration)
    requests = f"/org/events/{event.slug}/registrations"
    return go_to(request, f"{requests}/{following}" if following else f"{requests}?status=pending", "saved")


ROUTES = [approve, refuse_form, refuse, tag, note]
