"""The list of an event's tickets without names, made once for each state of it and kept.

For 100,000 people it takes some tenths of a second of this process: in pages, between which others have their
turn. Whether it changed is one read of what triggers keep (docs/decisions/0067-door-list.md).
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
from msgspec import Struct

from events_app.features.admission.places import places_of
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import sessions_of
from events_app.infra.database import Engine, engine, read_snapshot, row, rows

PARTS: Final = 64
DIGEST_CHARACTERS: Final = 6
_ID_CHARACTERS: Final = 16
_PAGE: Final = 500
_KEPT: Final = 4  # events; 5 MB for 100,000 people

_encode: Final = msgspec.json.Encoder().encode


class ListedTicket(Struct, frozen=True, omit_defaults=True):
    """One person of the list. `id` is found from the ticket id in a code: SHA-256 over the deployment id,
    the event number (3 bytes) and the ticket id (5 bytes), its first 16 hex digits."""

    id: str
    status: str
    generation: int = 0
    sessions: list[str] = []
    companions: list[str] = []
    """Ids of those whom this person brought: their ticket is the group's."""


class DoorList(Struct, frozen=True):
    """`parts`: each a JSON array, its tickets by id. `digests`: a few characters for each part, in order."""

    stamp: str
    parts: list[bytes]
    digests: str
    revoked: list[str]


async def list_stamp(event_id: UUID) -> str:
    """The same as long as nothing in the manifest changed (primary keys; index on session(event))."""
    found = await row(
        "SELECT e.revision, c.last_arrival, l.changes,"
        " (SELECT count(*) FROM session WHERE event = e.id) AS sessions,"
        " (SELECT sum(revision) FROM session WHERE event = e.id) AS revisions,"
        " (SELECT max(CAST(id AS text)) FROM session WHERE event = e.id) AS latest FROM event e"
        " LEFT JOIN event_count c ON c.event = e.id LEFT JOIN door_list l ON l.event = e.id WHERE e.id = {}",
        event_id,
    )
    said = "|".join(str(value or 0) for value in (found or {}).values())
    return hashlib.blake2b(said.encode(), digest_size=9).hexdigest()


def list_id(deployment_id: bytes, event_number: int, ticket_id: int) -> str:
    subject = deployment_id + event_number.to_bytes(3, "big") + ticket_id.to_bytes(5, "big")
    return hashlib.sha256(subject).hexdigest()[:_ID_CHARACTERS]


def part_of(ticket: ListedTicket) -> int:
    return int(ticket.id[:2], 16) % PARTS


def digest_of(part: bytes) -> str:
    return hashlib.blake2b(part).hexdigest()[:DIGEST_CHARACTERS]


class _Lists:
    """Of one database: the last ones made; whoever comes while one is made waits for it."""

    def __init__(self) -> None:
        self.kept: OrderedDict[UUID, DoorList] = OrderedDict()
        self.making: dict[UUID, asyncio.Lock] = {}


_lists: WeakKeyDictionary[Engine, _Lists] = WeakKeyDictionary()


async def door_list(deployment_id: bytes, event: EventRecord) -> DoorList:
    lists = _lists.setdefault(engine(), _Lists())
    lock = lists.making.setdefault(event.id, asyncio.Lock())
    async with lock:
        found = lists.kept.get(event.id)
        if found is None or found.stamp != await list_stamp(event.id):
            async with read_snapshot():
                found = await _made(deployment_id, event, await list_stamp(event.id))
            lists.kept[event.id] = found
            if len(lists.kept) > _KEPT:
                gone, _ = lists.kept.popitem(last=False)
                lists.making.pop(gone, None)
        lists.kept.move_to_end(event.id)
        return found


async def _made(deployment_id: bytes, event: EventRecord, stamp: str) -> DoorList:
    by_part: list[list[ListedTicket]] = [[] for _ in range(PARTS)]
    revoked: list[str] = []
    brought = await _brought(deployment_id, event)
    after = 0
    placed = await _is_placed(event)
    while page := await _page(event, after, ids=placed):
        after = page[-1]["arrival"]
        for ticket in await _tickets(deployment_id, event, page, brought, placed=placed):
            by_part[part_of(ticket)].append(ticket)
            if ticket.generation:
                revoked.append(ticket.id)
        await asyncio.sleep(0)
    parts = []
    for tickets in by_part:
        parts.append(_encode(sorted(tickets, key=lambda ticket: ticket.id)))
        await asyncio.sleep(0)
    return DoorList(stamp, parts, "".join(map(digest_of, parts)), sorted(revoked))


async def _is_placed(event: EventRecord) -> bool:
    """Whether anybody can have a place in a session."""
    published = event.placement_published_at is not None
    return published or any(session.is_chosen for session in await sessions_of(event.id))


async def _page(event: EventRecord, after: int, *, ids: bool) -> list[dict[str, Any]]:
    """Erased people too, so that the cursor moves on; index registration_arrival. Ids only where they are
    asked for: a UUID is the dearest value of all to read."""
    columns = "arrival, ticket_id, ticket_generation, status, erased_at"
    return await rows(
        f"SELECT {'id, ' if ids else ''}{columns} FROM registration"
        f" WHERE event = {{}} AND arrival > {{}} ORDER BY arrival LIMIT {_PAGE}",
        event.id,
        after,
    )


async def _brought(deployment_id: bytes, event: EventRecord) -> dict[int, list[str]]:
    """Ids of companions by the ticket of whoever brought them (index registration_event)."""
    found = await rows(
        "SELECT l.ticket_id AS lead, c.ticket_id FROM registration c JOIN registration l ON l.id = c.group_id"
        " WHERE c.event = {} AND c.id <> c.group_id AND c.erased_at IS NULL ORDER BY c.arrival",
        event.id,
    )
    brought: dict[int, list[str]] = {}
    for each in found:
        companion = list_id(deployment_id, event.number, each["ticket_id"])
        brought.setdefault(each["lead"], []).append(companion)
    return brought


async def _tickets(
    deployment_id: bytes,
    event: EventRecord,
    page: Sequence[dict[str, Any]],
    brought: dict[int, list[str]],
    *,
    placed: bool,
) -> list[ListedTicket]:
    there = [each for each in page if each["erased_at"] is None]
    booked: dict[UUID | None, Sequence[Any]] = {}
    if placed:
        booked.update((await places_of([each["id"] for each in there])).items())
    return [
        ListedTicket(
            id=list_id(deployment_id, event.number, each["ticket_id"]),
            status=each["status"],
            generation=each["ticket_generation"] % 256,
            sessions=[place.shown.session for place in booked.get(each.get("id"), ())],
            companions=brought.get(each["ticket_id"], []),
        )
        for each in there
    ]
