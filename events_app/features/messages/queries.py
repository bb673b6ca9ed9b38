"""Reads of messages."""

from typing import Any
from uuid import UUID

import msgspec

from events_app.features.messages.model import Fate, MessageRecord
from events_app.infra.database import row, rows
from events_app.infra.outbox import MailStatus

_MESSAGE = (
    "SELECT m.id, m.event AS event_id, m.kind, m.subject, m.text, m.audience, m.status AS stored_status,"
    " m.send_at, m.started_at, m.created_at, m.created_by, m.revision,"
    " (SELECT count(*) FROM message_copy c WHERE c.message = m.id) AS recipients,"
    " (SELECT count(*) FROM message_copy c JOIN job j ON j.id = c.job_id WHERE c.message = m.id"
    " AND j.done_at IS NULL AND j.failed_at IS NULL) AS pending FROM message m"
)


def _record(found: dict[str, Any]) -> MessageRecord:
    return msgspec.convert({**found, "audience": msgspec.json.decode(found["audience"])}, MessageRecord)


async def message_by_id(message_id: UUID) -> MessageRecord | None:
    found = await row(f"{_MESSAGE} WHERE m.id = {{}}", message_id)
    return _record(found) if found else None


async def messages_of(event_id: UUID) -> list[MessageRecord]:
    """Newest first; some dozens at most."""
    found = await rows(f"{_MESSAGE} WHERE m.event = {{}} ORDER BY m.created_at DESC, m.id DESC", event_id)
    return [_record(each) for each in found]


async def fates(message: MessageRecord) -> list[Fate]:
    """Of each copy, in order of arrival. The mail is found by its job (unique index mail_once)."""
    found = await rows(
        "SELECT r.id, r.given_name, r.family_name, r.email, m.id AS mail_id, m.status, m.error, m.sent_at,"
        " j.done_at, j.failed_at, j.error AS trouble FROM message_copy c"
        " JOIN registration r ON r.id = c.registration LEFT JOIN mail m ON m.job_id = c.job_id"
        " LEFT JOIN job j ON j.id = c.job_id WHERE c.message = {} ORDER BY r.arrival",
        message.id,
    )
    return [
        Fate(
            registration_id=each["id"],
            name=f"{each['given_name']} {each['family_name']}".strip(),
            email=each["email"],
            status=_status(each),
            error=each["error"] or each["trouble"],
            sent_at=each["sent_at"],
            mail_id=each["mail_id"],
        )
        for each in found
    ]


def _status(copy: dict[str, Any]) -> MailStatus:
    """Without a mail: not begun, given up, or stopped before it was written."""
    if copy["status"]:
        return MailStatus(copy["status"])
    if copy["failed_at"]:
        return MailStatus.FAILED
    return MailStatus.DROPPED if copy["done_at"] else MailStatus.QUEUED
