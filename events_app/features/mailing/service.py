"""What organisers do with mails."""

from uuid import UUID

from events_app.features.events.access import may_edit
from events_app.features.events.queries import event_by_id
from events_app.features.mailing.model import MailStatus, StoredMail
from events_app.features.mailing.queries import mail_by_id
from events_app.infra import audit
from events_app.infra.database import execute, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, Conflict, NotFound


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
        changed = await execute(
            "UPDATE mail SET status = {}, error = NULL, content = {} WHERE id = {} AND status = {}",
            MailStatus.QUEUED.value,
            b"",
            mail.id,
            MailStatus.FAILED.value,
        )
        if not changed:
            raise NotFailed
        await execute(
            "UPDATE job SET done_at = NULL, failed_at = NULL, error = NULL, attempts = 0, run_at = {},"
            " leased_until = NULL WHERE id = {}",
            world.now(),
            mail.job_id,
        )
        await audit.record(world, actor, "mail.sent_again", event_id=mail.event_id, object_id=mail.id)
