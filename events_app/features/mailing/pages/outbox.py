"""The outbox: what was written to whom, whether it arrived, each mail as its reader sees it."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events_app.features.events.model import EventRecord
from events_app.features.events.queries import event_by_id
from events_app.features.events.service import editable_event
from events_app.features.mailing.access import bodies_to_read
from events_app.features.mailing.model import OutboxFilter
from events_app.features.mailing.queries import LINES_A_PAGE, outbox, outbox_counts
from events_app.features.mailing.reading import read_mail
from events_app.features.mailing.service import readable_mail, send_again, send_all_again
from events_app.features.mailing.wording import STATUSES, kinds
from events_app.infra.outbox import MailStatus
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.civil_time import DEFAULT_ZONE
from events_app.kernel.errors import NotFound
from events_app.kernel.text import clean_line
from events_app.web.entrance import PAGE_POLICY
from events_app.web.guards import ORGANISING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]

# A mail is shown in a frame that runs no script, reaches nothing and is another origin than we are. Its links
# open pages of their own.
MAIL_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)


@get("/org/outbox", guards=[requires(*ORGANISING)])
async def whole_outbox(
    request: AnyRequest,
    actor: NamedDependency[Actor],
    world: NamedDependency[World],
    q: FromQuery[str] = "",
    status: FromQuery[str] = "",
    before: FromQuery[str] = "",
) -> Response[Any]:
    wanted = _filter(q, status, before, bodies=bodies_to_read(actor), event_id=actor.only_event)
    return await _outbox(request, world, wanted, None)


@get("/org/events/{slug:str}/mail", guards=[requires(*ORGANISING)])
async def event_outbox(
    request: AnyRequest,
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    world: NamedDependency[World],
    q: FromQuery[str] = "",
    status: FromQuery[str] = "",
    before: FromQuery[str] = "",
) -> Response[Any]:
    event = await editable_event(actor, slug)
    return await _outbox(request, world, _filter(q, status, before, event_id=event.id), event)


def _filter(q: str, status: str, before: str, **where: Any) -> OutboxFilter:
    """What does not read as a filter is none: an address typed by hand still shows a page."""
    try:
        cursor = UUID(before) if before else None
    except ValueError:
        cursor = None
    known = MailStatus(status) if status in set(MailStatus) else None
    return OutboxFilter(status=known, q=clean_line(q)[:200], before=cursor, **where)


async def _outbox(
    request: AnyRequest, world: World, wanted: OutboxFilter, event: EventRecord | None
) -> Response[Any]:
    lines = await outbox(wanted)
    counts = await outbox_counts(wanted)
    return page(
        request,
        "mailing/outbox.html",
        event=event,
        tabs_of_event=event_tabs(event, language_of(request)) if event else [],
        lines=lines[:LINES_A_PAGE],
        next_cursor=lines[LINES_A_PAGE - 1].id if len(lines) > LINES_A_PAGE else None,
        wanted=wanted,
        counts=counts,
        total=counts.get(wanted.status, 0) if wanted.status else sum(counts.values()),
        statuses=STATUSES,
        kinds=kinds(),
        zone=event.timezone if event else DEFAULT_ZONE,
        is_sending=world.settings.smtp_url is not None,
    )


@get("/org/outbox/{mail_id:uuid}", guards=[requires(*ORGANISING)])
async def one_mail(
    request: AnyRequest, mail_id: FromPath[UUID], actor: NamedDependency[Actor]
) -> Response[Any]:
    mail = await readable_mail(actor, mail_id)
    event = await event_by_id(mail.event_id) if mail.event_id else None
    return page(
        request,
        "mailing/mail.html",
        headers={"content-security-policy": f"{PAGE_POLICY}; frame-src 'self'"},
        event=event,
        mail=mail,
        read=read_mail(mail.content) if mail.content else None,
        statuses=STATUSES,
        kinds=kinds(),
        zone=event.timezone if event else DEFAULT_ZONE,
    )


@get("/org/outbox/{mail_id:uuid}/html", guards=[requires(*ORGANISING)])
async def as_html(mail_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[bytes]:
    mail = await readable_mail(actor, mail_id)
    if not mail.content:
        raise NotFound
    headers = {"content-security-policy": MAIL_POLICY, "cache-control": "private, no-store"}
    return Response(read_mail(mail.content).html.encode(), media_type="text/html", headers=headers)


@get("/org/outbox/{mail_id:uuid}/files/{number:int}", guards=[requires(*ORGANISING)])
async def attached_file(
    mail_id: FromPath[UUID], number: FromPath[int], actor: NamedDependency[Actor]
) -> Response[bytes]:
    mail = await readable_mail(actor, mail_id)
    files = read_mail(mail.content).files if mail.content else []
    if not 0 <= number < len(files):
        raise NotFound
    file = files[number]
    safe_name = "".join(letter for letter in file.filename if letter.isalnum() or letter in "-_.")
    headers = {
        "content-disposition": f'attachment; filename="{safe_name.encode("ascii", "ignore").decode()}"',
        "cache-control": "private, no-store",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


@post("/org/outbox/again", guards=[requires(*ORGANISING)])
async def all_again(
    request: AnyRequest, world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    wanted = OutboxFilter(bodies=bodies_to_read(actor), event_id=actor.only_event)
    await send_all_again(world, actor, wanted)
    return go_to(request, "/org/outbox", "queued")


@post("/org/events/{slug:str}/mail/again", guards=[requires(*ORGANISING)])
async def event_again(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await editable_event(actor, slug)
    await send_all_again(world, actor, OutboxFilter(event_id=event.id))
    return go_to(request, f"/org/events/{slug}/mail", "queued")


@post("/org/outbox/{mail_id:uuid}/again", guards=[requires(*ORGANISING)])
async def again(
    request: AnyRequest,
    mail_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    await send_again(world, actor, mail_id)
    return go_to(request, f"/org/outbox/{mail_id}", "queued")


ROUTES = [whole_outbox, event_outbox, one_mail, as_html, attached_file, all_again, event_again, again]
