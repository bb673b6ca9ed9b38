"""`convive worker`: do jobs (mails above all) beside servers that run with CONVIVE_WORKER_IN_PROCESS=0."""

import argparse
import asyncio
import signal

from events_app.commands.session import with_database
from events_app.infra import logs
from events_app.infra.world import World


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    subparsers.add_parser("worker", help="send mails and do other work beside the servers, until SIGTERM")


def run(_: argparse.Namespace) -> int:
    from events_app.app import run_worker
    from events_app.infra.processes import close_helpers

    async def work(world: World) -> None:
        logs.configure(world.settings.log_level)
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop.set)
        print("Convive: the worker runs", flush=True)
        await run_worker(world, stop)
        await close_helpers()

    with_database(work, hurried=True)
    return 0
