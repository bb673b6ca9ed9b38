"""Work of this feature that happens by itself."""

from events_app.features.registration.erasure import erase_expired
from events_app.infra.jobs import ClaimedJob, JobHandler
from events_app.infra.world import World


async def erase_expired_people(world: World, job: ClaimedJob) -> None:
    await erase_expired(world)


HANDLERS: dict[str, JobHandler] = {"people.erase_expired": erase_expired_people}
NIGHTLY = ("people.erase_expired",)
