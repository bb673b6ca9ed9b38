"""Reads of registrations, as records."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.events.queries import counts_of_one
from events_app.features.registration import hooks
from events_app.features.registration.finding import LETTERS_LEAST, asked_words
from events_app.features.registration.model import Answer, RegistrationRecord
from events_app.features.registration.search import look_for
from events_app.infra.database import row, rows
from events_app.kernel.ids import token_hash
from events_app.kernel.text import clean_line, fold_email

COLUMNS = (
    "r.id, r.event, r.group_id, r.arrival, r.status, r.email, r.given_name, r.family_name, r.organisation,"
    " r.insee, r.commune, r.profile, r.language, r.answers, r.accepts_any, r.token_generation, r.ticket_id,"
    " r.short_code, r.ticket_generation, r.source, r.created_at, r.status_changed_at, r.erased_at,"
    " r.revision, r.calendar_sequence, r.calendar_changed_at, r.status_reason"
)
COUNTED_MOST = 1000  # of what has to be looked through to be counted


class Narrower(msgspec.Struct, frozen=True):
    """Further conditions of a list, all of which must hold. `commune`: a name or an INSEE code."""

    consent: str = ""
    tag: str = ""
    commune: str = ""
    profile: str = ""

    def condition(self) -> tuple[list[str], list[str]]:
        conditions, args = list[str](), list[str]()
        if self.consent:
            conditions.append(
                "EXISTS (SELECT 1 FROM consent c WHERE c.registration = r.id AND c.code = {}"
                " AND c.withdrawn_at IS NULL)"
            )
            args.append(self.consent)
        if self.tag:
            conditions.append(
                "EXISTS (SELECT 1 FROM registration_tag t WHERE t.registration = r.id AND t.tag = {})"
            )
            args.append(self.tag)
        if self.commune:
            conditions.append("(r.commune = {} OR r.insee = {})")
            args += [self.commune, self.commune]
        if self.profile:
            conditions.append("r.profile = {}")
            args.append(self.profile)
        return conditions, args


EVERYBODY = Narrower()


def registration_record(found: dict[str, Any]) -> RegistrationRecord:
    """From a row of `COLUMNS`."""
    fields = dict(found)
    fields["event_id"] = fields.pop("event")
    fields["answers"] = msgspec.json.decode(fields["answers"])
    return msgspec.convert(fields, RegistrationRecord, strict=False)


async def _one(condition: str, *args: object) -> RegistrationRecord | None:
    found = await row(f"SELECT {COLUMNS} FROM registration r WHERE {condition}", *args)
    return registration_record(found) if found else None


async def registration_by_id(registration_id: UUID) -> RegistrationRecord | None:
    return await _one("r.id = {}", registration_id)


async def by_manage_token(token: str) -> RegistrationRecord | None:
    return await _one("r.token_hash = {}", token_hash(token))


async def by_feed_token(token: str) -> RegistrationRecord | None:
    return await _one("r.feed_hash = {}", token_hash(token))


async def answers_of(ids: Sequence[UUID]) -> dict[UUID, dict[str, Answer]]:
    if not ids:
        return {}
    marks = ", ".join("{}" for _ in ids)
    found = await rows(f"SELECT id, answers FROM registration WHERE id IN ({marks})", *ids)
    return {each["id"]: msgspec.json.decode(each["answers"]) for each in found}


async def group_of(group_id: UUID) -> list[RegistrationRecord]:
    """Whoever leads it first, then the companions."""
    found = await rows(
        f"SELECT {COLUMNS} FROM registration r WHERE r.group_id = {{}} ORDER BY r.arrival", group_id
    )
    return [registration_record(each) for each in found]


async def active_lead(event_id: UUID, email: str) -> RegistrationRecord | None:
    """Who is registered, waits or is asked for under this address (index registration_once)."""
    return await _one(
        "r.event = {} AND r.email_folded = {} AND r.id = r.group_id"
        " AND r.status IN ('pending', 'confirmed', 'waiting')",
        event_id,
        fold_email(email),
    )


async def registrations_of_address(email: str, now: datetime) -> list[RegistrationRecord]:
    """Of whoever leads, at events that are not over or wait for a new date; the latest 40 (index
    registration_email)."""
    found = await rows(
        f"SELECT {COLUMNS} FROM registration r JOIN event e ON e.id = r.event"
        " WHERE r.email_folded = {} AND r.id = r.group_id"
        " AND r.status IN ('pending', 'confirmed', 'waiting')"
        " AND (e.status = 'postponed' OR (e.status = 'published' AND e.ends_at > {}))"
        " ORDER BY r.created_at DESC, r.id LIMIT 40",
        fold_email(email),
        now,
    )
    return [registration_record(each) for each in found]


async def registrations_of(
    event_id: UUID,
    status: str | None = None,
    q: str = "",
    session_id: UUID | None = None,
    after: int = 0,
    limit: int = 100,
    *,
    narrower: Narrower = EVERYBODY,
) -> list[RegistrationRecord]:
    """In order of arrival, from behind `after`; those who were erased are left out when searched for."""
    conditions, args = await _filters(event_id, status, q, session_id, narrower)
    found = await rows(
        f"SELECT {COLUMNS} FROM registration r WHERE {conditions} AND r.arrival > {{}}"
        " ORDER BY r.arrival LIMIT {}",
        *args,
        after,
        limit,
    )
    return [registration_record(each) for each in found]


async def same_person(registration: RegistrationRecord, bodies: Sequence[UUID]) -> list[dict[str, Any]]:
    """Where else this address leads a group, at events of these bodies: the newest first (index
    registration_email). Nobody without an address, nobody erased."""
    if not registration.email or not bodies:
        return []
    marks = ", ".join("{}" for _ in bodies)
    return await rows(
        "SELECT r.id, r.status, e.slug, e.title, e.starts_at, e.timezone FROM registration r"
        " JOIN event e ON e.id = r.event"
        f" WHERE r.email_folded = {{}} AND r.event <> {{}} AND r.erased_at IS NULL AND e.body IN ({marks})"
        " ORDER BY e.starts_at DESC, r.id LIMIT 50",
        fold_email(registration.email),
        registration.event_id,
        *bodies,
    )


async def next_pending(registration: RegistrationRecord) -> UUID | None:
    """Who is to be decided after this one, in order of arrival, and from the beginning again."""
    found = await row(
        "SELECT id FROM registration WHERE event = {} AND status = 'pending' AND id = group_id"
        " AND group_id <> {} ORDER BY CASE WHEN arrival > {} THEN 0 ELSE 1 END, arrival LIMIT 1",
        registration.event_id,
        registration.group_id,
        registration.arrival,
    )
    return found["id"] if found else None


async def registrations_by_ids(event_id: UUID, ids: Sequence[UUID]) -> list[RegistrationRecord]:
    """Those of this event, in order of arrival."""
    found: list[RegistrationRecord] = []
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ", ".join("{}" for _ in part)
        people = await rows(
            f"SELECT {COLUMNS} FROM registration r WHERE r.event = {{}} AND r.id IN ({marks})",
            event_id,
            *part,
        )
        found += [registration_record(each) for each in people]
    return sorted(found, key=lambda each: each.arrival)


async def count_of(
    event_id: UUID,
    status: str | None = None,
    q: str = "",
    session_id: UUID | None = None,
    *,
    narrower: Narrower = EVERYBODY,
) -> int:
    """Kept for a whole list or one status; otherwise counted, and not further than one more than
    `COUNTED_MOST`."""
    if not (clean_line(q) or session_id or narrower != EVERYBODY):
        counts = await counts_of_one(event_id)
        return int(getattr(counts, status)) if status else counts.all
    conditions, args = await _filters(event_id, status, q, session_id, narrower)
    found = await row(
        f"SELECT count(*) AS n FROM (SELECT 1 FROM registration r WHERE {conditions} LIMIT {{}}) x",
        *args,
        COUNTED_MOST + 1,
    )
    return int(found["n"]) if found else 0


async def _filters(
    event_id: UUID, status: str | None, q: str, session_id: UUID | None, narrower: Narrower
) -> tuple[str, list[Any]]:
    conditions, args = ["r.event = {}"], list[Any]([event_id])
    if status:
        conditions.append("r.status = {}")
        args.append(status)
    if asked := asked_words(q):
        condition, values = (await look_for(event_id, asked)).condition()
        conditions.append(condition)
        args += values
    elif len(clean_line(q)) >= LETTERS_LEAST:  # signs only
        conditions.append("1 = 0")
    further, values = narrower.condition()
    conditions += further
    args += values
    if session_id is not None:
        seated = await _seated_in(event_id, session_id)
        if seated is None:
            conditions.append("r.id IN (SELECT registration FROM preference WHERE session = {})")
            args.append(session_id)
        else:
            marks = ", ".join("{}" for _ in seated) or "NULL"
            conditions.append(f"r.id IN ({marks})")
            args += seated
    return " AND ".join(conditions), args


async def _seated_in(event_id: UUID, session_id: UUID) -> list[UUID] | None:
    """None before the placement is published, for a session of wishes: then whoever wishes it is meant."""
    found = await row(
        "SELECT e.placement_published_at AS published, s.choice FROM session s JOIN event e ON e.id = s.event"
        " WHERE e.id = {} AND s.id = {}",
        event_id,
        session_id,
    )
    known = found is not None and (found["published"] is not None or found["choice"] == "places")
    return await hooks.seated_in(session_id) if known else None


async def preferences_of(event_id: UUID) -> dict[UUID, list[UUID]]:
    """Sessions by registration, best first."""
    found = await rows(
        "SELECT p.registration, p.session FROM preference p JOIN registration r ON r.id = p.registration"
        " WHERE r.event = {} ORDER BY p.registration, p.rank",
        event_id,
    )
    wishes: dict[UUID, list[UUID]] = defaultdict(list)
    for each in found:
        wishes[each["registration"]].append(each["session"])
    return dict(wishes)


async def preferences_of_each(registration_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The same for a page of registrations (index on registration)."""
    if not registration_ids:
        return {}
    marks = ", ".join("{}" for _ in registration_ids)
    found = await rows(
        f"SELECT registration, session FROM preference WHERE registration IN ({marks})"
        " ORDER BY registration, rank",
        *registration_ids,
    )
    wishes: dict[UUID, list[UUID]] = defaultdict(list)
    for each in found:
        wishes[each["registration"]].append(each["session"])
    return dict(wishes)


async def preferences_of_one(registration_id: UUID) -> list[UUID]:
    found = await rows(
        "SELECT session FROM preference WHERE registration = {} ORDER BY rank", registration_id
    )
    return [each["session"] for each in found]


async def anybody_registered(event_id: UUID) -> bool:
    """Whatever became of it."""
    return await row("SELECT 1 AS one FROM registration WHERE event = {} LIMIT 1", event_id) is not None
