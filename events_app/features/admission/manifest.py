"""What a door device needs in order to decide alone: keys, rules, and the list without names.

The list is cut into parts by the first two hex digits of a row's id. A cursor is the digests of all parts, so
a delta needs no history: the parts whose digest changed are sent again, whole.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from events_app.features.admission.places import BookedPlace, places_of
from events_app.features.admission.scan import OVERRIDABLE
from events_app.features.admission.tickets import Keyring, keyring
from events_app.features.events.access import may_scan
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import sessions_of
from events_app.infra.database import read_snapshot, rows
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotAllowed

_PARTS: Final = 64
_DIGEST_CHARACTERS: Final = 6
_ID_CHARACTERS: Final = 16


class ListedTicket(Struct, frozen=True, omit_defaults=True):
    """One person of the list. `id` is found from the ticket id in a code: SHA-256 over the deployment id,
    the event number (3 bytes) and the ticket id (5 bytes), its first 16 hex digits."""

    id: str
    status: str
    generation: int = 0
    sessions: list[str] = []


class ManifestSession(Struct, frozen=True):
    code: str
    title: str
    slot: str
    room: str
    starts_at: datetime
    ends_at: datetime
    capacity: int | None


class ManifestEvent(Struct, frozen=True):
    slug: str
    number: int
    title: str
    timezone: str
    status: str
    opens_at: datetime
    closes_at: datetime
    revision: int


class Manifest(Struct, frozen=True):
    """With `since`, `tickets` holds only the parts in `parts`; each of them replaces what the device had."""

    deployment_id: str
    public_keys: Mapping[str, str]
    event: ManifestEvent
    sessions: list[ManifestSession]
    overridable: list[str]
    revoked: list[str]
    """Ids whose older codes are refused: the ticket was issued again (its row has the new generation)."""
    parts: list[int]
    parts_total: int
    tickets: list[ListedTicket]
    cursor: str


def list_id(deployment_id: bytes, event_number: int, ticket_id: int) -> str:
    subject = deployment_id + event_number.to_bytes(3, "big") + ticket_id.to_bytes(5, "big")
    return hashlib.sha256(subject).hexdigest()[:_ID_CHARACTERS]


def part_of(ticket: ListedTicket) -> int:
    return int(ticket.id[:2], 16) % _PARTS


def digests(parts: Mapping[int, Sequence[ListedTicket]]) -> str:
    """The cursor: a short digest of each part, in order."""
    return "".join(
        hashlib.blake2b(msgspec.json.encode(parts.get(part, []))).hexdigest()[:_DIGEST_CHARACTERS]
        for part in range(_PARTS)
    )


def changed_parts(cursor: str, since: str) -> list[int]:
    """Those whose digest differs; all of them for a cursor that is not one of ours."""
    width = _DIGEST_CHARACTERS
    return [
        part
        for part in range(_PARTS)
        if cursor[part * width : (part + 1) * width] != since[part * width : (part + 1) * width]
    ]


async def door_manifest(world: World, actor: Actor, event: EventRecord, since: str = "") -> Manifest:
    """Raises `NotAllowed`."""
    if not may_scan(actor, event):
        raise NotAllowed
    keys = await keyring(world)
    async with read_snapshot():
        sessions = await sessions_of(event.id)
        tickets = await _tickets(keys, event)
    parts: dict[int, list[ListedTicket]] = defaultdict(list)
    for ticket in sorted(tickets, key=lambda ticket: ticket.id):
        parts[part_of(ticket)].append(ticket)
    cursor = digests(parts)
    sent = changed_parts(cursor, since)
    return Manifest(
        deployment_id=keys.verifier.deployment_id.hex(),
        public_keys=keys.public_keys(),
        event=_event(event),
        sessions=[
            ManifestSession(
                session.code,
                session.title,
                session.slot_key,
                session.room,
                session.starts_at,
                session.ends_at,
                session.capacity_max,
            )
            for session in sessions
        ],
        overridable=sorted(OVERRIDABLE),
        revoked=sorted(ticket.id for ticket in tickets if ticket.generation),
        parts=sent,
        parts_total=_PARTS,
        tickets=[ticket for part in sent for ticket in parts[part]],
        cursor=cursor,
    )


def _event(event: EventRecord) -> ManifestEvent:
    return ManifestEvent(
        slug=event.slug,
        number=event.number,
        title=event.title,
        timezone=event.timezone,
        status=event.status,
        opens_at=event.doors_from,
        closes_at=event.ends_at,
        revision=event.revision,
    )


async def _tickets(keys: Keyring, event: EventRecord) -> list[ListedTicket]:
    found = await rows(  # index on registration(event)
        "SELECT id, ticket_id, ticket_generation, status FROM registration"
        " WHERE event = {} AND erased_at IS NULL",
        event.id,
    )
    ids: list[UUID] = [row["id"] for row in found]
    booked: dict[UUID, Sequence[BookedPlace]] = {}
    for start in range(0, len(ids), 500):
        booked.update(await places_of(ids[start : start + 500]))
    return [
        ListedTicket(
            id=list_id(keys.verifier.deployment_id, event.number, row["ticket_id"]),
            status=row["status"],
            generation=row["ticket_generation"] % 256,
            sessions=[place.shown.session for place in booked.get(row["id"], ())],
        )
        for row in found
    ]
