"""Command line: one module of `events_app.commands` per sub-command, imported when it is asked for."""

import argparse
import os
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from events_app.infra.settings import SettingsError

COMMANDS = {
    "serve": "serve",
    "worker": "worker",
    "inbound": "inbound",
    "migrate": "migrate",
    "demo": "demo",
    "backup": "backup",
    "restore": "restore",
    "api-key": "api_key",
    "user": "user",
    "body": "body",
    "doctor": "doctor",
    "recount": "recount",
    "plan": "plan",
}


def main(argv: list[str] | None = None) -> None:
    argv = sys.argv[1:] if argv is None else argv
    _find_piccolo_conf()
    parser = argparse.ArgumentParser(
        prog="convive",
        description="Events for a territory. Settings come from the environment (docs/hosting.md).",
        epilog="convive COMMAND --help says what a command takes.",
    )
    parser.add_argument("--version", action="version", version=f"convive {version('convive')}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    asked = next((word for word in argv if not word.startswith("-")), None)
    names = [asked] if asked in COMMANDS else list(COMMANDS)
    modules = {name: import_module(f"events_app.commands.{COMMANDS[name]}") for name in names}
    for name, module in modules.items():
        module.add_parser(subparsers)
        subparsers.choices[name].description = (module.__doc__ or "").strip()
    args = parser.parse_args(argv)
    if args.command is None:
        parser.print_help(sys.stderr)
        raise SystemExit(2)
    try:
        status = modules[args.command].run(args)
    except SettingsError as error:
        print(f"convive: {error}", file=sys.stderr)  # noqa: T201
        status = 2
    except KeyboardInterrupt:
        status = 130
    except Exception as error:
        if not _says_enough(error):
            raise
        print(f"convive: {error}{_where_to_look(error)}", file=sys.stderr)  # noqa: T201
        status = 1
    raise SystemExit(status)


def _says_enough(error: Exception) -> bool:
    """A database that is away, or of a later version: its sentence, no traceback."""
    from events_app.infra.database import DatabaseBusy, NewerDatabase

    return isinstance(error, DatabaseBusy | NewerDatabase)


def _where_to_look(error: Exception) -> str:
    from events_app.infra.database import DatabaseAway

    return " (check CONVIVE_DATABASE_URL)" if isinstance(error, DatabaseAway) else ""


def _find_piccolo_conf() -> None:
    """Make `piccolo_conf` importable wherever the command is run."""
    os.environ.setdefault("PICCOLO_CONF", "piccolo_conf")
    beside = str(Path(__file__).resolve().parent.parent)
    if beside not in sys.path:
        sys.path.append(beside)


if __name__ == "__main__":
    main()
