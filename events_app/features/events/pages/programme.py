"""The programme: its sessions in a table, each on a page of its own."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events import hooks, sessions
from events_app.features.events.consequences import Consequence, Unconfirmed, sentence, token_of
from events_app.features.events.content import NewSession
from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.events.overlaps import warnings_of
from events_app.features.events.pages.fields import (
    CHANGED_MEANWHILE,
    saving,
    session_details,
    session_values,
)
from events_app.features.events.programme_lines import free_code
from events_app.features.events.queries import coaches_of, sessions_of
from events_app.features.events.service import editable_event
from events_app.features.events.wording import CHOICES, KIND_NAMES
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput, RevisionMismatch
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]
GUARDS = [requires(*ORGANISING)]


@get("/org/events/{slug:str}/programme", guards=GUARDS)
async def programme_page(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[str]:
    event = await editable_event(actor, slug)
    programme, words = await sessions_of(event.id), translator(language_of(request))
    warnings = [warning.detail for warning in warnings_of(programme, words)]
    warnings += await hooks.programme_warnings(event, words)
    return page(
        request,
        "events/programme.html",
        event=event,
        sessions=programme,
        warnings=warnings,
        kinds=KIND_NAMES,
        several_days=event.several_days,
        tabs_of_event=event_tabs(event, language_of(request)),
    )


@get("/org/events/{slug:str}/programme/new", guards=GUARDS)
async def new_form(request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]) -> Response[str]:
    """Begins where the programme ends so far, in the slot of the last workshop."""
    event = await editable_event(actor, slug)
    programme = await sessions_of(event.id)
    values: dict[str, Any] = {"kind": "workshop"}
    if programme:
        last = session_values(programme[-1], event.timezone)
        values |= {name: last[name] for name in ("kind", "choice", "slot", "starts_at", "ends_at")}
    return await _session_page(request, event, None, Form(initial=values))


@post("/org/events/{slug:str}/programme/new", guards=GUARDS, status_code=200)
async def new_post(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await editable_event(actor, slug)
    form = await read_form(request)
    changes = session_details(form, event.timezone)
    if not form.errors:
        taken = [session.code for session in await sessions_of(event.id)]
        given = {name: getattr(changes, name) for name in changes.__struct_fields__}
        new = NewSession(**given | {"code": free_code(str(changes.title), taken), "position": len(taken)})
        try:
            await sessions.add_session(world, actor, slug, new)
            return go_to(request, f"/org/events/{slug}/programme", "saved")
        except InvalidInput as refused:
            form.absorb(refused)
    return await _session_page(request, event, None, form)


@get("/org/events/{slug:str}/programme/{code:str}", guards=GUARDS)
async def session_form(
    request: AnyRequest, slug: FromPath[str], code: FromPath[str], actor: NamedDependency[Actor]
) -> Response[str]:
    await editable_event(actor, slug)
    event, session = await sessions.one_session(actor, slug, code)
    form = Form(initial=session_values(session, event.timezone))
    return await _session_page(request, event, session, form)


@post("/org/events/{slug:str}/programme/{code:str}", guards=GUARDS, status_code=200)
async def session_post(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    await editable_event(actor, slug)
    event, session = await sessions.one_session(actor, slug, code)
    form = await read_form(request)
    changes = session_details(form, event.timezone)
    read = form.integer("revision")
    if not form.errors:
        try:
            await sessions.edit_session(world, actor, slug, code, changes, read, saving(form))
            return go_to(request, f"/org/events/{slug}/programme", "saved")
        except InvalidInput as refused:
            form.absorb(refused)
        except Unconfirmed as asked:
            return await _session_page(request, event, session, form, asked.consequences)
        except RevisionMismatch:
            form.values["revision"] = str(session.revision)
            form.error(
                "title",
                CHANGED_MEANWHILE,
            )
    return await _session_page(request, event, session, form)


@post("/org/events/{slug:str}/programme/{code:str}/move", guards=GUARDS, status_code=200)
async def move_post(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    form = await read_form(request)
    await sessions.swap_sessions(world, actor, slug, code, down=form.deed("to", ("up", "down")) == "down")
    return go_to(request, f"/org/events/{slug}/programme")


@get("/org/events/{slug:str}/programme/{code:str}/delete", guards=GUARDS)
async def delete_form(
    request: AnyRequest, slug: FromPath[str], code: FromPath[str], actor: NamedDependency[Actor]
) -> Response[str]:
    await editable_event(actor, slug)
    event, session = await sessions.one_session(actor, slug, code)
    use = await hooks.use_of_session(session.id)
    return page(request, "events/session_delete.html", event=event, session=session, use=use)


@post("/org/events/{slug:str}/programme/{code:str}/delete", guards=GUARDS, status_code=200)
async def delete_post(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    await sessions.delete_session(world, actor, slug, code)
    return go_to(request, f"/org/events/{slug}/programme", "deleted")


async def _session_page(
    request: AnyRequest,
    event: EventRecord,
    session: SessionRecord | None,
    form: Form,
    asked: Sequence[Consequence] = (),
) -> Response[str]:
    """`asked`: what has to be confirmed before it is saved."""
    words = form.words
    return page(
        request,
        "events/session.html",
        event=event,
        session=session,
        form=form,
        kinds=[(kind.value, words.gettext(name)) for kind, name in KIND_NAMES.items()],
        choices=[(choice, words.gettext(name)) for choice, name in CHOICES.items()],
        coaches=[(str(account), name) for account, name in await coaches_of(event.body_id)],
        told=await hooks.told_of_session(event, session) if session else 0,
        asked=[sentence(each, words) for each in asked],
        token=token_of(asked),
        picture_lost=False,
        tabs_of_event=event_tabs(event, language_of(request)),
        status_code=422 if form.errors else 409 if asked else 200,
    )


ROUTES = [
    programme_page,
    new_form,
    new_post,
    session_form,
    session_post,
    move_post,
    delete_form,
    delete_post,
]
