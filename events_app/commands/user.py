"""`convive user add EMAIL --role ROLE [--body SLUG]` and `convive user link EMAIL`."""

import argparse
import sys

from events_app.commands.session import with_database
from events_app.infra.world import World


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("user", help="add a member, or print a sign-in link for one")
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="give somebody a role in a body")
    add.add_argument("email")
    add.add_argument("--role", default="organiser", choices=["administrator", "organiser", "door", "coach"])
    add.add_argument("--name", default="")
    add.add_argument("--body", metavar="SLUG", help="the organising body; the first one unless said")
    link = actions.add_parser("link", help="print a single-use sign-in link")
    link.add_argument("email")


class _Failed(Exception):
    pass


def run(args: argparse.Namespace) -> int:
    try:
        print(with_database(lambda world: _add(world, args) if args.action == "add" else _link(world, args)))
    except _Failed as failed:
        print(f"convive user: {failed}", file=sys.stderr)
        return 1
    return 0


async def _add(world: World, args: argparse.Namespace) -> str:
    from events_app.features.accounts.members import LastAdministrator, add_member
    from events_app.features.accounts.rules import INVITATION_LIFE
    from events_app.features.accounts.service import body_by_slug, ensure_first_body
    from events_app.features.accounts.sign_in import make_link
    from events_app.kernel.actor import SYSTEM
    from events_app.kernel.errors import InvalidInput

    body_id = await body_by_slug(args.body) if args.body else await ensure_first_body(world)
    if body_id is None:
        raise _Failed(f"no organising body {args.body!r}")
    try:
        account_id = await add_member(world, SYSTEM, body_id, args.email, args.role, args.name, invite=False)
    except InvalidInput as refused:
        raise _Failed(refused.errors[0].message) from refused
    except LastAdministrator as refused:
        raise _Failed(refused.detail) from refused
    return await make_link(world, account_id, INVITATION_LIFE)


async def _link(world: World, args: argparse.Namespace) -> str:
    from events_app.features.accounts.rules import LINK_LIFE
    from events_app.features.accounts.sign_in import make_link
    from events_app.infra.database import row
    from events_app.kernel.text import fold_email

    account = await row("SELECT id FROM account WHERE email_folded = {}", fold_email(args.email))
    if account is None:
        raise _Failed(f"no account for {args.email!r}")
    return await make_link(world, account["id"], LINK_LIFE)
