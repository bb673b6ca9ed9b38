"""A world for tests: a clock that stands still, repeatable randomness, no settings from the environment."""

from datetime import UTC, datetime
from pathlib import Path

from events_app.infra.settings import load_settings
from events_app.infra.world import World
from events_app.kernel.clock import FixedClock
from events_app.kernel.ids import SeededEntropy

NOW = datetime(2018, 3, 1, 9, 0, tzinfo=UTC)  # forty days before the Monkey Time of Lens


def make_world(data_dir: Path, now: datetime = NOW, seed: str = "tests") -> World:
    settings = load_settings(
        {
            "CONVIVE_DATA_DIR": str(data_dir),
            "CONVIVE_SECRET_KEY": "a secret key that only tests use, long enough",
            "CONVIVE_BASE_URL": "http://testserver.local",
            "CONVIVE_WORKER_IN_PROCESS": "0",
        }
    )
    return World(settings=settings, clock=FixedClock(now), entropy=SeededEntropy(seed))
