"""Messages by the public contract (v1): write, look, try, send, stop."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody

from events_app.features.events.service import editable_event
from events_app.features.messages import queries, service, views
from events_app.features.messages.model import MessageRecord
from events_app.features.messages.schemas import (
    MessageAnswer,
    MessageChanges,
    MessageList,
    MessageSummary,
    NewMessage,
    TrialRequest,
)
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.web.guards import ORGANISING, requires
from events_app.web.idempotency import answer_once
from events_app.web.revisions import etag_of, expected_revision

AnyRequest = Request[Any, Any, Any]
_GUARDS = [requires(*ORGANISING)]
_CREATED = {201: ResponseSpec(MessageSummary, description="The message", media_type="application/json")}


@post("/events/{slug:str}/messages", guards=_GUARDS, tags=["messages"], responses=_CREATED)
async def write_message(
    request: AnyRequest,
    slug: FromPath[str],
    data: JSONBody[NewMessage],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """Write to people of an event. Nothing leaves before `send`, or the hour of `send_at`."""
    event = await editable_event(actor, slug)

    async def work() -> MessageSummary:
        return await views.summary(event, await service.write(world, actor, event, data.draft()))

    return await answer_once(request, world, work)


@get("/events/{slug:str}/messages", guards=_GUARDS, tags=["messages"])
async def list_messages(slug: FromPath[str], actor: NamedDependency[Actor]) -> MessageList:
    """The messages of an event, newest first."""
    event = await editable_event(actor, slug)
    return MessageList([await views.summary(event, each) for each in await queries.messages_of(event.id)])


@get("/messages/{message_id:uuid}", guards=_GUARDS, tags=["messages"])
async def read_message(
    message_id: FromPath[UUID], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[MessageAnswer]:
    """One message, as its first reader reads it, and what became of each copy."""
    message, event = await service.readable_message(actor, message_id)
    return Response(await views.answer(world, event, message), headers={"etag": etag_of(message.revision)})


@patch("/messages/{message_id:uuid}", guards=_GUARDS, tags=["messages"])
async def change_message(
    request: AnyRequest,
    message_id: FromPath[UUID],
    data: JSONBody[MessageChanges],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> MessageSummary:
    """Change a message that has not left."""
    message, event = await service.readable_message(actor, message_id)
    draft = data.applied_to(message)
    changed = await service.change(world, actor, message_id, draft, expected_revision(request))
    return await views.summary(event, changed)


@delete("/messages/{message_id:uuid}", guards=_GUARDS, tags=["messages"])
async def delete_message(
    message_id: FromPath[UUID], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> None:
    """Delete a message that has not left."""
    await service.delete(world, actor, message_id)


@post("/messages/{message_id:uuid}/test", status_code=202, guards=_GUARDS, tags=["messages"])
async def try_message(
    message_id: FromPath[UUID],
    data: JSONBody[TrialRequest],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> MessageSummary:
    """Send it to one address, as the first reader would get it, without this reader's secret link."""
    await service.send_test(world, actor, message_id, data.to)
    return await _summary(await service.readable_message(actor, message_id))


@post("/messages/{message_id:uuid}/send", status_code=200, guards=_GUARDS, tags=["messages"])
async def send_message(
    message_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    recipients: FromQuery[int | None] = None,
) -> MessageSummary:
    """Let it leave now, also one that was scheduled for later.

    `recipients`: how many there were when somebody looked; with another number now it is refused.
    """
    await service.send(world, actor, message_id, recipients)
    return await _summary(await service.readable_message(actor, message_id))


@post("/messages/{message_id:uuid}/cancel", status_code=200, guards=_GUARDS, tags=["messages"])
async def stop_message(
    message_id: FromPath[UUID], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> MessageSummary:
    """Stop it: what has not left does not leave."""
    await service.stop(world, actor, message_id)
    return await _summary(await service.readable_message(actor, message_id))


async def _summary(found: tuple[MessageRecord, Any]) -> MessageSummary:
    message, event = found
    return await views.summary(event, message)


ROUTES = [
    write_message,
    list_messages,
    read_message,
    change_message,
    delete_message,
    try_message,
    send_message,
    stop_message,
]
