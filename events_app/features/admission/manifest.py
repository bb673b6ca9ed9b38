"""What a door device needs in order to decide alone: keys, rules, and the list without names.

The list is cut into parts by the first two hex digits of a row's id. A cursor is the digests of all parts and
the stamp of the list, so a delta needs no history: the parts whose digest changed are sent again, whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct

from events_app.features.admission.door_list import (
    DIGEST_CHARACTERS,
    PARTS,
    DoorList,
    ListedTicket,
    door_list,
    list_stamp,
)
from events_app.features.admission.scan import OVERRIDABLE
from events_app.features.admission.tickets import Keyring, keyring
from events_app.features.events.access import may_scan
from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.events.queries import sessions_of
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotAllowed

_PIECE_BYTES: Final = 128_000
_CURSOR_DIGESTS: Final = PARTS * DIGEST_CHARACTERS


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
    cursor: str
    tickets: list[ListedTicket]


def changed_parts(cursor: str, since: str) -> list[int]:
    """Those whose digest differs; all of them for a cursor that is not one of ours."""
    width = DIGEST_CHARACTERS
    return [
        part
        for part in range(PARTS)
        if cursor[part * width : (part + 1) * width] != since[part * width : (part + 1) * width]
    ]


async def manifest_stamp(actor: Actor, event: EventRecord) -> str:
    """The same as long as a whole manifest would be. Raises `NotAllowed`."""
    if not may_scan(actor, event):
        raise NotAllowed
    return await list_stamp(event.id)


async def manifest_pieces(world: World, actor: Actor, event: EventRecord, since: str = "") -> Iterator[bytes]:
    """Its JSON in pieces. Raises `NotAllowed`."""
    if not may_scan(actor, event):
        raise NotAllowed
    keys = await keyring(world)
    listed = await door_list(keys.verifier.deployment_id, event)
    return _pieces(_head(keys, event, await sessions_of(event.id), listed, since), listed)


def _head(
    keys: Keyring, event: EventRecord, sessions: Sequence[SessionRecord], listed: DoorList, since: str
) -> Manifest:
    """Everything but the tickets."""
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
        revoked=listed.revoked,
        parts=changed_parts(listed.digests, since[:_CURSOR_DIGESTS]),
        parts_total=PARTS,
        cursor=listed.digests + listed.stamp,
        tickets=[],
    )


def _pieces(head: Manifest, listed: DoorList) -> Iterator[bytes]:
    piece = bytearray(msgspec.json.encode(head).removesuffix(b"]}"))
    between = b""
    for part in head.parts:
        tickets = listed.parts[part][1:-1]
        if tickets:
            piece += between + tickets
            between = b","
        if len(piece) > _PIECE_BYTES:
            yield bytes(piece)
            piece.clear()
    piece += b"]}"
    yield bytes(piece)


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
