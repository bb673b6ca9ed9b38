"""`convive backup FILE`: the whole installation as one file, also while the server runs."""

import argparse
import sys
from pathlib import Path

from events_app.commands.session import with_database
from events_app.infra.world import World


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("backup", help="write the whole installation to one file")
    parser.add_argument("file", type=Path)


def run(args: argparse.Namespace) -> int:
    from events_app.features.operations.backup import BackupError, BackupInfo, write_backup
    from events_app.piccolo_app import TABLES

    async def save(world: World) -> BackupInfo:
        return await write_backup(args.file, TABLES, world.now(), world.settings.secret_key.reveal())

    try:
        info = with_database(save)
    except (BackupError, OSError) as error:
        print(f"convive backup: {error}", file=sys.stderr)
        return 1
    print(
        f"{sum(info.counts.values())} rows in {args.file}. Keep it safe: it holds personal data and secrets."
    )
    return 0
