"""Every kind of write at once, at three server processes: nothing is oversold, nothing is lost."""

from pathlib import Path

import pytest

from events_app.kernel.clock import SystemClock
from tests.mixed_rush import environment, faults, prepare, rush
from tests.servers import running_server
from tests.world import make_world

SECONDS = 10.0


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_a_mix_of_all_writes_leaves_nothing_false(database: str, tmp_path: Path) -> None:
    key = await prepare(make_world(tmp_path / "data", now=SystemClock().now()))
    with running_server(environment(database)) as server:
        history = await rush(server.base_url, key, SECONDS)
    assert await faults(history) == []
    assert len(history.registered) > 50
    assert len(history.scans) > 50
