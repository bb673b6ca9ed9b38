"""How long mails are kept: what was written goes after three months, that it was written stays a year."""

from datetime import timedelta

from events_app.infra import outbox
from events_app.infra.job_kinds import ClaimedJob, Nothing
from events_app.infra.world import World

CONTENT_KEPT = timedelta(days=90)
LINE_KEPT = timedelta(days=365)


async def trim(world: World, _job: ClaimedJob, _: Nothing) -> None:
    """Every night; repeating it changes nothing."""
    now = world.now()
    await outbox.trim(now - CONTENT_KEPT, now - LINE_KEPT)
