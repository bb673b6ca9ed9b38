"""`convive serve`: migrate, then answer requests until SIGTERM or SIGINT."""

import argparse
import asyncio
import errno
import os
import signal
import socket
import sys

from events_app.commands.session import with_database
from events_app.infra.settings import Settings, load_settings
from events_app.infra.world import World

GRACE_SECONDS = 3  # open counters (server-sent events) are cut after this


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("serve", help="serve the site")
    parser.add_argument(
        "--demo", action="store_true", help="fill an empty data folder with the demo territory"
    )


def run(args: argparse.Namespace) -> int:
    settings = load_settings()
    if settings.workers > 1 and settings.database_url.startswith("sqlite"):
        print("convive: CONVIVE_WORKERS above 1 needs PostgreSQL (CONVIVE_DATABASE_URL)", file=sys.stderr)
        return 2
    if not _is_free(settings.host, settings.port):
        print(f"convive: port {settings.port} of {settings.host} is taken (CONVIVE_PORT)", file=sys.stderr)
        return 2
    for line in with_database(_first_demo_start if args.demo else _first_start):
        print(line, flush=True)
    if settings.workers == 1:
        asyncio.run(_serve_here(settings))
        # All is closed by now. What is left of the interpreter's end races with the server's native threads,
        # which once in some hundred stops abort the process.
        sys.stdout.flush()
        os._exit(0)
    else:
        _serve_in_processes(settings)
    return 0


def _is_free(host: str, port: int) -> bool:
    """Asked by hand: the server shares a port without a word, and two installations would mix."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno != errno.EADDRINUSE
    return True


async def _first_start(world: World) -> list[str]:
    from events_app.features.accounts.members import first_administrator_link
    from events_app.features.accounts.service import ensure_first_body
    from events_app.features.admission.tickets import keyring

    await keyring(world)
    lines = [f"Convive: {world.settings.base_url}"]
    if link := await first_administrator_link(world, await ensure_first_body(world)):
        lines.append(f"The first administrator signs in here, once: {link}")
    return lines


async def _first_demo_start(world: World) -> list[str]:
    from events_app.commands.demo import first_steps, prepare
    from events_app.features.admission.tickets import keyring

    if refused := await prepare(world, reset=False):
        return [f"No demo: {refused}", *await _first_start(world)]
    await keyring(world)
    return [f"Convive, the demo territory: {world.settings.base_url}", *await first_steps(world)]


async def _serve_here(settings: Settings) -> None:
    """One process: the server, the worker and the database's writer share it."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server.embed import Server

    from events_app.app import application
    from events_app.features.admission import live

    server = Server(
        application(),
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        log_level=LogLevels.warning,
        backlog=2048,
    )
    loop = asyncio.get_running_loop()

    def stop() -> None:
        live.end_streams()  # open ones would keep the server waiting for their end
        server.stop()  # type: ignore[no-untyped-call]

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop)
    await server.serve()


def _serve_in_processes(settings: Settings) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "events_app.app:application",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        log_level=LogLevels.warning,
        backlog=2048,
        workers_kill_timeout=GRACE_SECONDS,
    ).serve()
