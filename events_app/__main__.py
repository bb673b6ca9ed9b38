"""Command line: one sub-command per module of `events_app.commands`."""


def main() -> None:
    raise SystemExit("not yet")
