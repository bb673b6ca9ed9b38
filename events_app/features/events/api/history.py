"""The way back, and who did what, by the public contract (v1)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events_app.features.events.api.events import ETAG, TAGS, answered
from events_app.features.events.history import deeds_of
from events_app.features.events.schemas import EventAnswer
from events_app.features.events.service import editable_event
from events_app.features.events.unpublishing import unpublish_event
from events_app.infra.i18n import current_translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput
from events_app.web.guards import ORGANISING, requires

LIMIT_MOST = 500


class DeedAnswer(msgspec.Struct, frozen=True):
    """`action`: a stable name, such as `event.published`; `what`: the same in words."""

    id: UUID
    at: datetime
    actor_kind: str
    actor_name: str
    action: str
    what: str
    object_id: UUID | None
    details: dict[str, Any]


class History(msgspec.Struct, frozen=True):
    items: list[DeedAnswer]
    next_cursor: str | None


@get(
    "/events/{slug:str}/history",
    guards=[requires(*ORGANISING)],
    tags=TAGS,
    operation_id="readHistory",
    summary="Who did what to an event, newest first",
    security=[{"key": []}],
)
async def read_history(
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    cursor: FromQuery[str] = "",
    limit: FromQuery[int] = 100,
) -> History:
    event = await editable_event(actor, slug)
    if not 1 <= limit <= LIMIT_MOST:
        message = N_("Please enter a whole number from {low} to {high}.")
        raise InvalidInput.one("/limit", "range", message, low=1, high=LIMIT_MOST)
    deeds, following = await deeds_of(event.id, limit, cursor)
    words = current_translator()
    return History(
        [
            DeedAnswer(
                deed.id,
                deed.at,
                deed.actor_kind,
                deed.actor_name,
                deed.action,
                deed.what(words),
                deed.object_id,
                deed.details,
            )
            for deed in deeds
        ],
        following,
    )


@post(
    "/events/{slug:str}/unpublish",
    guards=[requires(*ORGANISING)],
    status_code=200,
    tags=TAGS,
    operation_id="unpublishEvent",
    summary="Take a published event back to a draft, while nobody is registered",
    response_headers=ETAG,
    security=[{"key": []}],
)
async def unpublish(
    slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[EventAnswer]:
    return await answered(world, actor, await unpublish_event(world, actor, slug))


ROUTES = [read_history, unpublish]
