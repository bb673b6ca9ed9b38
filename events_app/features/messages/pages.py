"""Messages in the organiser's pages: write, look at it as its reader, try, send, follow, stop."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events.model import EventRecord
from events_app.features.events.queries import sessions_of
from events_app.features.events.service import editable_event
from events_app.features.mailing.pages.outbox import MAIL_POLICY
from events_app.features.mailing.wording import STATUSES
from events_app.features.messages import audience as people
from events_app.features.messages import queries, service, views
from events_app.features.messages.errors import NobodyMeant, OtherNumber
from events_app.features.messages.model import Audience, MessageDraft, MessageKind, MessageRecord, several
from events_app.features.messages.placeholders import NAMES
from events_app.features.messages.wording import KINDS, PLACEHOLDERS, PRESENCE, STATES, audience_in_words
from events_app.features.registration.model import RegistrationStatus
from events_app.features.registration.tags import known_tags
from events_app.features.registration.wording import PROFILE_NAMES
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.civil_time import to_wall
from events_app.kernel.errors import InvalidInput, NotFound
from events_app.web.entrance import PAGE_POLICY
from events_app.web.forms import NOT_OFFERED, Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page
from events_app.web.problems import reasons_of

AnyRequest = Request[Any, Any, Any]
_GUARDS = [requires(*ORGANISING)]
_SHOWN_MOST = 200  # fates on one page; the API gives all


@get("/org/events/{slug:str}/messages", guards=_GUARDS)
async def messages_page(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await editable_event(actor, slug)
    found = [(each, await views.summary(event, each)) for each in await queries.messages_of(event.id)]
    return _page(request, "messages/list.html", event, messages=found, states=STATES)


@get("/org/events/{slug:str}/messages/new", guards=_GUARDS)
async def new_message(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Any]:
    """The list of people may hand over its own filter (`?status=confirmed&session=...`)."""
    event = await editable_event(actor, slug)
    words = translator(event.language)
    given = {name: request.query_params.get(name, "") for name in ("session", "commune", "profile")}
    called = NAMES["given_name"][1 if event.language == "fr" else 0]
    text = words.gettext("Hello %(name)s,") % {"name": f"{{{called}}}"} + "\n\n"
    status = request.query_params.get("status", "") or "confirmed"
    form = Form(initial={"text": text, "status": [status], "kind": "information", **given})
    form.values |= {name: request.query_params.get(name, "") for name in ("consent", "tag")}
    return await _form_page(request, event, form, None)


@post("/org/events/{slug:str}/messages/new", status_code=200, guards=_GUARDS)
async def write_new(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await editable_event(actor, slug)
    form = await read_form(request)
    draft = _draft(form, event)
    if not form.errors:
        try:
            message = await service.write(world, actor, event, draft)
            return go_to(request, f"/org/events/{slug}/messages/{message.id}", "saved")
        except InvalidInput as refused:
            _absorb(form, refused)
    return await _form_page(request, event, form, None, 422)


@get("/org/events/{slug:str}/messages/{message_id:uuid}", guards=_GUARDS)
async def one_message(
    request: AnyRequest, slug: FromPath[str], message_id: FromPath[UUID], actor: NamedDependency[Actor]
) -> Response[Any]:
    message, event = await _message(actor, slug, message_id)
    return await _message_page(request, message, event)


@get("/org/events/{slug:str}/messages/{message_id:uuid}/preview", guards=_GUARDS)
async def preview(
    slug: FromPath[str],
    message_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    message, event = await _message(actor, slug, message_id)
    shown = await views.preview(world, event, message)
    html = shown.html.replace("<head>", '<head><base target="_blank">', 1)
    headers = {"content-security-policy": MAIL_POLICY, "cache-control": "private, no-store"}
    return Response(html.encode(), media_type="text/html", headers=headers)


@get("/org/events/{slug:str}/messages/{message_id:uuid}/edit", guards=_GUARDS)
async def edit_page(
    request: AnyRequest, slug: FromPath[str], message_id: FromPath[UUID], actor: NamedDependency[Actor]
) -> Response[Any]:
    message, event = await _message(actor, slug, message_id)
    return await _form_page(request, event, Form(initial=_values(message, event)), message)


@post("/org/events/{slug:str}/messages/{message_id:uuid}/edit", status_code=200, guards=_GUARDS)
async def edit(
    request: AnyRequest,
    slug: FromPath[str],
    message_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    message, event = await _message(actor, slug, message_id)
    form = await read_form(request)
    draft = _draft(form, event)
    if not form.errors:
        try:
            await service.change(world, actor, message_id, draft)
            return go_to(request, f"/org/events/{slug}/messages/{message_id}", "saved")
        except InvalidInput as refused:
            _absorb(form, refused)
    return await _form_page(request, event, form, message, 422)


@post("/org/events/{slug:str}/messages/{message_id:uuid}/do", status_code=200, guards=_GUARDS)
async def act(
    request: AnyRequest,
    slug: FromPath[str],
    message_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """The buttons of a message: `deed` is send, stop, test or delete."""
    message, event = await _message(actor, slug, message_id)
    form = await read_form(request)
    here = f"/org/events/{slug}/messages/{message_id}"
    deed = form.deed("deed", ("send", "stop", "test", "delete"))
    if deed == "delete":
        await service.delete(world, actor, message_id)
        return go_to(request, f"/org/events/{slug}/messages", "deleted")
    if deed == "stop":
        await service.stop(world, actor, message_id)
        return go_to(request, here, "saved")
    try:
        if deed == "test":
            await service.send_test(world, actor, message_id, form.line("to"))
        else:
            await service.send(world, actor, message_id, form.integer("recipients"))
        return go_to(request, here, "sent")
    except InvalidInput as refused:
        form.absorb(refused)
        return await _message_page(request, message, event, form, 422)
    except (NobodyMeant, OtherNumber) as refused:
        reasons = reasons_of(refused, language_of(request))
        return await _message_page(request, message, event, form, 409, " ".join(reasons))


async def _message(actor: Actor, slug: str, message_id: UUID) -> tuple[MessageRecord, EventRecord]:
    event = await editable_event(actor, slug)
    message, its_event = await service.readable_message(actor, message_id)
    if its_event.id != event.id:
        raise NotFound
    return message, event


def _draft(form: Form, event: EventRecord) -> MessageDraft:
    form.values["status"] = form.all("status")
    audience = {
        name: form.line(name, most=200) for name in ("session", "commune", "profile", "consent", "tag")
    }
    presence = form.choice("presence", ("present", "absent"))
    unknown = set(form.values["status"]) - set(RegistrationStatus)
    if unknown:
        form.error("status", NOT_OFFERED)
    later = form.flag("later")
    send_at = form.instant("send_at", event.timezone, required=True) if later else None
    statuses = [RegistrationStatus(each) for each in form.values["status"] if each not in unknown]
    return MessageDraft(
        subject=form.line("subject", required=True),
        text=form.block("text", required=True),
        audience=msgspec.convert({"status": statuses, **audience, "presence": presence or None}, Audience),
        kind=MessageKind(form.deed("kind", tuple(MessageKind), absent="information")),
        send_at=send_at,
    )


def _absorb(form: Form, refused: InvalidInput) -> None:
    """Fields of the audience stand in the form by themselves."""
    form.absorb(
        InvalidInput(
            [
                msgspec.structs.replace(each, pointer=each.pointer.replace("/audience/", "/"))
                for each in refused.errors
            ]
        )
    )


def _values(message: MessageRecord, event: EventRecord) -> dict[str, Any]:
    audience = message.audience
    first = {
        name: next(iter(several(getattr(audience, name))), "") for name in ("session", "commune", "profile")
    }
    at = message.send_at
    return {
        "subject": message.subject,
        "text": message.text,
        "kind": message.kind.value,
        "status": [str(each) for each in several(audience.status)],
        "presence": audience.presence or "",
        "consent": audience.consent,
        "tag": audience.tag,
        "later": "yes" if at else "",
        "send_at": to_wall(at, event.timezone).strftime("%Y-%m-%dT%H:%M") if at else "",
        **first,
    }


async def _form_page(
    request: AnyRequest,
    event: EventRecord,
    form: Form,
    message: MessageRecord | None,
    status_code: int = 200,
) -> Response[Any]:
    return _page(
        request,
        "messages/form.html",
        event,
        status_code=status_code,
        form=form,
        message=message,
        sessions=await sessions_of(event.id),
        communes=await people.communes_of(event.id),
        tags=await known_tags(event.id),
        statuses=list(RegistrationStatus),
        kinds=KINDS,
        presence=PRESENCE,
        profile_names=PROFILE_NAMES,
        placeholders=[(NAMES[name], said) for name, said in PLACEHOLDERS.items()],
    )


async def _message_page(
    request: AnyRequest,
    message: MessageRecord,
    event: EventRecord,
    form: Form | None = None,
    status_code: int = 200,
    trouble: str = "",
) -> Response[Any]:
    words = translator(language_of(request))
    readers = await people.readers(event, message.audience) if message.may_change else []
    fates = await queries.fates(message)
    return _page(
        request,
        "messages/one.html",
        event,
        status_code=status_code,
        headers={"content-security-policy": f"{PAGE_POLICY}; frame-src 'self'"},
        message=message,
        summary=await views.summary(event, message),
        readers=readers,
        fates=fates[:_SHOWN_MOST],
        more=max(0, len(fates) - _SHOWN_MOST),
        meant=audience_in_words(message.audience, event, await sessions_of(event.id), words),
        states=STATES,
        statuses=STATUSES,
        form=form or Form(initial={}),
        trouble=trouble,
    )


def _page(request: AnyRequest, template: str, event: EventRecord, **context: Any) -> Response[Any]:
    tabs = event_tabs(event, language_of(request))
    here = f"/org/events/{event.slug}/messages"
    return page(request, template, event=event, tabs_of_event=tabs, here=here, **context)


ROUTES = [messages_page, new_message, write_new, one_message, preview, edit_page, edit, act]
