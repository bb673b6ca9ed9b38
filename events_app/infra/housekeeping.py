"""What the program itself leaves behind and nobody asks for again."""

from datetime import timedelta

from events_app.infra.database import execute
from events_app.infra.job_kinds import ClaimedJob, Kind, Nothing
from events_app.infra.world import World

JOBS_KEPT = timedelta(days=30)  # of those that ended well
FAILED_JOBS_KEPT = timedelta(days=90)  # as long as the content of the mails that they were to send
TIDY = Kind("infra.tidy", Nothing)

ANSWERS_KEPT = timedelta(days=1)  # to a repeated Idempotency-Key


async def tidy(world: World, _job: ClaimedJob, _: Nothing) -> None:
    """Every night; repeating it changes nothing."""
    now = world.now()
    await execute("DELETE FROM job WHERE done_at < {}", now - JOBS_KEPT)
    await execute("DELETE FROM job WHERE failed_at < {}", now - FAILED_JOBS_KEPT)
    await execute("DELETE FROM idempotent_answer WHERE created_at < {}", now - ANSWERS_KEPT)


HANDLERS = (TIDY.done_by(tidy),)
NIGHTLY = (TIDY,)
