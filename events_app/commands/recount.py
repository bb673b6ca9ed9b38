"""`convive recount`: count again what is kept: registrations by status, who came, by group and gate."""

import argparse

from events_app.commands.session import with_database
from events_app.infra.world import World


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    subparsers.add_parser("recount", help="count again the figures that are kept")


def run(_: argparse.Namespace) -> int:
    from events_app.features.operations.recount import recount

    async def work(_: World) -> dict[str, int]:
        return await recount()

    wrong = with_database(work)
    for table, rows in wrong.items():
        print(f"{table}: {rows} rows were wrong")
    print("counted again" if wrong else "all figures were right")
    return 0
