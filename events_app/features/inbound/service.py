"""What comes back is noted: on the mail that did not arrive, on the registration that answered.

Mail is not authenticated: an acceptance is only shown, and a refusal asks the person by a link that only they
have. Whatever is forged, repeated or about nobody changes nothing and is logged.
"""

import logging
from concurrent.futures.process import BrokenProcessPool
from datetime import timedelta
from functools import partial
from uuid import UUID

from events_app.features.events.holding import held
from events_app.features.events.model import EventStatus
from events_app.features.inbound.reading import AnswerGiven, Bounce, Ignored, Reply, Understood, understand
from events_app.features.mailing.bounced import note_bounce
from events_app.features.mailing.job_kinds import DECLINED
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import registration_by_id
from events_app.infra import audit
from events_app.infra.database import execute, retried, row, unit_of_work
from events_app.infra.deployment import addresses, calendar_host
from events_app.infra.jobs import enqueue
from events_app.infra.processes import letter_shop
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.text import fold_email

log = logging.getLogger("convive.inbound")

_OF_NOTHING = "ignored: an answer to nothing of ours"
_CLOCKS_APART = timedelta(days=1)


async def receive(world: World, raw: bytes) -> str:
    """What became of it, in a word or two; `left` where a person may want to read it."""
    understood = await _read(raw, world.settings.mail_bounces)
    if isinstance(understood, Bounce):
        done = await _bounced(world, understood)
    elif isinstance(understood, Reply):
        done = await _answered(world, understood)
    else:
        done = ("left: " if understood.for_people else "ignored: ") + understood.why
    log.info("a message came: %s", done)
    return done


async def _read(raw: bytes, bounces_to: str) -> Understood:
    """In a helper process: anybody may write to this address, and parsing may take all the time there is."""
    try:
        return await letter_shop.run(partial(understand, raw, bounces_to))
    except BrokenProcessPool:
        return Ignored("broken (it takes too long to read)", for_people=True)


async def _bounced(world: World, bounce: Bounce) -> str:
    known = await note_bounce(world, f"<{bounce.token}@{await calendar_host(world)}>", bounce.reason)
    return "a mail that did not arrive" if known else "ignored: about no mail of ours"


@retried
async def _answered(world: World, reply: Reply) -> str:
    about = await _registration_in(world, reply.uid)
    if about is None:
        return _OF_NOTHING
    async with unit_of_work():
        event = await held(about.event_id)
        registration = await registration_by_id(about.id)
        if registration is None or registration.erased_at:
            return _OF_NOTHING
        lead = registration if registration.leads else await registration_by_id(registration.group_id)
        if not _is_of(lead, reply):
            return "ignored: an answer in somebody else's name"
        former = await row(
            "SELECT answer, stamped_at FROM calendar_answer WHERE registration = {}", registration.id
        )
        if former and former["stamped_at"] >= reply.stamped_at:
            return "ignored: an answer that was superseded"
        if reply.stamped_at > world.now() + _CLOCKS_APART:
            return "ignored: an answer of the future"
        await _note(world, registration, reply)
        has_place = (
            registration.status is RegistrationStatus.CONFIRMED and event.status is EventStatus.PUBLISHED
        )
        is_new = former is None or former["answer"] != AnswerGiven.DECLINED
        if reply.answer is AnswerGiven.DECLINED and is_new and has_place and not event.is_over(world.now()):
            await enqueue(world, DECLINED, AboutRegistration(registration.id), event_id=event.id)
        await audit.record(
            world,
            SYSTEM,
            "invitation.answered",
            body_id=event.body_id,
            event_id=event.id,
            object_id=registration.id,
            answer=reply.answer.value,
        )
        return f"an answer: {reply.answer}"


async def _registration_in(world: World, uid: str) -> RegistrationRecord | None:
    name, _, rest = uid.partition("-")
    try:
        found = UUID(rest.partition("@")[0])
    except ValueError:
        return None
    own = (await addresses(world)).uid(f"registration-{found}")
    return await registration_by_id(found) if name == "registration" and uid == own else None


def _is_of(lead: RegistrationRecord | None, reply: Reply) -> bool:
    """Invited was whoever brings the group: sender and attendee are both that address."""
    if lead is None or not lead.email:
        return False
    return fold_email(lead.email) == fold_email(reply.attendee) == fold_email(reply.sender)


async def _note(world: World, registration: RegistrationRecord, reply: Reply) -> None:
    await execute(
        "INSERT INTO calendar_answer (id, registration, answer, stamped_at, received_at)"
        " VALUES ({}, {}, {}, {}, {}) ON CONFLICT (registration) DO UPDATE SET answer = excluded.answer,"
        " stamped_at = excluded.stamped_at, received_at = excluded.received_at",
        world.new_id(),
        registration.id,
        reply.answer.value,
        reply.stamped_at,
        world.now(),
    )


async def forget_answer(_: World, registration: RegistrationRecord) -> None:
    """In the transaction of an erasure."""
    await execute("DELETE FROM calendar_answer WHERE registration = {}", registration.id)
