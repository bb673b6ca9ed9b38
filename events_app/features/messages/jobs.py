"""What the worker does about messages."""

from uuid import UUID

from events_app.features.mailing.jobs import mail_job
from events_app.features.messages import letters, service
from events_app.infra.jobs import ClaimedJob, JobHandler
from events_app.infra.world import World


async def begin(world: World, job: ClaimedJob) -> None:
    await service.begin_if_due(world, UUID(str(job.payload["message_id"])))


HANDLERS: dict[str, JobHandler] = {
    service.BEGIN: begin,
    service.COPY: mail_job(letters.copy),
    service.TEST: mail_job(letters.test),
}
