"""`convive user add EMAIL --role ROLE [--body SLUG]`, `convive user link EMAIL`, `convive user list`,
`convive user disable EMAIL`, `convive user enable EMAIL`."""

import argparse
import sys

from events_app.commands.session import with_database
from events_app.infra.world import World


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("user", help="add, list, disable people; print a sign-in link")
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="give somebody a role in a body")
    add.add_argument("email")
    add.add_argument("--role", default="organiser", choices=["administrator", "organiser", "door", "coach"])
    add.add_argument("--name", default="")
    add.add_argument("--body", metavar="SLUG", help="the organising body; the first one unless said")
    link = actions.add_parser("link", help="print a single-use sign-in link")
    link.add_argument("email")
    disable = actions.add_parser("disable", help="end an access at once and everywhere")
    disable.add_argument("email")
    enable = actions.add_parser("enable", help="give a disabled access back")
    enable.add_argument("email")
    actions.add_parser("list", help="list everybody who has an access, or had one")


class _Failed(Exception):
    pass


def run(args: argparse.Namespace) -> int:
    work = {"add": _add, "link": _link, "disable": _disable, "enable": _enable, "list": _list}[args.action]
    try:
        if said := with_database(lambda world: work(world, args)):
            print(said)
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

    account = await row("SELECT id, disabled_at FROM account WHERE email_folded = {}", fold_email(args.email))
    if account is None:
        raise _Failed(f"no account for {args.email!r}")
    if account["disabled_at"] is not None:
        raise _Failed(f"{args.email} is disabled: convive user enable {args.email}")
    return await make_link(world, account["id"], LINK_LIFE)


async def _disable(world: World, args: argparse.Namespace) -> str:
    from events_app.features.accounts.closing import account_of, disable_account
    from events_app.features.accounts.members import LastAdministrator
    from events_app.kernel.actor import SYSTEM
    from events_app.kernel.errors import NotFound

    try:
        await disable_account(world, SYSTEM, await account_of(args.email))
    except NotFound as refused:
        raise _Failed(f"no account for {args.email!r}") from refused
    except LastAdministrator as refused:
        raise _Failed(refused.detail) from refused
    return f"{args.email} is disabled"


async def _enable(world: World, args: argparse.Namespace) -> str:
    from events_app.features.accounts.closing import account_of, enable_account
    from events_app.kernel.actor import SYSTEM
    from events_app.kernel.errors import NotFound

    try:
        await enable_account(world, SYSTEM, await account_of(args.email))
    except NotFound as refused:
        raise _Failed(f"no account for {args.email!r}") from refused
    return f"{args.email} is enabled"


async def _list(world: World, _: argparse.Namespace) -> str:
    from events_app.features.accounts.closing import all_accounts
    from events_app.features.accounts.service import ensure_first_body
    from events_app.kernel.actor import SYSTEM

    await ensure_first_body(world)
    return "\n".join(
        "\t".join(
            (
                account.email,
                account.name,
                "disabled" if account.disabled_at else "enabled",
                ", ".join(f"{role.value} of {body}" for body, role in account.roles) or "no role",
            )
        )
        for account in await all_accounts(SYSTEM)
    )
