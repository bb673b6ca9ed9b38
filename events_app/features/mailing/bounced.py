"""A mail that was taken by a server and came back later."""

from events_app.infra import audit, outbox
from events_app.infra.database import row, unit_of_work
from events_app.infra.outbox import MailStatus
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM


async def note_bounce(world: World, message_id: str, reason: str) -> bool:
    """Whether it is one of ours. A second notice of the same changes nothing."""
    async with unit_of_work():
        mail = await row(  # index mail_message
            "SELECT id, job_id, event_id, status FROM mail WHERE message_id = {}"
            " AND status IN ('sent', 'bounced')",
            message_id,
        )
        if mail is None:
            return False
        if mail["status"] == MailStatus.SENT.value:
            await outbox.note(mail["job_id"], MailStatus.BOUNCED, reason)
            await audit.record(world, SYSTEM, "mail.bounced", event_id=mail["event_id"], object_id=mail["id"])
        return True
