"""What the worker does about mails: ids in, the service called."""

from collections.abc import Awaitable, Callable

from events_app.features.mailing import (
    account_letters,
    contact_letters,
    event_letters,
    farewell,
    participant_letters,
    retention,
    workshop_letters,
)
from events_app.features.mailing.delivery import deliver, drop, is_done
from events_app.features.mailing.gathering import gather
from events_app.features.mailing.model import Letter
from events_app.features.mailing.occasions import OCCASIONS
from events_app.infra.jobs import ClaimedJob, JobHandler
from events_app.infra.world import World

Write = Callable[[World, ClaimedJob], Awaitable[Letter | None]]


def mail_job(write: Write) -> JobHandler:
    """None means that there is nobody to write to any more, or nothing that still holds."""

    async def handle(world: World, job: ClaimedJob) -> None:
        if await is_done(job):
            return
        gathered = await gather(job)
        if gathered is None:
            return
        letter = await write(world, gathered)
        if letter is None:
            await drop(job)
        else:
            await deliver(world, job, letter)

    return handle


HANDLERS: dict[str, JobHandler] = {
    "mail.sign_in": mail_job(account_letters.sign_in),
    "mail.member_invited": mail_job(account_letters.member_invited),
    "mail.invitation": mail_job(event_letters.invitation),
    "mail.contacts": mail_job(contact_letters.contacts),
    "mail.workshop_closed": mail_job(workshop_letters.closed),
    "mail.coached_closed": mail_job(workshop_letters.coached_closed),
    "mail.found_again": mail_job(participant_letters.found_again),
    "mail.address_to_confirm": mail_job(event_letters.address_to_confirm),
} | dict.fromkeys(OCCASIONS, mail_job(event_letters.about_registration))

HANDLERS["mail.erased"] = farewell.say
HANDLERS["mailing.trim"] = retention.trim

NIGHTLY = ("mailing.trim",)
