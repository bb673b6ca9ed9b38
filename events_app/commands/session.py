"""A command's own short-lived connection to the database."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from events_app.infra.database import close_database, make_engine, migrate, open_database, use_engine
from events_app.infra.settings import load_settings
from events_app.infra.world import World
from events_app.kernel.clock import SystemClock
from events_app.kernel.ids import SystemEntropy

T = TypeVar("T")


def with_database(work: Callable[[World], Awaitable[T]]) -> T:
    """Run `work` against the migrated database of the environment's settings."""

    async def inside() -> T:
        world = World(settings=load_settings(), clock=SystemClock(), entropy=SystemEntropy())
        use_engine(make_engine(world.settings.database_url))
        await open_database()
        try:
            await migrate()
            return await work(world)
        finally:
            await close_database()

    return asyncio.run(inside())
