"""Every kind of write at once, at three server processes: nothing is oversold, nothing is lost."""

from pathlib import Path

import pytest

from events_app.features.events.queries import event_by_slug
from events_app.infra import database as db
from events_app.kernel.clock import SystemClock
from tests.factories import make_registration
from tests.mixed_rush import History, environment, faults, prepare, rush
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


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_the_checker_sees_what_must_not_be(database: str, tmp_path: Path) -> None:
    """Somebody too many, somebody lost, somebody back: each is found."""
    world = make_world(tmp_path / "data", now=SystemClock().now())
    await prepare(world)
    event = await event_by_slug("fixed")
    assert event is not None
    history = History()
    person = await make_registration(world, event)
    history.registered.add(str(person.id))
    assert await faults(history) == []
    await db.execute("UPDATE event SET capacity = 0 WHERE id = {}", event.id)
    await db.execute("UPDATE registration SET status = 'waiting' WHERE id = {}", person.id)
    await db.execute("UPDATE registration SET status = 'confirmed' WHERE id = {}", person.id)
    history.registered.add("somebody else")
    history.withdrawn.add(str(person.id))
    history.scans["one"] = "admitted"
    history.deadlocks = 1
    assert [fault.split(":")[0] for fault in await faults(history)] == [
        "1 deadlocks",
        "oversold",
        "1 acknowledged registrations are lost",
        "1 acknowledged withdrawals did not hold",
        "1 acknowledged scans are lost or said otherwise",
    ]
