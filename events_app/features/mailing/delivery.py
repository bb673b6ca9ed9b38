"""From a job to a mail that was sent once: built and stored, then handed to the server, then marked.

The Message-ID comes from the job's id, and the mail is stored before it travels: a crash repeats at most the
sending, with the same Message-ID.
"""

import logging
from collections.abc import Awaitable, Callable
from functools import partial

from events_app.features.events.holding import held
from events_app.features.mailing.building import build
from events_app.features.mailing.model import BuiltMail, Letter
from events_app.infra import outbox
from events_app.infra.bounces import envelope_sender
from events_app.infra.database import retried, row, rows, unit_of_work
from events_app.infra.deployment import calendar_host
from events_app.infra.job_kinds import ClaimedJob
from events_app.infra.jobs import PermanentFailure, TemporaryFailure, is_last_attempt
from events_app.infra.lanes import waiting_outside
from events_app.infra.mailer import mailer
from events_app.infra.outbox import MailStatus, WrittenMail
from events_app.infra.processes import paper_shop
from events_app.infra.smtp_line import NotDeliverable, NotNow
from events_app.infra.world import World
from events_app.outputs.messages import message_id
from events_app.outputs.signing import SigningKey

log = logging.getLogger("convive.mail")

DONE = (MailStatus.SENT, MailStatus.KEPT, MailStatus.BOUNCED)


async def is_done(job: ClaimedJob) -> bool:
    """Whether this job's mail has left already: a worker died between the sending and the end of the job."""
    found = await row("SELECT status FROM mail WHERE job_id = {}", job.id)  # unique index mail_once
    return found is not None and MailStatus(found["status"]) in DONE


async def drop(job: ClaimedJob) -> None:
    """What it says no longer holds: a mail that is still on its way goes no further."""
    await outbox.drop(job.id)


async def deliver(world: World, job: ClaimedJob, letter: Letter) -> bool:
    """False where somebody whom it names was erased while it was being written: it is to be written anew.
    Raises TemporaryFailure or PermanentFailure with the server's words, after noting them.

    Each attempt writes the mail anew, so that a late one says what holds now; where nothing changed, its
    bytes are the same.
    """
    built = await _built(world, job, letter)
    if not await _store(world, job, letter, built):
        return False
    if not world.settings.sends_mail:
        await _keep(world, job, letter)
        return True
    try:
        await hand_over(world, letter, built, partial(_close, world, job, letter, MailStatus.SENT))
    except PermanentFailure as refusal:
        await outbox.note(job.id, MailStatus.FAILED, str(refusal))
        raise
    except TemporaryFailure as reason:
        status = MailStatus.FAILED if is_last_attempt(job) else MailStatus.QUEUED
        await outbox.note(job.id, status, str(reason))
        raise
    return True


async def hand_over(
    world: World, letter: Letter, built: BuiltMail, note_taken: Callable[[], Awaitable[None]]
) -> None:
    """To the mail server. Raises PermanentFailure, TemporaryFailure."""
    smtp_url = world.settings.smtp_url
    if smtp_url is None:
        raise PermanentFailure("no mail server is set")
    try:
        with waiting_outside():
            await mailer(smtp_url.reveal(), world.settings.mail_helo).send(
                envelope_sender(world.settings.mail_from, world.settings.mail_bounces, built.message_id),
                letter.to.address,
                built.content,
                note_taken,
            )
    except NotDeliverable as refusal:
        raise PermanentFailure(str(refusal)) from refusal
    except NotNow as reason:
        raise TemporaryFailure(str(reason)) from reason


def signing_key(world: World) -> SigningKey | None:
    settings = world.settings
    if settings.dkim_key is None:
        return None
    domain = settings.mail_from.rpartition("@")[2]
    return SigningKey(settings.dkim_selector, domain, settings.dkim_key.reveal())


async def _built(world: World, job: ClaimedJob, letter: Letter) -> BuiltMail:
    """A mail that cannot be written stands in the outbox with the reason, as one that cannot be delivered."""
    mail_from = world.settings.mail_from
    mail_id = message_id(str(job.id), await calendar_host(world))
    try:
        return await paper_shop.run(
            partial(build, letter, mail_from, mail_id, job.created_at, signing_key(world))
        )
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        hopeless = isinstance(error, ValueError) or is_last_attempt(job)  # the same input fails the same way
        await _store(world, job, letter, BuiltMail("", b"", ""))
        await outbox.note(job.id, MailStatus.FAILED if hopeless else MailStatus.QUEUED, reason)
        if hopeless:
            log.warning("mail %s (%s) could not be written: %s", job.id, job.kind, reason)
            raise PermanentFailure(reason) from error
        raise


@retried
async def _store(world: World, job: ClaimedJob, letter: Letter, built: BuiltMail) -> bool:
    """Whether it may leave: neither to nor about somebody who was erased while it was being written.
    Erasures hold the event too, so that either they find this mail or it finds them."""
    async with unit_of_work():
        if letter.event_id is not None:
            await held(letter.event_id)
        if not await _all_still_known(letter):
            return False
        mail = WrittenMail(
            event_id=letter.event_id,
            registration_id=letter.registration_id,
            recipient=letter.to.address,
            language=letter.language,
            subject=built.subject,
            message_id=built.message_id,
            content=built.kept if world.settings.sends_mail else built.content,
            told=letter.told,
        )
        await outbox.store(world, job, mail)
        return True


async def _all_still_known(letter: Letter) -> bool:
    people = {letter.registration_id, *letter.names} - {None}
    if people:
        marks = ", ".join("{}" for _ in people)
        found = await rows(
            f"SELECT id FROM registration WHERE id IN ({marks}) AND erased_at IS NULL", *people
        )
        if len(found) < len(people):
            return False
    invited = letter.invitation_id
    return invited is None or bool(await rows("SELECT id FROM invitation WHERE id = {}", invited))


async def _keep(world: World, job: ClaimedJob, letter: Letter) -> None:
    """Without a server: mails of events are read in the outbox, sign-in links in the server's own log.

    In the outbox such a link would let one member sign in as another. The log names no participant.
    """
    if letter.secret_link and letter.registration_id is None:
        log.info("mail kept for %s: %s", letter.to.address, letter.secret_link)
    await _close(world, job, letter, MailStatus.KEPT)


async def _close(world: World, job: ClaimedJob, letter: Letter, status: MailStatus) -> None:
    await outbox.close(world, job.id, status, keep_content=not letter.secret_link)
