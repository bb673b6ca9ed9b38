"""Writes of rows: raw and several at once, because a rush of registrations is the hottest write.

One registration takes 0.4 ms on SQLite, in company and flushed to disk; alone and by `Table.save()`, 4.3 ms.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.events.model import ConsentPurpose
from events_app.features.events.places import EventCounts
from events_app.features.registration import links
from events_app.features.registration.finding import words_of
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.infra.database import Rows, execute, rows
from events_app.infra.world import World
from events_app.kernel.ids import token_hash
from events_app.kernel.short_code import short_code
from events_app.kernel.text import fold_email

_COLUMNS = (
    "id", "event", "group_id", "arrival", "status", "email", "email_folded", "given_name", "family_name",
    "search_words", "organisation", "insee", "commune", "profile", "language", "answers", "accepts_any",
    "token_hash", "feed_hash", "token_generation", "ticket_id", "short_code", "ticket_generation", "source",
    "created_at", "status_changed_at", "erased_at", "revision", "calendar_sequence", "calendar_changed_at",
)  # fmt: skip
TICKET_ID_BYTES = 5


_COUNTS = ("confirmed", "waiting", "waiting_groups", "last_arrival")


async def situation(event_id: UUID, addresses: Sequence[str]) -> tuple[EventCounts, dict[str, UUID]]:
    """What registering is decided from, in one statement: the kept counts, and who is registered, waits or
    is asked for already, by folded address (index registration_once)."""
    marks = ", ".join("{}" for _ in addresses) or "NULL"
    found = await rows(
        f"SELECT {', '.join(f'c.{name}' for name in _COUNTS)}, r.email_folded, r.id FROM event_count c"
        f" LEFT JOIN registration r ON r.event = c.event AND r.email_folded IN ({marks})"
        " AND r.id = r.group_id AND r.status IN ('pending', 'confirmed', 'waiting') WHERE c.event = {}",
        *addresses,
        event_id,
    )
    if not found:
        return EventCounts(), {}
    counts = EventCounts(**{name: found[0][name] for name in _COUNTS})
    return counts, {each["email_folded"]: each["id"] for each in found if each["id"] is not None}


async def with_free_tickets(
    world: World, event_id: UUID, groups: Sequence[Sequence[RegistrationRecord]]
) -> list[list[RegistrationRecord]]:
    """With random tickets that are not used at this event yet (index registration_ticket)."""
    count = sum(map(len, groups))
    while True:
        drawn = [int.from_bytes(world.entropy.bytes(TICKET_ID_BYTES), "big") for _ in range(count)]
        marks = ", ".join("{}" for _ in drawn)
        taken = await rows(
            f"SELECT 1 AS one FROM registration WHERE event = {{}} AND ticket_id IN ({marks})",
            event_id,
            *drawn,
        )
        if not taken and len(set(drawn)) == count:
            ids = iter(drawn)
            return [[_ticketed(member, next(ids)) for member in group] for group in groups]


def _ticketed(member: RegistrationRecord, ticket_id: int) -> RegistrationRecord:
    return msgspec.structs.replace(member, ticket_id=ticket_id, short_code=short_code(ticket_id))


def registration_rows(world: World, records: Sequence[RegistrationRecord]) -> Rows:
    return Rows("registration", _COLUMNS, [_values(world, record) for record in records])


async def insert_registrations(world: World, records: Sequence[RegistrationRecord]) -> None:
    await insert_rows("registration", _COLUMNS, [_values(world, record) for record in records])


async def insert_preferences(world: World, wishes: Sequence[tuple[UUID, Sequence[UUID]]]) -> None:
    """Sessions by registration, best first."""
    await insert_rows(
        "preference",
        ("id", "registration", "session", "rank"),
        [
            (world.new_id(), registration_id, session_id, rank)
            for registration_id, session_ids in wishes
            for rank, session_id in enumerate(session_ids, 1)
        ],
    )


async def insert_consents(
    world: World, given: Sequence[tuple[RegistrationRecord, Sequence[ConsentPurpose]]]
) -> None:
    await insert_rows(
        "consent",
        ("id", "registration", "code", "purpose", "given_at", "withdrawn_at"),
        [
            (world.new_id(), lead.id, purpose.code, purpose.purpose, lead.created_at, None)
            for lead, purposes in given
            for purpose in purposes
        ],
    )


async def set_status(
    ids: Sequence[UUID], status: RegistrationStatus, now: datetime, *, also: str = "", reason: str = ""
) -> None:
    """`also`: a further assignment, written in this program. `reason`: the organiser's own."""
    marks = ", ".join("{}" for _ in ids)
    await execute(
        "UPDATE registration SET status_before = status, status = {}, status_changed_at = {},"
        " status_reason = {}, revision = revision + 1,"
        f" calendar_sequence = calendar_sequence + 1, calendar_changed_at = {{}}{also} WHERE id IN ({marks})",
        status.value,
        now,
        reason,
        now,
        *ids,
    )


async def appointments_changed(registration_ids: Iterable[UUID], now: datetime) -> None:
    """Something that their calendars hold changed: what is written next is newer than all before.

    By count, not by the clock: two changes may happen within one second.
    """
    ids = list(dict.fromkeys(registration_ids))
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ", ".join("{}" for _ in part)
        await execute(
            "UPDATE registration SET calendar_sequence = calendar_sequence + 1, calendar_changed_at = {}"
            f" WHERE id IN ({marks})",
            now,
            *part,
        )


async def revised(registration_id: UUID) -> None:
    """Something that its view shows changed in another table."""
    await execute("UPDATE registration SET revision = revision + 1 WHERE id = {}", registration_id)


async def insert_rows(table: str, columns: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    if not values:
        return
    marks = "(" + ", ".join("{}" for _ in columns) + ")"
    # In handfuls: SQLite takes 32,766 values in a statement.
    for start in range(0, len(values), 500):
        part = values[start : start + 500]
        await execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([marks] * len(part))}",
            *(value for each in part for value in each),
        )


def address_key(registration_id: UUID, email: str) -> str:
    """By what an active registration is the only one: whoever came without one may have no address."""
    return fold_email(email) or f"none:{registration_id}"


def _values(world: World, record: RegistrationRecord) -> list[Any]:
    generation = record.token_generation
    further = {
        "event": record.event_id,
        "status": record.status.value,
        "email_folded": address_key(record.id, record.email),
        "search_words": words_of(
            record.given_name, record.family_name, record.organisation, record.email, record.short_code
        ),
        "answers": msgspec.json.encode(record.answers).decode(),
        "token_hash": token_hash(links.manage_token(world, record.id, generation)),
        "feed_hash": token_hash(links.feed_token(world, record.id, generation)),
    }
    return [further[name] if name in further else getattr(record, name) for name in _COLUMNS]
