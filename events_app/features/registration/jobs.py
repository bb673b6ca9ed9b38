"""Work of this feature that happens by itself."""

from events_app.features.registration.erasure import erase_expired
from events_app.features.registration.job_kinds import ERASE_EXPIRED
from events_app.infra.job_kinds import ClaimedJob, Nothing
from events_app.infra.world import World


async def erase_expired_people(world: World, _job: ClaimedJob, _: Nothing) -> None:
    await erase_expired(world)


HANDLERS = (ERASE_EXPIRED.done_by(erase_expired_people),)
NIGHTLY = (ERASE_EXPIRED,)
