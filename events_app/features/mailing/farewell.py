"""The mail that follows an erasure: sent, never stored, and whom it went to is forgotten with it."""

from functools import partial

from events_app.features.calendars.entries import erased_entry
from events_app.features.events.queries import event_by_id
from events_app.features.mailing.building import build
from events_app.features.mailing.delivery import hand_over, signing_key
from events_app.features.mailing.event_letters import event_facts_of, from_body
from events_app.features.mailing.model import Letter
from events_app.features.registration.job_kinds import Farewell
from events_app.infra.deployment import addresses, calendar_host
from events_app.infra.forgetting import leave_no_trace
from events_app.infra.i18n import translator
from events_app.infra.job_kinds import ClaimedJob, written
from events_app.infra.jobs import PermanentFailure, TemporaryFailure, is_last_attempt
from events_app.infra.pending_jobs import write_anew
from events_app.infra.processes import paper_shop
from events_app.infra.world import World
from events_app.outputs.calendar import Mailbox, Method
from events_app.outputs.messages import message_id


async def say(world: World, job: ClaimedJob, erased: Farewell) -> None:
    """Nothing where it was said already, or nothing can be sent any more."""
    if not erased.to:
        return
    try:
        await _say(world, job, erased)
    finally:
        await leave_no_trace()


async def _say(world: World, job: ClaimedJob, erased: Farewell) -> None:
    letter = await _letter(world, job, erased)
    if letter is None or not world.settings.sends_mail:
        await _forget(job)
        return
    mail_id = message_id(str(job.id), await calendar_host(world))
    try:
        work = partial(build, letter, world.settings.mail_from, mail_id, job.created_at, signing_key(world))
        built = await paper_shop.run(work)
        await hand_over(world, letter, built, partial(_forget, job))
    except (PermanentFailure, ValueError):
        await _forget(job)
        raise
    except TemporaryFailure:
        if is_last_attempt(job):
            await _forget(job)
        raise


async def _letter(world: World, job: ClaimedJob, erased: Farewell) -> Letter | None:
    event = await event_by_id(job.event_id) if job.event_id else None
    if event is None or event.is_over(world.now()):
        return None
    at = await addresses(world)
    gettext = translator(erased.language).gettext
    return Letter(
        template="erased",
        to=Mailbox(erased.to),
        language=erased.language,
        facts={
            **event_facts_of(world, event),
            "name": erased.name,
            "is_companion": erased.is_companion,
            "companions": [],
        },
        method=Method.CANCEL,
        entry=erased_entry(
            at,
            event,
            erased.registration_id,
            erased.language,
            sequence=erased.sequence,
            changed_at=job.created_at,
        ),
        footer=gettext("You receive this message because data of yours were erased. It is the last one."),
        **from_body(event),
    )


async def _forget(job: ClaimedJob) -> None:
    await write_anew(job.id, written(Farewell()))
