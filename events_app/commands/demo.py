"""`convive demo [--reset]`: fill an empty installation with the demo territory, or start it over."""

import argparse
import sys

from events_app.commands.session import with_database
from events_app.infra.world import World


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("demo", help="fill an empty installation with the demo territory")
    parser.add_argument("--reset", action="store_true", help="throw the demo away and start over")


def run(args: argparse.Namespace) -> int:
    refused = with_database(lambda world: prepare(world, reset=args.reset))
    if refused:
        print(f"convive demo: {refused}", file=sys.stderr)
        return 1
    print("The demo territory is ready: convive serve --demo")
    return 0


async def prepare(world: World, *, reset: bool) -> str | None:
    """What stands in the way, or None. Only a demo is ever thrown away."""
    from events_app.features.operations.demo import fill
    from events_app.piccolo_app import TABLES

    if await fill.is_demo():
        if not reset:
            return None
        await fill.empty(TABLES)
    elif not await fill.is_empty():
        return "this installation is in use; a demo needs an empty CONVIVE_DATA_DIR"
    await fill.fill(world)
    return None


async def first_steps(world: World) -> list[str]:
    """Where to click first: lines for the person who just typed `make run`."""
    from events_app.features.accounts.rules import INVITATION_LIFE
    from events_app.features.accounts.sign_in import make_link
    from events_app.features.operations.demo.fill import STAFF
    from events_app.features.operations.demo.programme import MONKEY_TIME
    from events_app.infra.database import row

    lines = [
        f"  agenda          {world.url('/')}",
        f"  an event        {world.url(f'/events/{MONKEY_TIME}')}",
    ]
    for email, _, role in STAFF:
        account = await row("SELECT id FROM account WHERE email_folded = {}", email)
        if account:
            lines.append(f"  {role:<15} {await make_link(world, account['id'], INVITATION_LIFE)}")
    lines += [
        "",
        "Each link signs in once. First, as the organiser, place the people of the Monkey Time:",
        f"  placement       {world.url(f'/org/events/{MONKEY_TIME}/placement')}",
        f"  mail as sent    {world.url('/org/outbox')}",
        f"  door            {world.url(f'/door/{MONKEY_TIME}')}",
    ]
    return lines
