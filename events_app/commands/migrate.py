"""`convive migrate`: bring the database to this version's tables."""

import argparse
import asyncio

from events_app.infra.database import close_database, migrate, open_database


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    subparsers.add_parser("migrate", help="bring the database to this version's tables")


def run(_: argparse.Namespace) -> int:
    async def inside() -> list[str]:
        await open_database()
        try:
            return await migrate()
        finally:
            await close_database()

    done = asyncio.run(inside())
    print("\n".join(f"migrated: {name}" for name in done) or "nothing to migrate")
    return 0
