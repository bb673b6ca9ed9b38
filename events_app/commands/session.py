"""A command's own short-lived connection to the database."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from events_app.infra import private_files
from events_app.infra.database import (
    close_database,
    make_engine,
    migrate,
    open_database,
    unhurried,
    use_engine,
)
from events_app.infra.settings import load_settings
from events_app.infra.world import World
from events_app.kernel.clock import SystemClock
from events_app.kernel.ids import SystemEntropy

T = TypeVar("T")


def with_database(work: Callable[[World], Awaitable[T]], *, hurried: bool = False) -> T:
    """Run `work` against the migrated database of the environment's settings. `hurried`: with the time limits
    of a server, as nobody waits for a command with an open page."""

    async def inside() -> T:
        world = World(settings=load_settings(), clock=SystemClock(), entropy=SystemEntropy())
        private_files.tighten_folder(world.settings.data_dir)
        use_engine(make_engine(world.settings.database_url))
        await open_database()
        try:
            await migrate()
            if hurried:
                return await work(world)
            with unhurried():
                return await work(world)
        finally:
            await close_database()

    return asyncio.run(inside())
