"""Every night: links and sign-ins that no longer open anything."""

from events_app.features.accounts.job_kinds import FORGET_EXPIRED, SEND_LINK
from events_app.features.accounts.sign_in import send_asked_link
from events_app.infra.database import execute
from events_app.infra.job_kinds import ClaimedJob, Nothing
from events_app.infra.world import World


async def forget_expired(world: World, _job: ClaimedJob, _: Nothing) -> None:
    await execute("DELETE FROM login_link WHERE expires_at < {}", world.now())
    await execute("DELETE FROM login_session WHERE expires_at < {}", world.now())


HANDLERS = (FORGET_EXPIRED.done_by(forget_expired), SEND_LINK.done_by(send_asked_link))
NIGHTLY = (FORGET_EXPIRED,)
