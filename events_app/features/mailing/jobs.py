"""What the worker does about mails: ids in, the service called."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from events_app.features.mailing import account_letters, event_letters, retention
from events_app.features.mailing.delivery import deliver
from events_app.features.mailing.model import Letter
from events_app.infra.jobs import ClaimedJob, JobHandler
from events_app.infra.world import World

Write = Callable[..., Awaitable[Letter | None]]


def _mail(write: Write) -> JobHandler:
    """`write` gets the payload's ids; None means that there is nobody to write to any more."""

    async def handle(world: World, job: ClaimedJob) -> None:
        letter = await write(world, **{name: UUID(value) for name, value in job.payload.items()})
        if letter is not None:
            await deliver(world, job, letter)

    return handle


HANDLERS: dict[str, JobHandler] = {
    "mail.sign_in": _mail(account_letters.sign_in),
    "mail.member_invited": _mail(account_letters.member_invited),
    "mail.invitation": _mail(event_letters.invitation),
    "mail.address_to_confirm": _mail(event_letters.address_to_confirm),
} | {kind: _mail(partial(event_letters.about_registration, kind=kind)) for kind in event_letters.OCCASIONS}

HANDLERS["mailing.trim"] = retention.trim

NIGHTLY = ("mailing.trim",)
