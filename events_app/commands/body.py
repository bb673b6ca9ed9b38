"""`convive body add NAME [--contact EMAIL]`, `convive body rename SLUG NAME`, `convive body list`.

NAME as in the middle of a sentence, with its article: "le Pôle métropolitain de l’Artois".
"""

import argparse
import sys

from events_app.commands.session import with_database
from events_app.infra.world import World
from events_app.kernel.text import fill


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("body", help="make, rename and list organising bodies")
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="make an organising body")
    add.add_argument("name", help="with its article, as in the middle of a sentence")
    add.add_argument("--contact", metavar="EMAIL", default="", help="the address that the public sees")
    rename = actions.add_parser("rename", help="give a body another name; its address stays")
    rename.add_argument("slug", help="as convive body list says")
    rename.add_argument("name", help="with its article, as in the middle of a sentence")
    rename.add_argument("--contact", metavar="EMAIL", help="the address that the public sees")
    actions.add_parser("list", help="list the bodies: slug, name, contact, how many people")


def run(args: argparse.Namespace) -> int:
    from events_app.kernel.errors import InvalidInput, NotFound

    work = {"add": _add, "rename": _rename, "list": _list}[args.action]
    try:
        for line in with_database(lambda world: work(world, args)):
            print(line)
    except InvalidInput as refused:
        for error in refused.errors:
            print(f"convive body: {fill(error.message, error.params)}", file=sys.stderr)
        return 1
    except NotFound:
        print(f"convive body: no organising body {args.slug!r} (convive body list)", file=sys.stderr)
        return 1
    return 0


async def _add(world: World, args: argparse.Namespace) -> list[str]:
    from events_app.features.accounts.bodies import add_body
    from events_app.features.accounts.service import ensure_first_body
    from events_app.kernel.actor import SYSTEM

    await ensure_first_body(world)  # the territory's own stays the first
    body = await add_body(world, SYSTEM, args.name, args.contact)
    return [body.slug]


async def _rename(world: World, args: argparse.Namespace) -> list[str]:
    from events_app.features.accounts.bodies import change_body
    from events_app.kernel.actor import SYSTEM

    body = await change_body(world, SYSTEM, args.slug, args.name, args.contact)
    return [f"{body.slug}: {body.in_a_sentence}"]


async def _list(world: World, _: argparse.Namespace) -> list[str]:
    from events_app.features.accounts.bodies import administered_bodies
    from events_app.features.accounts.service import ensure_first_body
    from events_app.kernel.actor import SYSTEM

    await ensure_first_body(world)
    return [
        "\t".join(
            (
                one.body.slug,
                one.body.in_a_sentence,
                one.body.contact_email or "no contact address",
                f"{one.members} people, {one.administrators} administrators",
            )
        )
        for one in await administered_bodies(SYSTEM)
    ]
