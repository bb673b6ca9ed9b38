"""A new event in four screens: format, what-when-where, programme and places, look and publication.

The draft is saved from the second screen on, so one can stop and come back.
"""

from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import UNSET

from events_app.features.events import pictures, service, sessions
from events_app.features.events.access import may_create_in
from events_app.features.events.content import EventChanges, NewEvent, SessionChanges
from events_app.features.events.formats import FORMATS, EventTemplate
from events_app.features.events.model import EventRecord, EventStatus, SessionRecord
from events_app.features.events.pages.fields import (
    VISIBILITY_NAMES,
    event_values,
    places,
    session_values,
    venue,
)
from events_app.features.events.queries import bodies_of, free_slug, sessions_of
from events_app.features.territory.communes import communes
from events_app.infra.database import unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.civil_time import DEFAULT_ZONE
from events_app.kernel.errors import InvalidInput, NotFound
from events_app.kernel.text import slugify
from events_app.outputs.pictures import MOST_BYTES
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.pages import go_to, page

AnyRequest = Request[Any, Any, Any]
UPLOAD_BYTES = MOST_BYTES + 100_000  # the picture and the fields around it


@get("/org/events/new", guards=[requires(*ORGANISING)])
async def choose_format(request: AnyRequest) -> Response[str]:
    return page(request, "events/new_format.html", formats=list(FORMATS.values()))


@get("/org/events/new/{format_code:str}", guards=[requires(*ORGANISING)])
async def basics_form(
    request: AnyRequest, format_code: FromPath[str], actor: NamedDependency[Actor]
) -> Response[str]:
    template = _template(format_code)
    form = Form(initial={"title": template.title, "summary": template.summary})
    return await _basics(request, actor, template, form)


