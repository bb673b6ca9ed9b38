"""Reads of the outbox."""

import zlib
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.mailing.model import MailLine, OutboxFilter, StoredMail
from events_app.features.mailing.occasions import OCCASIONS, Subject
from events_app.features.registration.job_kinds import TICKET_MAILS
from events_app.infra.database import row, rows
from events_app.infra.outbox import MailStatus

LINES_A_PAGE = 50
_COMPRESSED = b"\x78"  # how zlib begins

_FROM = "mail m JOIN event e ON e.id = m.event_id"


async def mail_by_id(mail_id: UUID) -> StoredMail | None:
    found = await row(
        "SELECT id, job_id, event_id, kind, recipient, subject, content, status, error, created_at, sent_at,"
        " message_id FROM mail WHERE id = {}",
        mail_id,
    )
    return msgspec.convert({**found, "content": _whole(found["content"])}, StoredMail) if found else None


def _whole(stored: bytes) -> bytes:
    """A mail begins with its sender; what begins otherwise was compressed."""
    content = bytes(stored)
    return zlib.decompress(content) if content.startswith(_COMPRESSED) else content


async def failed_mails(wanted: OutboxFilter) -> list[tuple[UUID, UUID]]:
    """Each with its job."""
    conditions, args = _conditions(msgspec.structs.replace(wanted, status=MailStatus.FAILED, q=""))
    found = await rows(f"SELECT m.id, m.job_id FROM {_FROM} WHERE {conditions} ORDER BY m.id", *args)
    return [(each["id"], each["job_id"]) for each in found]


async def last_told(registration_id: UUID, subject: Subject, without: UUID) -> str | None:
    """What the last mail on this subject told that went out, or still may (index mail_registration)."""
    kinds = [kind for kind, occasion in OCCASIONS.items() if subject and occasion.subject is subject]
    if subject is Subject.PLACES:
        kinds += TICKET_MAILS  # with the workshops of whoever was seated at once
    marks = ", ".join("{}" for _ in kinds) or "NULL"
    found = await row(
        f"SELECT told FROM mail WHERE registration_id = {{}} AND job_id <> {{}} AND kind IN ({marks})"
        " AND told <> '' AND status IN ('sent', 'kept', 'queued') ORDER BY told DESC LIMIT 1",
        registration_id,
        without,
        *kinds,
    )
    return str(found["told"]) if found else None


async def outbox(wanted: OutboxFilter) -> list[MailLine]:
    """Newest first (ids sort by time), one line more than a page where there is a next one."""
    conditions, args = _conditions(wanted)
    if wanted.before is not None:
        conditions += " AND m.id < {}"
        args.append(wanted.before)
    found = await rows(
        "SELECT m.id, m.kind, m.recipient, m.subject, m.status, m.error, m.created_at, m.message_id"
        f" FROM {_FROM} WHERE {conditions} ORDER BY m.id DESC LIMIT {{}}",
        *args,
        LINES_A_PAGE + 1,
    )
    return [msgspec.convert(line, MailLine) for line in found]


async def outbox_counts(wanted: OutboxFilter) -> dict[str, int]:
    """How many mails of each status, whatever status is looked at."""
    conditions, args = _conditions(msgspec.structs.replace(wanted, status=None))
    found = await rows(
        f"SELECT m.status, count(*) AS n FROM {_FROM} WHERE {conditions} GROUP BY m.status", *args
    )
    return {line["status"]: int(line["n"]) for line in found}


def _conditions(wanted: OutboxFilter) -> tuple[str, list[Any]]:
    """Index mail_event by event, index on event(body) by body."""
    conditions: list[str] = []
    args: list[Any] = []
    if wanted.event_id is not None:
        conditions.append("m.event_id = {}")
        args.append(wanted.event_id)
    else:
        conditions.append(f"e.body IN ({', '.join('{}' for _ in wanted.bodies) or 'NULL'})")
        args += wanted.bodies
    if wanted.status is not None:
        conditions.append("m.status = {}")
        args.append(wanted.status.value)
    if wanted.q:
        pattern = "%" + wanted.q.lower().replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
        conditions.append("(lower(m.recipient) LIKE {} ESCAPE '!' OR lower(m.subject) LIKE {} ESCAPE '!')")
        args += [pattern, pattern]
    return " AND ".join(conditions), args
