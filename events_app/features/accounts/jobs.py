"""Every night: links and sign-ins that no longer open anything."""

from events_app.features.accounts.sign_in import send_asked_link
from events_app.infra.database import execute
from events_app.infra.jobs import ClaimedJob, JobHandler
from events_app.infra.world import World


async def forget_expired(world: World, _: ClaimedJob) -> None:
    await execute("DELETE FROM login_link WHERE expires_at < {}", world.now())
    await execute("DELETE FROM login_session WHERE expires_at < {}", world.now())


HANDLERS: dict[str, JobHandler] = {
    "accounts.forget_expired": forget_expired,
    "accounts.send_link": send_asked_link,
}
NIGHTLY = ("accounts.forget_expired",)
