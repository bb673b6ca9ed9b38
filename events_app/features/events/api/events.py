"""Events by the public contract (v1). Drafts are seen by their own body only."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, patch, post
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from events_app.features.events import service
from events_app.features.events.access import may_edit, may_look_into
from events_app.features.events.consequences import Saving
from events_app.features.events.content import EventPatch, Instant, NewEvent
from events_app.features.events.listing import EventFilter, list_events
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.overlaps import ProgrammeWarning
from events_app.features.events.places import EventCounts
from events_app.features.events.queries import counts_of, visible_event
from events_app.features.events.schemas import (
    Clone,
    EventAnswer,
    EventPage,
    Reason,
    event_answer,
    people_concerned,
)
from events_app.infra.database import read_snapshot
from events_app.infra.deployment import addresses
from events_app.infra.world import World
from events_app.kernel.actor import Actor, Role
from events_app.kernel.errors import N_, InvalidInput
from events_app.kernel.text import fold
from events_app.web.guards import ORGANISING, requires
from events_app.web.idempotency import answer_once
from events_app.web.revisions import etag_of, expected_revision

TAGS = ["events"]
ETAG = [
    ResponseHeader(
        name="ETag", description="The revision; send it back as If-Match.", documentation_only=True
    )
]
_CREATED = {201: ResponseSpec(EventAnswer, description="The event", media_type="application/json")}
_DONE = {200: ResponseSpec(EventAnswer, description="The event", media_type="application/json")}

AnyRequest = Request[Any, Any, Any]

# Read by hand: an error of Litestar's would name the Python argument instead of the parameter.
_MOMENT = {"format": "date-time"}


@post(
    "/events",
    guards=[requires(*ORGANISING)],
    responses=_CREATED,
    tags=TAGS,
    operation_id="createEvent",
    summary="Create a draft",
    description="A slug that exists is answered with 422, pointer /slug, code `taken`.",
    security=[{"key": []}],
)
async def create_event(
    request: AnyRequest,
    data: JSONBody[NewEvent],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    async def work() -> EventAnswer:
        event = await service.create_event(world, actor, data)
        return event_answer(await addresses(world), event, EventCounts(), exact=True)

    return await answer_once(request, world, work)


@get("/events", tags=TAGS, operation_id="listEvents", summary="Events by date")
async def list_all(
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    since: Annotated[str, QueryParameter(name="from", schema_extra=_MOMENT)] = "",
    until: Annotated[str, QueryParameter(name="to", schema_extra=_MOMENT)] = "",
    q: FromQuery[str] = "",
    insee: FromQuery[str] = "",
    status: FromQuery[str] = "",
    limit: FromQuery[int] = 100,
    cursor: FromQuery[str | None] = None,
) -> EventPage:
    """Published public events; to an organiser also all events of the own bodies.

    `from` and `to`: what is not over at the one and begins before the other.
    """
    wanted = _filter(actor, since, until, q, insee, status)
    if not 1 <= limit <= 500:
        raise InvalidInput.one(
            "/limit", "range", N_("Please enter a whole number from {low} to {high}."), low=1, high=500
        )
    async with read_snapshot():
        events, next_cursor = await list_events(wanted, limit, cursor)
        counts = await counts_of([event.id for event in events])
    at = await addresses(world)
    items = [event_answer(at, event, counts[event.id], exact=may_look_into(actor, event)) for event in events]
    return EventPage(items, next_cursor)


@get("/events/{slug:str}", tags=TAGS, operation_id="readEvent", summary="One event", response_headers=ETAG)
async def read_event(
    slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[EventAnswer]:
    return await answered(world, actor, await visible_event(actor, slug))


@patch(
    "/events/{slug:str}",
    guards=[requires(*ORGANISING)],
    tags=TAGS,
    operation_id="changeEvent",
    summary="Change an event",
    description="Only what is named changes. Moved as a whole (the same length from another start), the "
    "event takes its sessions, its registration window and its doors along. `notify: false` sends no mail; "
    "`warnings` says whom the change concerns.",
    response_headers=ETAG,
    security=[{"key": []}],
)
async def change_event(
    request: AnyRequest,
    slug: FromPath[str],
    data: JSONBody[EventPatch],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[EventAnswer]:
    saving = Saving(tell=data.notify, noted=[])
    event = await service.edit_event(world, actor, slug, data, expected_revision(request), saving)
    return await answered(world, actor, event, people_concerned(saving.noted, []))


@post(
    "/events/{slug:str}/publish",
    guards=[requires(*ORGANISING)],
    status_code=200,
    tags=TAGS,
    operation_id="publishEvent",
    summary="Publish a draft, or a postponed event with its new date",
    response_headers=ETAG,
    security=[{"key": []}],
)
async def publish(
    slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[EventAnswer]:
    return await answered(world, actor, await service.publish_event(world, actor, slug))


@post(
    "/events/{slug:str}/cancel",
    guards=[requires(*ORGANISING)],
    status_code=200,
    tags=TAGS,
    operation_id="cancelEvent",
    summary="Cancel an event; everybody registered is told why",
    response_headers=ETAG,
    security=[{"key": []}],
)
async def cancel(
    slug: FromPath[str],
    data: JSONBody[Reason],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[EventAnswer]:
    return await answered(world, actor, await service.cancel_event(world, actor, slug, data.reason))


@post(
    "/events/{slug:str}/postpone",
    guards=[requires(*ORGANISING)],
    status_code=200,
    tags=TAGS,
    operation_id="postponeEvent",
    summary="Take an event off its date; registrations stay, everybody registered is told why",
    response_headers=ETAG,
    security=[{"key": []}],
)
async def postpone(
    slug: FromPath[str],
    data: JSONBody[Reason],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[EventAnswer]:
    return await answered(world, actor, await service.postpone_event(world, actor, slug, data.reason))


@post(
    "/events/{slug:str}/clone",
    guards=[requires(*ORGANISING)],
    responses=_CREATED,
    tags=TAGS,
    operation_id="cloneEvent",
    summary="A draft of the same event from another start",
    description="Sessions keep their codes and their distance from the start by the clock of the place.",
    security=[{"key": []}],
)
async def clone(
    request: AnyRequest,
    slug: FromPath[str],
    data: JSONBody[Clone],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    async def work() -> EventAnswer:
        event = await service.clone_event(world, actor, slug, data.slug, data.starts_at)
        return event_answer(await addresses(world), event, EventCounts(), exact=True)

    return await answer_once(request, world, work)


async def answered(
    world: World, actor: Actor, event: EventRecord, warnings: list[ProgrammeWarning] | None = None
) -> Response[EventAnswer]:
    counts = await counts_of([event.id])
    exact = may_look_into(actor, event)
    answer = event_answer(await addresses(world), event, counts[event.id], exact=exact)
    online_url = event.online_url if may_edit(actor, event) else ""
    answer = msgspec.structs.replace(answer, warnings=warnings or [], online_url=online_url)
    return Response(answer, headers={"etag": etag_of(event.revision)})


def _filter(actor: Actor, since: str, until: str, q: str, insee: str, status: str) -> EventFilter:
    if status and status not in list(EventStatus):
        raise InvalidInput.one("/status", "unknown", N_("Please choose one of the values offered."))
    reading = (Role.ADMINISTRATOR, Role.ORGANISER, Role.READER, Role.DOOR)
    own = [body for body, role in actor.roles.items() if role in reading]
    return EventFilter(
        q=q,
        insee=fold(insee),
        since=_moment("from", since),
        until=_moment("to", until),
        statuses=(EventStatus(status),) if status else (),
        bodies=own if actor.only_event is None else (),
    )


def _moment(name: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = msgspec.convert(text, Instant)
    except msgspec.ValidationError:
        moment = None
    if moment is None or not 1900 <= moment.year <= 9000:
        raise InvalidInput.one(
            f"/{name}", "invalid", N_("Please give a moment with its offset, such as 2018-04-10T12:00:00Z.")
        )
    return moment


ROUTES = [
    create_event,
    list_all,
    read_event,
    change_event,
    publish,
    cancel,
    postpone,
    clone,
]
