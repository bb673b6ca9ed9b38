"""What the worker does about messages."""

from events_app.features.mailing.jobs import mail
from events_app.features.messages import letters, service
from events_app.features.messages.job_kinds import BEGIN, COPY, TEST, AboutMessage
from events_app.infra.job_kinds import ClaimedJob
from events_app.infra.world import World


async def begin(world: World, _: ClaimedJob, due: AboutMessage) -> None:
    await service.begin_if_due(world, due.message_id)


HANDLERS = (BEGIN.done_by(begin), mail(COPY, letters.copy), mail(TEST, letters.test))
