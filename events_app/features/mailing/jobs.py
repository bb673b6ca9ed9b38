"""What the worker does about mails: ids in, the service called."""

from collections.abc import Awaitable, Callable

from events_app.features.mailing import account_letters, event_letters, participant_letters, retention
from events_app.features.mailing.delivery import deliver, drop, is_done
from events_app.features.mailing.model import Letter
from events_app.features.mailing.occasions import OCCASIONS
from events_app.infra.jobs import ClaimedJob, JobHandler
from events_app.infra.world import World

Write = Callable[[World, ClaimedJob], Awaitable[Letter | None]]


def _mail(write: Write) -> JobHandler:
    """None means that there is nobody to write to any more, or nothing that still holds."""

    async def handle(world: World, job: ClaimedJob) -> None:
        if await is_done(job):
            return
        letter = await write(world, job)
        if letter is None:
            await drop(job)
        else:
            await deliver(world, job, letter)

    return handle


HANDLERS: dict[str, JobHandler] = {
    "mail.sign_in": _mail(account_letters.sign_in),
    "mail.member_invited": _mail(account_letters.member_invited),
    "mail.invitation": _mail(event_letters.invitation),
    "mail.found_again": _mail(participant_letters.found_again),
    "mail.address_to_confirm": _mail(event_letters.address_to_confirm),
} | dict.fromkeys(OCCASIONS, _mail(event_letters.about_registration))

HANDLERS["mailing.trim"] = retention.trim

NIGHTLY = ("mailing.trim",)
