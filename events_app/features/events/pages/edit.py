"""An event's details, its picture, and what one does with the whole of it."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events import pictures, service
from events_app.features.events.consequences import Consequence, Unconfirmed, sentence, token_of
from events_app.features.events.content import EventChanges
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.pages.fields import (
    CHANGED_MEANWHILE,
    LANGUAGE_NAMES,
    VISIBILITY_NAMES,
    ZONES,
    details,
    event_values,
    saving,
)
from events_app.features.events.pages.new import UPLOAD_BYTES
from events_app.features.events.queries import active_registrations, free_slug
from events_app.features.territory.communes import communes
from events_app.infra.database import unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput, RevisionMismatch
from events_app.kernel.text import slugify
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]
GUARDS = [requires(*ORGANISING)]


@get("/org/events/{slug:str}/edit", guards=GUARDS)
async def edit_form(request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]) -> Response[str]:
    event = await service.editable_event(actor, slug)
    return await _edit(request, event, Form(initial=event_values(event)))


@post("/org/events/{slug:str}/edit", guards=GUARDS, status_code=200, request_max_body_size=UPLOAD_BYTES)
async def edit_post(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await service.editable_event(actor, slug)
    form = await read_form(request)
    changes = details(form, event.timezone)
    alt = EventChanges(image_alt=form.line("image_alt", most=300))
    read = form.integer("revision")
    if not form.errors:
        try:
            upload = form.file("image")
            picture = await pictures.prepared_picture(await upload.read()) if upload else None
            async with unit_of_work():
                changed = await service.edit_event(world, actor, slug, changes, read, saving(form))
                changed = await service.edit_event(world, actor, changed.slug, alt)
                if form.flag("image_remove"):
                    changed = await service.set_image(world, actor, changed.slug, None)
                elif picture is not None:
                    changed = await pictures.store_picture(world, actor, changed.slug, picture)
            return go_to(request, f"/org/events/{changed.slug}", "saved")
        except InvalidInput as refused:
            form.absorb(refused)
        except Unconfirmed as asked:
            return await _edit(request, event, form, asked.consequences)
        except RevisionMismatch:
            form.values["revision"] = str(event.revision)
            form.error(
                "title",
                CHANGED_MEANWHILE,
            )
    return await _edit(request, event, form)


async def _edit(
    request: AnyRequest, event: EventRecord, form: Form, asked: Sequence[Consequence] = ()
) -> Response[str]:
    """`asked`: what has to be confirmed before it is saved."""
    told = await active_registrations(event.id) if event.status is EventStatus.PUBLISHED else 0
    return page(
        request,
        "events/edit.html",
        event=event,
        form=form,
        told=told,
        communes=communes(),
        zones=[(zone, zone) for zone in dict.fromkeys((event.timezone, *ZONES))],
        visibilities=VISIBILITY_NAMES,
        other_languages=[(code, name) for code, name in LANGUAGE_NAMES.items() if code != event.language],
        tabs_of_event=event_tabs(event, language_of(request)),
        asked=[sentence(each, form.words) for each in asked],
        token=token_of(asked),
        picture_lost=form.file("image") is not None,
        status_code=422 if form.errors else 409 if asked else 200,
    )


@post("/org/events/{slug:str}/publish", guards=GUARDS, status_code=200)
async def publish(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    await service.publish_event(world, actor, slug)
    return go_to(request, f"/org/events/{slug}", "published")


@get("/org/events/{slug:str}/clone", guards=GUARDS)
async def clone_form(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[str]:
    event = await service.editable_event(actor, slug)
    return page(request, "events/clone.html", event=event, form=Form(initial={}))


@post("/org/events/{slug:str}/clone", guards=GUARDS, status_code=200)
async def clone_post(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await service.editable_event(actor, slug)
    form = await read_form(request)
    starts_at = form.instant("starts_at", event.timezone, required=True)
    if not form.errors and starts_at is not None:
        try:
            new_slug = await free_slug(slugify(f"{event.title} {event.venue_commune}"))
            clone = await service.clone_event(world, actor, slug, new_slug, starts_at)
            return go_to(request, f"/org/events/{clone.slug}/new/programme")
        except InvalidInput as refused:
            form.absorb(refused)
    return page(request, "events/clone.html", status_code=422, event=event, form=form)


@get(["/org/events/{slug:str}/cancel", "/org/events/{slug:str}/postpone"], guards=GUARDS)
async def call_off_form(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[str]:
    event = await service.editable_event(actor, slug)
    return await _call_off(request, event, Form(initial={}))


@post(["/org/events/{slug:str}/cancel", "/org/events/{slug:str}/postpone"], guards=GUARDS, status_code=200)
async def call_off_post(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await service.editable_event(actor, slug)
    form = await read_form(request)
    reason = form.block("reason", required=True, most=1_000)
    if not form.errors:
        if request.url.path.endswith("/cancel"):
            await service.cancel_event(world, actor, slug, reason)
        else:
            await service.postpone_event(world, actor, slug, reason)
        return go_to(request, f"/org/events/{slug}", "saved")
    return await _call_off(request, event, form)


async def _call_off(request: AnyRequest, event: EventRecord, form: Form) -> Response[str]:
    return page(
        request,
        "events/call_off.html",
        event=event,
        form=form,
        told=await active_registrations(event.id),
        cancelling=request.url.path.endswith("/cancel"),
        status_code=422 if form.errors else 200,
    )


@get("/org/events/{slug:str}/delete", guards=GUARDS)
async def delete_form(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[str]:
    return page(request, "events/delete.html", event=await service.editable_event(actor, slug))


@post("/org/events/{slug:str}/delete", guards=GUARDS, status_code=200)
async def delete_post(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    await service.delete_draft(world, actor, slug)
    return go_to(request, "/org", "deleted")


ROUTES = [
    edit_form,
    edit_post,
    publish,
    clone_form,
    clone_post,
    call_off_form,
    call_off_post,
    delete_form,
    delete_post,
]
