"""What organisers do with mails."""

from collections.abc import Sequence
from uuid import UUID

from events_app.features.events.access import may_edit
from events_app.features.events.queries import event_by_id
from events_app.features.mailing.model import OutboxFilter, StoredMail
from events_app.features.mailing.queries import failed_mails, mail_by_id
from events_app.infra import audit, outbox, pending_jobs
from events_app.infra.database import unit_of_work
from events_app.infra.outbox import MailStatus
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, Conflict, NotFound

_AT_A_TIME = 500


class NotFailed(Conflict):
    type = "mail-not-failed"
    title = N_("This mail did not fail")
    detail = N_("Only a mail that could not be delivered is sent again.")


async def readable_mail(actor: Actor, mail_id: UUID) -> StoredMail:
    """Raises `NotFound`: also whether there is such a mail is nobody else's business."""
    mail = await mail_by_id(mail_id)
    event = await event_by_id(mail.event_id) if mail and mail.event_id else None
    if mail is None or event is None or not may_edit(actor, event):
        raise NotFound
    return mail


async def send_again(world: World, actor: Actor, mail_id: UUID) -> None:
    """A mail that failed is written anew, to the address and with the facts of now. Raises `NotFailed`."""
    async with unit_of_work():
        mail = await readable_mail(actor, mail_id)
        if mail.status is not MailStatus.FAILED:
            raise NotFailed
        await _again(world, [(mail.id, mail.job_id)])
        await audit.record(world, actor, "mail.sent_again", event_id=mail.event_id, object_id=mail.id)


async def send_all_again(world: World, actor: Actor, wanted: OutboxFilter) -> int:
    """All that failed of one event or of these bodies; how many. `wanted`: only what the actor may read."""
    async with unit_of_work():
        failed = await failed_mails(wanted)
        await _again(world, failed)
        if failed:
            await audit.record(world, actor, "mail.sent_again", event_id=wanted.event_id, mails=len(failed))
    return len(failed)


async def _again(world: World, mails: Sequence[tuple[UUID, UUID]]) -> None:
    for start in range(0, len(mails), _AT_A_TIME):
        part = mails[start : start + _AT_A_TIME]
        await outbox.write_again([mail_id for mail_id, _ in part])
        await pending_jobs.do_again(world, [job_id for _, job_id in part])
