"""`python -m tests.histories NUMBER [FIRST]`: so many histories on a database of its own (`make soak`)."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from events_app.infra import database as db
from tests import databases
from tests.histories import play
from tests.world import make_world


async def _alone(number: int, first: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        url = databases.sqlite_copy(
            await asyncio.to_thread(databases.sqlite_template, Path(folder)), Path(folder)
        )
        db.use_engine(db.make_engine(url))
        await db.open_database()
        try:
            started, wrong = time.perf_counter(), 0
            async for history, faults in play(make_world(Path(folder)), range(first, first + number)):
                if faults:
                    wrong += 1
                    print("\n  ".join(faults), flush=True)
                if history.number % 100 == 99:
                    print(
                        f"{history.number + 1 - first} played, {time.perf_counter() - started:.0f} s",
                        flush=True,
                    )
            print(f"{number} histories, {wrong} with faults")
            return wrong
        finally:
            await db.close_database()


def main() -> int:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    return 1 if asyncio.run(_alone(number, first)) else 0


if __name__ == "__main__":
    raise SystemExit(main())
