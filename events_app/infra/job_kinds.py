"""Kinds of job: the name in their rows and the struct that they bear, declared once by whoever asks for them.

Whoever does the work, mostly a feature above, joins a handler to the kind itself, so that the type checker
sees both ends. `app.py` puts all handlers together at the start.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

from events_app.infra.world import World

P = TypeVar("P", bound=msgspec.Struct)


class Nothing(msgspec.Struct, frozen=True):
    """The payload of work that is always the same."""


class ClaimedJob(msgspec.Struct, frozen=True):
    id: UUID
    kind: str
    payload: str  # JSON, read by its kind
    event_id: UUID | None
    attempts: int  # including this one
    created_at: datetime


JobHandler = Callable[[World, ClaimedJob], Awaitable[None]]


class Kind(msgspec.Struct, Generic[P], frozen=True):
    name: str
    payload: type[P]

    def read(self, payload: str) -> P:
        return msgspec.json.decode(payload, type=self.payload)

    def done_by(self, handle: Callable[[World, ClaimedJob, P], Awaitable[None]]) -> "Done":
        async def read_and_handle(world: World, job: ClaimedJob) -> None:
            await handle(world, job, self.read(job.payload))

        return Done(self, read_and_handle)


class Done(msgspec.Struct, frozen=True):
    """A kind and what does it."""

    kind: Kind[Any]
    handler: JobHandler


def written(payload: msgspec.Struct) -> str:
    return msgspec.json.encode(payload).decode()


def by_name(done: Iterable[Done]) -> Mapping[str, JobHandler]:
    """Raises `ValueError` where two would do the same work."""
    handlers: dict[str, JobHandler] = {}
    for each in done:
        if each.kind.name in handlers:
            raise ValueError(f"two handlers for jobs of kind {each.kind.name}")
        handlers[each.kind.name] = each.handler
    return handlers
