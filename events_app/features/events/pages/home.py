"""The organiser's home and the overview of one event: what happens next, and what needs somebody."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events_app.features.events import hooks
from events_app.features.events.access import may_edit, may_look_into, may_scan
from events_app.features.events.hooks import Task
from events_app.features.events.listing import EventFilter, count_events, list_events
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.queries import EventNumbers, numbers_of, sessions_of, visible_event
from events_app.features.events.views import day_tile
from events_app.infra.database import read_snapshot
from events_app.infra.i18n import Translator, translator
from events_app.infra.nights import doubted_night
from events_app.infra.world import World
from events_app.kernel.actor import Actor, Role
from events_app.kernel.errors import InvalidInput, NotAllowed
from events_app.web.guards import ORGANISING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import language_of, page

AnyRequest = Request[Any, Any, Any]
PER_PAGE = 30


class Line(msgspec.Struct, frozen=True):
    event: EventRecord
    tile: dict[str, str]
    when: str
    numbers: EventNumbers
    tasks: list[Task]
    href: str


@get("/org", guards=[requires()])
async def home(
    request: AnyRequest,
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    past: FromQuery[str] = "",
    after: FromQuery[str] = "",
    q: FromQuery[str] = "",
) -> Response[str]:
    bodies = [body for body, role in actor.roles.items() if role is not Role.COACH]
    wanted = _own(bodies, world, bool(past), q, actor.only_event)
    words = translator(language_of(request))
    async with read_snapshot():
        try:
            events, cursor = await list_events(wanted, PER_PAGE, after or None)
        except InvalidInput:
            events, cursor = await list_events(wanted, PER_PAGE)
        numbers = await numbers_of([event.id for event in events])
        total = await count_events(wanted)
        lines = [await _line(actor, event, numbers[event.id], words, world) for event in events]
    past_query = "past=1&" if past else ""
    return page(
        request,
        "events/home.html",
        lines=lines,
        needing=[line for line in lines if line.tasks],
        past=bool(past),
        q=q,
        total=total,
        coach=actor.has_role(Role.COACH),
        may_create=actor.has_role(*ORGANISING),
        clock_jump=await doubted_night() if actor.has_role(Role.ADMINISTRATOR) else None,
        next_href=f"/org?{past_query}after={cursor}" if cursor else None,
        first_href=f"/org?{past_query}".rstrip("?&") if after else None,
    )


def _own(bodies: list[UUID], world: World, past: bool, q: str, only_event: UUID | None) -> EventFilter:
    now = world.now()
    return EventFilter(
        public=False,
        bodies=bodies,
        q=q,
        since=None if past else now,
        over_before=now if past else None,
        only_event=only_event,
    )


async def _line(
    actor: Actor, event: EventRecord, numbers: EventNumbers, words: Translator, world: World
) -> Line:
    edits = may_edit(actor, event)
    return Line(
        event,
        day_tile(event, words),
        words.when(event.starts_at, event.ends_at, event.timezone),
        numbers,
        await all_tasks(event, numbers, words, world) if edits else [],
        f"/org/events/{event.slug}" if edits else f"/door/{event.slug}",
    )


async def all_tasks(event: EventRecord, numbers: EventNumbers, words: Translator, world: World) -> list[Task]:
    tasks = tasks_of(event, numbers, words, world)
    if event.status is EventStatus.PUBLISHED and event.ends_at > world.now():
        tasks += await hooks.tasks(event, words)
    return tasks


def tasks_of(event: EventRecord, numbers: EventNumbers, words: Translator, world: World) -> list[Task]:
    _, ngettext = words.gettext, words.ngettext
    base = f"/org/events/{event.slug}"
    tasks = []
    over = event.is_over(world.now())
    if event.status is EventStatus.DRAFT:
        tasks.append(Task(_("Still a draft: nobody sees it."), f"{base}/new/look", _("Look and publish")))
    if event.status is EventStatus.POSTPONED:
        tasks.append(Task(_("Postponed: a new date is missing."), f"{base}/edit", _("Set the new date")))
    if event.status is not EventStatus.PUBLISHED or over:
        return tasks
    if numbers.pending:
        text = ngettext(
            "%(num)s registration waits for your approval",
            "%(num)s registrations wait for your approval",
            numbers.pending,
        )
        tasks.append(
            Task(text % {"num": numbers.pending}, f"{base}/registrations?status=pending", _("Decide"))
        )
    if numbers.waiting:
        text = ngettext(
            "%(num)s person is on the waiting list", "%(num)s people are on the waiting list", numbers.waiting
        )
        tasks.append(Task(text % {"num": numbers.waiting}, f"{base}/registrations?status=waiting", _("See")))
    if numbers.workshops and numbers.wishing and event.placement_published_at is None:
        text = ngettext(
            "%(num)s person has wishes and no workshop yet",
            "%(num)s people have wishes and no workshop yet",
            numbers.wishing,
        )
        tasks.append(Task(text % {"num": numbers.wishing}, f"{base}/placement", _("Place people")))
    return tasks


@get("/org/events/{slug:str}", guards=[requires(*ORGANISING, Role.DOOR, Role.READER)])
async def overview(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[str]:
    language = language_of(request)
    words = translator(language)
    async with read_snapshot():
        event = await visible_event(actor, slug)
        if not may_look_into(actor, event):
            raise NotAllowed
        numbers = (await numbers_of([event.id]))[event.id]
        sessions = await sessions_of(event.id)
        edits = may_edit(actor, event)
        tasks = await all_tasks(event, numbers, words, world) if edits else []
    over = event.is_over(world.now())
    return page(
        request,
        "events/overview.html",
        event=event,
        numbers=numbers,
        sessions=sessions,
        tabs_of_event=event_tabs(event, language) if edits else [],
        tasks=tasks,
        edits=edits,
        scans=may_scan(actor, event),
        over=over,
        paper_warnings=await hooks.paper_warnings(event, words) if edits and not over else [],
        url=world.url(f"/events/{event.slug}"),
    )


ROUTES = [home, overview]
