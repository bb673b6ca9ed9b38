"""`convive serve`: migrate, then answer requests until SIGTERM or SIGINT."""

import argparse
import asyncio
import logging
import os
import resource
import signal
import socket
import sys

from events_app.commands.session import with_database
from events_app.infra.hops import forget_hops
from events_app.infra.settings import PREFIX, Settings, SettingsError, load_settings, unknown_settings
from events_app.infra.world import World

MOST_FILES = 65_536
HEADERS_WITHIN_MS = 10_000  # a caller who says nothing for so long, or says it so slowly, is hung up on
GRACE_SECONDS = 3  # open counters (server-sent events) are cut after this
OPTIONS = ("host", "port", "workers")  # each stands before the setting of its name


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("serve", help="serve the site")
    parser.add_argument("--host", help="the address to listen on (else CONVIVE_HOST, else 127.0.0.1)")
    parser.add_argument("--port", help="the port to listen on (else CONVIVE_PORT, else 8000)")
    parser.add_argument(
        "--workers",
        metavar="N",
        help="server processes (else CONVIVE_WORKERS, else 1); several need PostgreSQL",
    )
    parser.add_argument(
        "--demo", action="store_true", help="fill an empty data folder with the demo territory"
    )


def run(args: argparse.Namespace) -> int:
    settings = _settings(args)
    if settings.workers > 1 and settings.database_url.startswith("sqlite"):
        return _refuse(
            "several workers need PostgreSQL (CONVIVE_DATABASE_URL): on SQLite one alone is faster"
        )
    if reason := _cannot_listen(settings.host, settings.port):
        return _refuse(reason)
    for sentence in unknown_settings():
        print(f"convive: {sentence}", file=sys.stderr)
    _open_enough_files()
    forget_hops(settings.data_dir)
    for line in with_database(_first_demo_start if args.demo else _first_start):
        print(line, flush=True)
    for line in with_database(_warnings):
        print(f"convive: {line}", file=sys.stderr)
    if settings.workers == 1:
        asyncio.run(_serve_here(settings))
        # All is closed by now. What is left of the interpreter's end races with the server's native threads,
        # which once in some hundred stops abort the process.
        sys.stdout.flush()
        os._exit(0)
    else:
        _serve_in_processes(settings)
    return 0


def _open_enough_files() -> None:
    """Each connection is a file: the usual soft limit of 1,024 is soon held by silent callers."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _settings(args: argparse.Namespace) -> Settings:
    """Options go into the environment, where the processes that are started find them too."""
    given = {name: value for name in OPTIONS if (value := getattr(args, name)) is not None}
    for name, value in given.items():
        if not value.strip():
            raise SettingsError(f"--{name} is empty")
        os.environ[PREFIX + name.upper()] = value
    try:
        return load_settings()
    except SettingsError as error:
        sentence = str(error)
        for name in given:
            sentence = sentence.replace(f"{PREFIX}{name.upper()} ", f"--{name} ")
        raise SettingsError(sentence) from error


def _refuse(sentence: str) -> int:
    print(f"convive: {sentence}", file=sys.stderr)
    return 2


def _cannot_listen(host: str, port: int) -> str | None:
    """Asked by hand: the server shares a port without a word, and two installations would mix."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, _, _, address in found[:1]:
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return (
            f"cannot listen on port {port} of {host}: {reason} (CONVIVE_HOST, CONVIVE_PORT, --host, --port)"
        )
    return None


def _address(host: str) -> str:
    """The server takes numbers only."""
    return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])


async def _first_start(world: World) -> list[str]:
    from events_app.features.accounts.members import first_administrator_link
    from events_app.features.accounts.service import ensure_first_body
    from events_app.features.admission.tickets import keyring
    from events_app.infra.database import alone

    lines = [f"Convive: {world.settings.base_url}"]
    async with alone():  # of two servers that start at once, one makes what both need
        await keyring(world)
        link = await first_administrator_link(world, await ensure_first_body(world))
    if link:
        lines.append(f"The first administrator signs in here, once: {link}")
    return lines


async def _warnings(world: World) -> list[str]:
    """What a look finds wrong; the doctor says all of it."""
    from events_app.features.operations.doctor import at_the_start

    return [
        f"{finding.subject}: {finding.words} -> {finding.remedy}"
        for finding in await at_the_start(world.settings)
    ]


async def _first_demo_start(world: World) -> list[str]:
    from events_app.commands.demo import first_steps, prepare
    from events_app.features.admission.tickets import keyring

    if refused := await prepare(world, reset=False):
        return [f"No demo: {refused}", *await _first_start(world)]
    await keyring(world)
    return [f"Convive, the demo territory: {world.settings.base_url}", *await first_steps(world)]


async def _serve_here(settings: Settings) -> None:
    """One process: the server, the worker and the database's writer share it (docs/decisions/0070)."""
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server.embed import Server

    from events_app.app import application
    from events_app.features.admission import live

    logging.getLogger("_granian").addFilter(_is_news)
    server = Server(
        application(),
        address=_address(settings.host),
        port=settings.port,
        interface=Interfaces.ASGI,
        log_level=LogLevels.warning,
        backlog=2048,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN_MS),
    )
    loop = asyncio.get_running_loop()

    def stop() -> None:
        live.end_streams()  # open ones would keep the server waiting for their end
        server.stop()  # type: ignore[no-untyped-call]

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop)
    await server.serve()


def _is_news(record: logging.LogRecord) -> bool:
    """That its embedding may change is ours to know, who hold its version, and nothing a host could mend."""
    return record.msg != "Embedded server is experimental!"


def _serve_in_processes(settings: Settings) -> None:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    Granian(
        "events_app.app:application",
        factory=True,
        address=_address(settings.host),
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        log_level=LogLevels.warning,
        backlog=2048,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN_MS),
        workers_kill_timeout=GRACE_SECONDS,
    ).serve()
