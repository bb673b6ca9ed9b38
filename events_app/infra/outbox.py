"""What was written to people, a row for each mail that a job asks for; `mailing` decides what is written."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from events_app.infra.database import execute, rows
from events_app.infra.job_kinds import ClaimedJob
from events_app.infra.world import World
from events_app.kernel.text import fold_email, without_addresses


class MailStatus(StrEnum):
    QUEUED = "queued"  # built, not yet taken by a server
    SENT = "sent"
    KEPT = "kept"  # there is no server: to be read in the outbox
    FAILED = "failed"
    BOUNCED = "bounced"  # a server took it, and it came back
    DROPPED = "dropped"  # what it said no longer held when it could have been sent


class WrittenMail(msgspec.Struct, frozen=True, kw_only=True):
    event_id: UUID | None
    registration_id: UUID | None
    recipient: str
    language: str
    subject: str
    message_id: str
    content: bytes
    told: str


async def store(world: World, job: ClaimedJob, mail: WrittenMail) -> None:
    """One row a job; a worker whose lease ran out while it was building comes second and changes no mail that
    has left."""
    await execute(
        "INSERT INTO mail (id, job_id, event_id, registration_id, kind, recipient, language, subject,"
        " message_id, content, status, told, created_at)"
        " VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT (job_id) DO UPDATE SET"
        " recipient = excluded.recipient, subject = excluded.subject, message_id = excluded.message_id,"
        " content = excluded.content, told = excluded.told, status = excluded.status"
        " WHERE mail.status NOT IN ('sent', 'kept', 'bounced')",
        world.new_id(),
        job.id,
        mail.event_id,
        mail.registration_id,
        job.kind,
        mail.recipient,
        mail.language,
        mail.subject,
        mail.message_id,
        mail.content,
        MailStatus.QUEUED.value,
        mail.told,
        world.now(),
    )


async def drop(job_id: UUID) -> None:
    """A mail that is still on its way goes no further."""
    await execute(
        "UPDATE mail SET status = {}, error = NULL WHERE job_id = {} AND status IN ({}, {})",
        MailStatus.DROPPED.value,
        job_id,
        MailStatus.QUEUED.value,
        MailStatus.FAILED.value,
    )


async def close(world: World, job_id: UUID, status: MailStatus, *, keep_content: bool) -> None:
    forget = "" if keep_content else ", content = {}"
    await execute(
        f"UPDATE mail SET status = {{}}, error = NULL, sent_at = {{}}{forget} WHERE job_id = {{}}",
        status.value,
        world.now(),
        *([] if keep_content else [b""]),
        job_id,
    )


async def note(job_id: UUID, status: MailStatus, words: str) -> None:
    await execute(
        "UPDATE mail SET status = {}, error = {} WHERE job_id = {}",
        status.value,
        without_addresses(words)[:2000],
        job_id,
    )


async def write_again(mail_ids: Sequence[UUID]) -> None:
    marks = ", ".join("{}" for _ in mail_ids)
    await execute(
        f"UPDATE mail SET status = {{}}, error = NULL, content = {{}} WHERE id IN ({marks})",
        MailStatus.QUEUED.value,
        b"",
        *mail_ids,
    )


async def trim(content_before: datetime, line_before: datetime) -> None:
    await execute(
        "UPDATE mail SET content = {} WHERE created_at < {} AND length(content) > 0", b"", content_before
    )
    await execute("DELETE FROM mail WHERE created_at < {}", line_before)


async def mails_of(registration_id: UUID) -> list[dict[str, object]]:
    """What was written to somebody, as this person may have it."""
    return await rows(
        "SELECT kind, recipient, subject, created_at, sent_at FROM mail WHERE registration_id = {}"
        " ORDER BY created_at",
        registration_id,
    )


async def forget_registration(registration_id: UUID, lead_id: UUID) -> None:
    """All that was written to somebody. Whoever brought a companion was written its name."""
    await execute("DELETE FROM mail WHERE registration_id = {}", registration_id)
    await execute("UPDATE mail SET content = {} WHERE registration_id = {}", b"", lead_id)


async def forget_event(event_id: UUID) -> None:
    await execute("DELETE FROM mail WHERE event_id = {}", event_id)


async def forget_address(event_id: UUID, address: str) -> None:
    """Also what belongs to no registration: invitations."""
    if address:
        await execute(
            "DELETE FROM mail WHERE event_id = {} AND lower(recipient) IN ({}, {})",
            event_id,
            address.lower(),
            fold_email(address),
        )


async def forget_words(kind: str, registration_id: UUID) -> None:
    """What mails of one kind to this person say, which could not leave yet."""
    await execute(
        "UPDATE mail SET content = {} WHERE kind = {} AND registration_id = {}", b"", kind, registration_id
    )
