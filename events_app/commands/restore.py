"""`convive restore FILE --yes`: replace everything by a backup, from SQLite or PostgreSQL into either."""

import argparse
import os
import sys
from pathlib import Path

from events_app.commands.session import with_database
from events_app.infra.private_files import write_whole
from events_app.infra.world import World


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("restore", help="replace everything by a backup")
    parser.add_argument("file", type=Path)
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(args: argparse.Namespace) -> int:
    from events_app.features.operations.backup import BackupError, BackupInfo, restore_backup
    from events_app.infra.settings import load_settings
    from events_app.piccolo_app import TABLES

    if not args.yes and not sys.stdin.isatty():
        print("convive restore: it replaces everything; say so by --yes", file=sys.stderr)
        return 2
    if not args.yes:
        print("All that is in the database now is replaced. Type yes to go on: ", end="", flush=True)
        if sys.stdin.readline().strip() != "yes":
            return 1

    async def load(_: World) -> BackupInfo:
        return await restore_backup(args.file, TABLES)

    try:
        info = with_database(load)
    except BackupError as error:
        print(f"convive restore: {error}", file=sys.stderr)
        return 1
    print(f"{sum(info.counts.values())} rows, as they were on {info.created_at:%Y-%m-%d %H:%M} UTC.")
    settings = load_settings()
    if info.secret_key != settings.secret_key.reveal():
        if os.environ.get("CONVIVE_SECRET_KEY"):
            print("CONVIVE_SECRET_KEY is not the one of the backup: its tickets are refused until it is set.")
        else:
            write_whole(settings.data_dir / "secret-key", info.secret_key + "\n", replace=True)
            print("The secret key of the backup is in place: restart the server.")
    return 0
