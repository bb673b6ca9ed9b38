"""What the worker does about mails: ids in, the service called."""

from collections.abc import Awaitable, Callable

from events_app.features.accounts.job_kinds import MEMBER_INVITED, SIGN_IN
from events_app.features.mailing import (
    account_letters,
    contact_letters,
    digest,
    event_letters,
    farewell,
    participant_letters,
    retention,
    workshop_letters,
)
from events_app.features.mailing.delivery import deliver, drop, is_done
from events_app.features.mailing.gathering import gather
from events_app.features.mailing.job_kinds import DIGEST, TRIM
from events_app.features.mailing.model import Letter
from events_app.features.mailing.occasions import OCCASIONS
from events_app.features.networking.job_kinds import CONTACTS
from events_app.features.registration.job_kinds import ADDRESS_TO_CONFIRM, ERASED, FOUND_AGAIN, INVITATION
from events_app.features.workshops.job_kinds import COACHED_CLOSED, WORKSHOP_CLOSED
from events_app.infra.job_kinds import ClaimedJob, Done, Kind, P
from events_app.infra.world import World

MOST_TIMES = 3
"""A mail is written anew when somebody whom it names was erased meanwhile."""


def mail(kind: Kind[P], write: Callable[[World, ClaimedJob, P], Awaitable[Letter | None]]) -> Done:
    """None means that there is nobody to write to any more, or nothing that still holds."""

    async def handle(world: World, job: ClaimedJob) -> None:
        if await is_done(job):
            return
        gathered = await gather(job)
        if gathered is None:
            return
        for _ in range(MOST_TIMES):
            letter = await write(world, gathered, kind.read(gathered.payload))
            if letter is None:
                break
            if await deliver(world, job, letter):
                return
        await drop(job)

    return Done(kind, handle)


MAILS = (
    mail(DIGEST, digest.digest),
    mail(SIGN_IN, account_letters.sign_in),
    mail(MEMBER_INVITED, account_letters.member_invited),
    mail(INVITATION, event_letters.invitation),
    mail(CONTACTS, contact_letters.contacts),
    mail(WORKSHOP_CLOSED, workshop_letters.closed),
    mail(COACHED_CLOSED, workshop_letters.coached_closed),
    mail(FOUND_AGAIN, participant_letters.found_again),
    mail(ADDRESS_TO_CONFIRM, event_letters.address_to_confirm),
    *(mail(occasion.kind, event_letters.about_registration) for occasion in OCCASIONS.values()),
    ERASED.done_by(farewell.say),
)
HANDLERS = (*MAILS, TRIM.done_by(retention.trim))
NIGHTLY = (TRIM,)