@post("/org/events/new/{format_code:str}", guards=[requires(*ORGANISING)], status_code=200)
async def basics_post(
    request: AnyRequest,
    format_code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    template = _template(format_code)
    form = await read_form(request)
    title = form.line("title", required=True)
    summary = form.block("summary", most=1_000)
    starts_at = form.instant("starts_at", DEFAULT_ZONE, required=True)
    ends_at = form.instant("ends_at", DEFAULT_ZONE)
    place = venue(form)
    if not form.errors and starts_at is not None:
        new = NewEvent(
            slug=await free_slug(slugify(f"{title} {place.commune}")),
            title=title,
            summary=summary,
            description=template.description,
            format=template.code,
            starts_at=starts_at,
            ends_at=ends_at or starts_at + timedelta(minutes=template.duration_minutes),
            venue=place,
            body=form.line("body") or UNSET,
            capacity=template.capacity,
            registration_required=template.registration_required,
            approval=template.approval,
            max_companions=template.max_companions,
            preferences_count=template.preferences_count,
            visibility=template.visibility,
            profiles=list(template.profiles),
            questions=list(template.questions),
            consents=list(template.consents),
        )
        try:
            event = await service.create_event(world, actor, new, template.sessions)
        except InvalidInput as refused:
            form.absorb(refused)
        else:
            return go_to(request, f"/org/events/{event.slug}/new/programme")
    return await _basics(request, actor, template, form)


async def _basics(request: AnyRequest, actor: Actor, template: EventTemplate, form: Form) -> Response[str]:
    own = await bodies_of([body for body in actor.roles if may_create_in(actor, body)])
    return page(
        request,
        "events/new_basics.html",
        template=template,
        form=form,
        bodies=own,
        communes=communes(),
        status_code=422 if form.errors else 200,
    )


@get("/org/events/{slug:str}/new/programme", guards=[requires(*ORGANISING)])
async def places_form(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[str]:
    event = await _draft(actor, slug)
    programme = await sessions_of(event.id)
    values = event_values(event)
    for session in programme:
        values |= session_values(session, event.timezone, f"sessions.{session.code}.")
    return await _places(request, event, programme, Form(initial=values))


@post("/org/events/{slug:str}/new/programme", guards=[requires(*ORGANISING)], status_code=200)
async def places_post(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await _draft(actor, slug)
    programme = await sessions_of(event.id)
    form = await read_form(request)
    event_changes = EventChanges(**places(form))
    changes = {session.code: _row_changes(form, session) for session in programme}
    if not form.errors:
        try:
            await sessions.save_programme(world, actor, slug, event_changes, changes)
        except InvalidInput as refused:
            form.absorb(refused)
        else:
            return go_to(request, f"/org/events/{slug}/new/look")
    return await _places(request, event, programme, form)


def _row_changes(form: Form, session: SessionRecord) -> SessionChanges:
    prefix = f"sessions.{session.code}."
    changes: dict[str, Any] = {"title": form.line(prefix + "title", required=True)}
    changes["room"] = form.line(prefix + "room", most=120)
    if session.is_workshop:
        changes["coach"] = form.line(prefix + "coach")
        changes["capacity_max"] = form.integer(prefix + "capacity_max", low=1)
    return SessionChanges(**changes)


async def _places(
    request: AnyRequest, event: EventRecord, programme: list[SessionRecord], form: Form
) -> Response[str]:
    return page(
        request,
        "events/new_programme.html",
        event=event,
        sessions=programme,
        several_days=event.several_days,
        form=form,
        status_code=422 if form.errors else 200,
    )


@get("/org/events/{slug:str}/new/look", guards=[requires(*ORGANISING)])
async def look_form(request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]) -> Response[str]:
    event = await _draft(actor, slug)
    return _look(request, event, Form(initial=event_values(event)))


@post(
    "/org/events/{slug:str}/new/look",
    guards=[requires(*ORGANISING)],
    status_code=200,
    request_max_body_size=UPLOAD_BYTES,
)
async def look_post(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    """Saves; the buttons say whether it is published as well."""
    event = await _draft(actor, slug)
    form = await read_form(request)
    changes = EventChanges(
        description=form.block("description", most=20_000),
        visibility=form.line("visibility"),
        image_alt=form.line("image_alt", most=300),
        slug=await _slug_for(world, event, form.line("visibility")),
    )
    if not form.errors:
        try:
            upload = form.file("image")
            picture = await pictures.prepared_picture(await upload.read()) if upload else None
            publishes = form.deed("do", ("keep", "publish"), absent="keep") == "publish"
            async with unit_of_work():
                changed = await service.edit_event(world, actor, slug, changes)
                if picture is not None:
                    await pictures.store_picture(world, actor, changed.slug, picture)
                if publishes:
                    await service.publish_event(world, actor, changed.slug)
            return go_to(request, f"/org/events/{changed.slug}", "published" if publishes else "saved")
        except InvalidInput as refused:
            form.absorb(refused)
    return _look(request, event, form)


async def _slug_for(world: World, event: EventRecord, visibility: str) -> Any:
    """An event by link gets an address that nobody guesses, once, while nobody has it yet."""
    if visibility != "link" or event.visibility.value == "link":
        return UNSET
    secret = world.new_id().hex[-20:]  # 80 random bits of the identifier
    return f"{event.slug[:58].rstrip('-')}-{secret}"


def _look(request: AnyRequest, event: EventRecord, form: Form) -> Response[str]:
    return page(
        request,
        "events/new_look.html",
        event=event,
        form=form,
        visibilities=VISIBILITY_NAMES,
        status_code=422 if form.errors else 200,
    )


def _template(code: str) -> EventTemplate:
    if code not in FORMATS:
        raise NotFound
    return FORMATS[code]


async def _draft(actor: Actor, slug: str) -> EventRecord:
    event = await service.editable_event(actor, slug)
    if event.status is not EventStatus.DRAFT:
        raise NotFound  # the guide is over once the event is online
    return event


ROUTES = [choose_format, basics_form, basics_post, places_form, places_post, look_form, look_post]
