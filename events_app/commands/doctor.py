"""`convive doctor`: what is wrong with a set-up and how to mend it. Exit status 1 when something is."""

import argparse
import asyncio
from contextlib import suppress

MARKS = {True: "ok  ", False: "BAD ", None: "note"}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    subparsers.add_parser("doctor", help="say what is wrong with a set-up and how to mend it")


def run(_: argparse.Namespace) -> int:
    from events_app.features.operations.doctor import examine
    from events_app.features.operations.findings import Finding
    from events_app.infra.database import close_database, open_database
    from events_app.infra.processes import paper_shop
    from events_app.infra.settings import load_settings

    async def inside() -> list[Finding]:
        # Nothing is migrated: a doctor looks.
        settings = load_settings()
        with suppress(Exception):  # the findings say it in words
            await open_database()
        try:
            return await examine(settings)
        finally:
            await paper_shop.close()
            await close_database()

    findings = asyncio.run(inside())
    for finding in findings:
        print(f"{MARKS[finding.good]} {finding.subject}: {finding.words}")
        if finding.remedy:
            print(f"       -> {finding.remedy}")
    return 1 if any(finding.good is False for finding in findings) else 0
