"""`convive api-key create --name NAME --role organiser|door|reader [--event SLUG] [--body SLUG]`"""

import argparse
import sys
from uuid import UUID

from events_app.commands.session import with_database
from events_app.infra.world import World


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("api-key", help="make a key for a program (printed once, alone)")
    actions = parser.add_subparsers(dest="action", required=True)
    create = actions.add_parser("create")
    create.add_argument("--name", required=True)
    create.add_argument("--role", required=True, choices=["organiser", "door", "reader"])
    create.add_argument("--event", metavar="SLUG", help="bind the key to one event")
    create.add_argument("--body", metavar="SLUG", help="the organising body; the first one unless said")


def run(args: argparse.Namespace) -> int:
    from events_app.features.accounts.service import body_by_slug, create_api_key, ensure_first_body
    from events_app.infra.database import row
    from events_app.kernel.actor import SYSTEM, Role
    from events_app.kernel.errors import InvalidInput

    async def create(world: World) -> str:
        body_id = await ensure_first_body(world)
        event_id = None
        if args.body:
            named = await body_by_slug(args.body)
            if named is None:
                raise _Failed(f"no organising body {args.body!r}")
            body_id = named
        if args.event:
            event = await row("SELECT id, body FROM event WHERE slug = {}", args.event)
            if event is None:
                raise _Failed(f"no event {args.event!r}")
            event_id, body_id = UUID(str(event["id"])), UUID(str(event["body"]))
        try:
            return await create_api_key(world, SYSTEM, body_id, args.name, Role(args.role), event_id)
        except InvalidInput as error:
            raise _Failed(error.errors[0].message) from error

    try:
        key = with_database(create)
    except _Failed as failed:
        print(f"convive api-key: {failed}", file=sys.stderr)
        return 1
    print(key)
    return 0


class _Failed(Exception):
    pass
