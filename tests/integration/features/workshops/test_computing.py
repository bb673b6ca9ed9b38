"""Computing is seen, bounded, cancelled, left and come back to."""

import asyncio
from datetime import timedelta

import httpx
import msgspec
import pytest

from events_app.features.registration.withdrawal import cancel
from events_app.features.workshops import computing, service
from events_app.features.workshops.computing import ComputationStatus, Progress
from events_app.features.workshops.model import RunRequest
from events_app.features.workshops.publication import publish
from events_app.features.workshops.queries import runs_of
from events_app.features.workshops.solving import AT_ONCE, MOST_WAITING, PlacementsBusy, turn
from events_app.features.workshops.tables import Computation
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_registration
from tests.integration.features.workshops.afternoon import afternoon

HERE = "/org/events/monkey-time/placement"


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


class Held:
    """All turns of this process, until they are given back."""

    def __init__(self) -> None:
        self._done = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Held":
        ready = [asyncio.Event() for _ in range(AT_ONCE)]
        self._tasks = [asyncio.create_task(self._hold(each)) for each in ready]
        for each in ready:
            await each.wait()
        return self

    async def _hold(self, ready: asyncio.Event) -> None:
        async with turn():
            ready.set()
            await self._done.wait()

    async def __aexit__(self, *_: object) -> None:
        self._done.set()
        await asyncio.gather(*self._tasks)


async def test_a_long_one_has_a_page_and_a_second_press_leads_to_it(
    desk: httpx.AsyncClient, world: World
) -> None:
    scene = await afternoon(world, people=12)
    async with Held():
        first = await desk.post(HERE, data={"objective": "guarantee"})
        page = first.headers["location"]
        assert page.startswith(f"{HERE}/computing/")
        second = await desk.post(HERE, data={"objective": "greedy"})
        assert second.headers["location"] == page
        shown = (await desk.get(page)).text
        assert "The placement is being computed" in shown
        assert "waits for its turn" in shown
        assert 'http-equiv="refresh"' in shown
        assert page in (await desk.get(HERE)).text  # one may leave and come back
    computation = await computing.active_of(scene.event.id)
    if computation is not None:
        await computing.result_within(computation, 30)
    done = await desk.get(page)
    assert done.status_code == 303
    runs = await runs_of(scene.event.id)
    assert done.headers["location"] == f"{HERE}/{runs[0].id}"
    assert len(runs) == 1
    assert page not in (await desk.get(HERE)).text


async def test_it_can_be_cancelled(desk: httpx.AsyncClient, world: World) -> None:
    scene = await afternoon(world, people=12)
    async with Held():
        page = (await desk.post(HERE, data={"objective": "guarantee"})).headers["location"]
        assert (await desk.post(page)).status_code == 303
        assert "It is being cancelled." in (await desk.get(page)).text
        await asyncio.sleep(computing.BEAT_SECONDS * 1.5)
    computation = await computing.active_of(scene.event.id)
    if computation is not None:
        await computing.result_within(computation, 30)
    assert "The computation was cancelled" in (await desk.get(page)).text
    assert await runs_of(scene.event.id) == []
    assert (await desk.post(HERE, data={"objective": "guarantee"})).status_code == 303


async def test_a_process_that_was_killed_blocks_nobody(desk: httpx.AsyncClient, world: World) -> None:
    scene = await afternoon(world, people=12)
    dead = world.new_id()
    await Computation(
        id=dead,
        event=scene.event.id,
        status="running",
        request=msgspec.json.encode(RunRequest()).decode(),
        created_at=world.now(),
        created_by="somebody",
        seen_at=world.now(),
    ).save()
    page = f"{HERE}/computing/{dead}"
    assert (await desk.post(HERE, data={"objective": "guarantee"})).headers["location"] == page
    world.clock.advance(computing.SILENT_FOR + timedelta(seconds=1))  # type: ignore[attr-defined]
    assert "The computation was interrupted" in (await desk.get(page)).text
    again = await desk.post(HERE, data={"objective": "guarantee"})
    assert again.headers["location"] != page
    assert (await computing.computation_of(scene.event.id, dead)).status is ComputationStatus.GONE


async def test_too_many_at_once_are_asked_to_come_back(desk: httpx.AsyncClient, world: World) -> None:
    await afternoon(world, people=6)
    async with Held():
        waiting = [asyncio.create_task(_one_turn()) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        busy = await desk.post("/api/v1/events/monkey-time/assignments", json={})
        assert (busy.status_code, busy.json()["type"]) == (503, "/problems/placements-busy")
        assert int(busy.headers["retry-after"]) > 0
        with pytest.raises(PlacementsBusy):
            await _one_turn()
        page = await desk.post(HERE, data={"objective": "guarantee"})
        assert page.status_code == 422
        assert "Other placements are being computed. Please try again in a moment." in page.text
    await asyncio.gather(*waiting)
    assert (await desk.post("/api/v1/events/monkey-time/assignments", json={})).status_code == 201


async def _one_turn() -> None:
    async with turn():
        await asyncio.sleep(0)


async def test_what_it_was_refused_for_is_kept_for_whoever_comes_back(
    desk: httpx.AsyncClient, world: World
) -> None:
    scene = await afternoon(world, people=6)
    await db.execute("UPDATE registration SET status = 'cancelled' WHERE event = {}", scene.event.id)
    computation = await computing.begin(world, SYSTEM, scene.event, RunRequest())
    with pytest.raises(Exception, match="nothing-to-place"):
        await computing.result_within(computation, 30)
    shown = (await desk.get(f"{HERE}/computing/{computation.id}")).text
    assert "No placement was computed" in shown
    assert "This event has no workshop, or nobody is registered yet." in shown


async def test_progress_has_figures(desk: httpx.AsyncClient, world: World) -> None:
    scene = await afternoon(world, people=12)
    progress = Progress(begun=True)
    for empty, least, said in (
        (3, 1, "The best so far lacks 3 places. At least 1 will be lacking in any case."),
        (1, 1, "The best so far lacks 1 place. Fewer is not possible."),
        (0, 0, "The best so far leaves nobody without a place."),
    ):
        progress.hear(0.5, (empty, 7), (least, 2))
        running = world.new_id()
        await db.execute("DELETE FROM computation")
        await Computation(
            id=running,
            event=scene.event.id,
            status="running",
            request=msgspec.json.encode(RunRequest()).decode(),
            progress=msgspec.json.encode(progress).decode(),
            created_at=world.now() - timedelta(seconds=9),
            created_by="somebody",
            seen_at=world.now(),
        ).save()
        shown = " ".join((await desk.get(f"{HERE}/computing/{running}")).text.split())
        assert said in shown
        assert "9 s so far" in shown


async def test_an_improvement_says_how_far_it_is(world: World, database: str) -> None:
    scene = await afternoon(world, people=30)
    run = await service.propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    await publish(world, SYSTEM, run.id)
    await cancel(world, SYSTEM, scene.people[0].id)
    await make_registration(world, scene.event, preferences=["mental"])
    heard: list[float] = []
    await service.compute(
        world,
        SYSTEM,
        scene.event,
        RunRequest(keep="improve"),
        progress=lambda share, _value, _bound: heard.append(share),
    )
    assert heard == sorted(heard)
    assert heard[-1] > 2 / 3
