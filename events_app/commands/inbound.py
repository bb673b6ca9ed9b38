"""`convive inbound < MESSAGE`: take in what comes back by mail: notices of delivery, answers to invitations.

For a mail server's pipe. It says what became of the message. All but a database that is away ends well, so
that no mail server answers the sender."""

import argparse
import sys

from events_app.commands.session import with_database
from events_app.infra.world import World

_LATER = 75  # EX_TEMPFAIL: the mail server tries again


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    subparsers.add_parser("inbound", help="take in a message that came back, from standard input")


def run(_: argparse.Namespace) -> int:
    from events_app.app import introduce_features
    from events_app.features.inbound.reading import MOST_BYTES
    from events_app.features.inbound.service import receive
    from events_app.infra.database import DatabaseBusy

    raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    while sys.stdin.buffer.read(MOST_BYTES):  # what is left: a pipe that is closed early is a failed delivery
        pass

    async def work(world: World) -> str:
        introduce_features()
        return await receive(world, raw)

    try:
        print(with_database(work))
    except DatabaseBusy as busy:
        print(f"convive: {busy}", file=sys.stderr)
        return _LATER
    return 0
