"""Work of every night: each kind becomes one job a day, however many workers there are."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

from events_app.infra.database import DatabaseBusy, execute
from events_app.infra.job_kinds import ClaimedJob, Done, Kind, Nothing, written
from events_app.infra.nights import believe, still_believed
from events_app.infra.world import World
from events_app.kernel.civil_time import DEFAULT_ZONE, to_wall

HOUR = 3  # of the territory's clock, when nobody registers
LOOK_EVERY_SECONDS = 60.0

log = logging.getLogger("convive.jobs")


async def enqueue_tonight(world: World, kinds: Iterable[Kind[Nothing]]) -> None:
    """The jobs of the day that began at `HOUR`, once that night is believed. Repeated calls add nothing: the
    id names the day."""
    now, today = world.now(), tonight(world)
    if not await believe(today.toordinal()):
        return
    day = today.isoformat()
    for kind in kinds:
        await execute(
            "INSERT INTO job (id, kind, payload, run_at, attempts, created_at)"
            " VALUES ({}, {}, {}, {}, {}, {}) ON CONFLICT (id) DO NOTHING",
            uuid5(NAMESPACE_URL, f"convive:nightly:{kind.name}:{day}"),
            kind.name,
            written(Nothing()),
            now,
            0,
            now,
        )


def tonight(world: World) -> date:
    return (to_wall(world.now(), DEFAULT_ZONE) - timedelta(hours=HOUR)).date()


def when_believed(done: Done) -> Done:
    """The clock may also jump between the night's beginning and the job."""

    async def handle(world: World, job: ClaimedJob) -> None:
        if await still_believed(tonight(world).toordinal()):
            await done.handler(world, job)

    return Done(done.kind, handle)


Look = Callable[[World], Awaitable[None]]


async def keep_nightly(
    world: World, kinds: Iterable[Kind[Nothing]], stop: asyncio.Event, looks: Sequence[Look] = ()
) -> None:
    """Beside a worker, until `stop` is set. `looks`: what is looked for each time, and safe to repeat."""
    kinds = tuple(kinds)
    while not stop.is_set():
        try:
            await enqueue_tonight(world, kinds)
            for look in looks:
                await look(world)
        except DatabaseBusy:
            pass  # the database's own log says it; the next look comes soon
        except Exception:
            log.exception("the work of the night could not be written down")
        try:
            async with asyncio.timeout(LOOK_EVERY_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue
