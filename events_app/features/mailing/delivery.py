"""From a job to a mail that was sent once: built and stored, then handed to the server, then marked.

The Message-ID comes from the job's id, and the bytes are stored before they travel: a crash repeats at most
the sending, with the same Message-ID.
"""

import logging
from functools import partial
from uuid import UUID

from events_app.features.events.calendar import host_of
from events_app.features.mailing.building import build
from events_app.features.mailing.model import BuiltMail, Letter, MailStatus
from events_app.infra.database import execute, row
from events_app.infra.jobs import ClaimedJob, PermanentFailure, TemporaryFailure
from events_app.infra.mailer import NotDeliverable, NotNow, mailer
from events_app.infra.processes import paper_shop
from events_app.infra.world import World
from events_app.outputs.messages import NotOneAddress, message_id

log = logging.getLogger("convive.mail")

DONE = (MailStatus.SENT, MailStatus.KEPT)


async def stored(job: ClaimedJob) -> tuple[MailStatus, str, bytes] | None:
    """Status, recipient and content of the mail that this job has built before; unique index mail_once."""
    found = await row("SELECT status, recipient, content FROM mail WHERE job_id = {}", job.id)
    return (MailStatus(found["status"]), found["recipient"], bytes(found["content"])) if found else None


async def deliver(world: World, job: ClaimedJob, letter: Letter) -> None:
    """Raises TemporaryFailure or PermanentFailure with the server's words, after noting them."""
    before = await stored(job)
    if before is not None and before[0] in DONE:
        return
    if before is not None and before[2]:
        _, recipient, content = before
    else:
        recipient = letter.to.address
        content = await _build_and_store(world, job, letter, again=before is not None)
    smtp_url = world.settings.smtp_url
    if smtp_url is None:
        await _keep(world, job, letter)
        return
    try:
        await mailer(smtp_url.reveal()).send(
            world.settings.mail_from,
            recipient,
            content,
            note_taken=partial(_close, world, job, letter, MailStatus.SENT),
        )
    except NotDeliverable as refusal:
        await _note(job.id, MailStatus.FAILED, str(refusal))
        raise PermanentFailure(str(refusal)) from refusal
    except NotNow as reason:
        status = MailStatus.FAILED if job.is_last_attempt else MailStatus.QUEUED
        await _note(job.id, status, str(reason))
        raise TemporaryFailure(str(reason)) from reason


async def _build_and_store(world: World, job: ClaimedJob, letter: Letter, *, again: bool) -> bytes:
    mail_from = world.settings.mail_from
    mail_id = message_id(str(job.id), host_of(world.settings.base_url))
    try:
        built = await paper_shop.run(partial(build, letter, mail_from, mail_id, job.created_at))
    except NotOneAddress as error:
        raise PermanentFailure(f"not one address: {error}") from error
    if again:  # sent anew by hand: the address or the facts may have been corrected
        await execute(
            "UPDATE mail SET recipient = {}, subject = {}, content = {} WHERE job_id = {}",
            letter.to.address,
            built.subject,
            built.content,
            job.id,
        )
    else:
        await _store(world, job, letter, built, mail_id)
    return built.content


async def _store(world: World, job: ClaimedJob, letter: Letter, built: BuiltMail, mail_id: str) -> None:
    # DO NOTHING: a worker whose lease ran out while it was building comes second.
    await execute(
        "INSERT INTO mail (id, job_id, event_id, registration_id, kind, recipient, language, subject,"
        " message_id, content, status, created_at) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})"
        " ON CONFLICT (job_id) DO NOTHING",
        world.new_id(),
        job.id,
        letter.event_id,
        letter.registration_id,
        job.kind,
        letter.to.address,
        letter.language,
        built.subject,
        mail_id,
        built.content,
        MailStatus.QUEUED.value,
        world.now(),
    )


async def _keep(world: World, job: ClaimedJob, letter: Letter) -> None:
    """Without a server: mails of events are read in the outbox, sign-in links in the server's own log.

    In the outbox such a link would let one member sign in as another.
    """
    if letter.secret_link:
        log.info("mail kept for %s: %s", letter.to.address, letter.secret_link)
    await _close(world, job, letter, MailStatus.KEPT)


async def _close(world: World, job: ClaimedJob, letter: Letter, status: MailStatus) -> None:
    forget = ", content = {}" if letter.secret_link else ""
    await execute(
        f"UPDATE mail SET status = {{}}, error = NULL, sent_at = {{}}{forget} WHERE job_id = {{}}",
        status.value,
        world.now(),
        *([b""] if letter.secret_link else []),
        job.id,
    )


async def _note(job_id: UUID, status: MailStatus, words: str) -> None:
    await execute(
        "UPDATE mail SET status = {}, error = {} WHERE job_id = {}", status.value, words[:2000], job_id
    )
