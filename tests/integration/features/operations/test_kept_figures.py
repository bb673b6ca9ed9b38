"""Figures that are kept equal a recount after any history, on both databases and when moved between them."""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from events_app.app import introduce_features
from events_app.features.admission.counters import door_counters, statistics
from events_app.features.admission.schemas import ScanRequest, VoidRequest
from events_app.features.admission.service import record_scan
from events_app.features.admission.undo import undo_scan
from events_app.features.events import service as events
from events_app.features.events.content import EventChanges
from events_app.features.events.model import EventRecord
from events_app.features.events.places import Outlook, outlook
from events_app.features.events.queries import counts_of_one, event_by_id, numbers_of
from events_app.features.operations.backup import restore_backup, write_backup
from events_app.features.operations.doctor import examine
from events_app.features.operations.recount import recount, wrong
from events_app.features.registration import approval, changes, erasure, withdrawal
from events_app.features.registration.changes import RegistrationChanges
from events_app.features.registration.line import front, places_in_line, waiting_position
from events_app.features.registration.model import (
    Companion,
    RegistrationRecord,
    RegistrationRequest,
    RegistrationStatus,
    Source,
)
from events_app.features.registration.queries import registrations_of
from events_app.features.registration.service import register
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import ANONYMOUS, SYSTEM
from events_app.kernel.errors import AppError
from events_app.piccolo_app import TABLES
from tests import databases
from tests.factories import WORKSHOPS, make_event, make_workshops

ORGANISATIONS = ("", "Ville de Lens", "Mission locale")


class History:
    """Random deeds at one event, by the services that pages and API call."""

    def __init__(self, world: World, event: EventRecord, seed: int) -> None:
        self.world, self.event = world, event
        self.chance = random.Random(seed)  # noqa: S311
        self.number = 0
        self.scans: list[str] = []

    async def go(self, steps: int) -> None:
        deeds: list[Callable[[], Awaitable[None]]] = [
            *[self._register] * 5,
            self._withdraw,
            self._decide,
            self._change,
            self._wish,
            self._erase,
            self._capacity,
            *[self._scan] * 4,
            self._undo,
        ]
        for _ in range(steps):
            try:
                await self.chance.choice(deeds)()
            except AppError:
                continue

    async def _person(self) -> RegistrationRecord:
        return self.chance.choice(await registrations_of(self.event.id, limit=1000))

    async def _register(self) -> None:
        self.number += 1
        size = self.chance.choice((0, 0, 0, 1, 2))
        wishes = self.chance.sample(WORKSHOPS, self.chance.choice((0, 0, 2, 3)))
        request = RegistrationRequest(
            email=f"p{self.number}@example.org",
            given_name="Anne",
            family_name=f"N{self.number}",
            organisation=self.chance.choice(ORGANISATIONS),
            commune=self.chance.choice(("", "Lens")),
            companions=[Companion("Paul", f"C{self.number}-{index}") for index in range(size)],
            preferences=list(wishes),
        )
        source = self.chance.choice((Source.API, Source.WALK_IN))
        await register(self.world, SYSTEM, await self.now(), request, source)

    async def _withdraw(self) -> None:
        await withdrawal.cancel(self.world, SYSTEM, (await self._person()).id)

    async def _decide(self) -> None:
        decide = self.chance.choice((approval.approve, approval.approve, approval.refuse))
        await decide(self.world, SYSTEM, (await self._person()).id)

    async def _change(self) -> None:
        wanted = RegistrationChanges(organisation=self.chance.choice(ORGANISATIONS), commune="Lens")
        await changes.change(self.world, SYSTEM, (await self._person()).id, wanted)

    async def _wish(self) -> None:
        codes = self.chance.sample(WORKSHOPS, self.chance.choice((0, 1, 2)))
        await changes.set_preferences(self.world, SYSTEM, (await self._person()).id, list(codes))

    async def _erase(self) -> None:
        await erasure.erase(self.world, SYSTEM, (await self._person()).id)

    async def _capacity(self) -> None:
        changed = EventChanges(
            capacity=self.chance.choice((2, 6, 12, None)), approval=self.chance.random() < 0.3
        )
        await events.edit_event(self.world, SYSTEM, self.event.slug, changed)

    async def _scan(self) -> None:
        person = await self._person()
        self.scans.append(f"s{len(self.scans)}")
        scan = ScanRequest(
            scan_id=self.scans[-1],
            ticket_code=person.short_code,
            gate=self.chance.choice(("Nord", "Sud")),
            direction=self.chance.choice(("in", "in", "out")),
            session=self.chance.choice((None, None, "mental")),
            override=self.chance.choice(("", "known to us")),
        )
        await record_scan(self.world, SYSTEM, await self.now(), scan)

    async def _undo(self) -> None:
        if self.scans:
            request = VoidRequest(scan_id=f"u{self.number}-{len(self.scans)}")
            await undo_scan(self.world, SYSTEM, await self.now(), self.chance.choice(self.scans), request)

    async def now(self) -> EventRecord:
        found = await event_by_id(self.event.id)
        assert found is not None
        return found


async def history(world: World, seed: int, steps: int = 60) -> History:
    introduce_features()
    now = world.now()
    event = await make_event(
        world,
        capacity=6,
        max_companions=3,
        starts_at=now + timedelta(minutes=30),
        ends_at=now + timedelta(hours=8),
        waiting_list=seed % 3 > 0,
    )
    await make_workshops(world, event)
    told = History(world, event, seed)
    await told._register()
    await told.go(steps)
    return told


@pytest.mark.parametrize("seed", range(8))
async def test_kept_figures_equal_a_recount(database: str, world: World, seed: int) -> None:
    told = await history(world, seed)
    assert await wrong() == {}
    figures = await statistics(told.event.id)
    everybody = await registrations_of(told.event.id, limit=1000)
    states = [each.status for each in everybody]
    came = {
        each["registration"] for each in await db.rows("SELECT registration FROM presence WHERE point = ''")
    }
    assert (figures.registered, figures.waiting) == (states.count("confirmed"), states.count("waiting"))
    assert figures.present == sum(each.status == "confirmed" and each.id in came for each in everybody)
    assert figures.present + figures.present_without_place == len(came)
    assert figures.present <= figures.registered
    assert sum(group.registered for group in figures.by_organisation) == figures.registered
    assert sum(group.present for group in figures.by_commune) == figures.present
    assert sum(gate.present for gate in figures.by_gate) == len(came)
    assert (await door_counters(told.event.id)).present == figures.present
    assert (await numbers_of([told.event.id]))[told.event.id].present == figures.present


@pytest.mark.parametrize("seed", range(6))
async def test_what_is_announced_is_what_registering_gives(database: str, world: World, seed: int) -> None:
    told = await history(world, 100 + seed, steps=10)
    given = {
        Outlook.PLACE: RegistrationStatus.CONFIRMED,
        Outlook.APPROVAL: RegistrationStatus.PENDING,
        Outlook.WAITING: RegistrationStatus.WAITING,
        Outlook.FULL: None,
    }
    for number in range(25):
        event, counts = await told.now(), await counts_of_one(told.event.id)
        promise = outlook(event.capacity, counts, approval=event.approval, waiting_list=event.waiting_list)
        left = counts.left(event.capacity)
        assert event.approval or (promise is Outlook.PLACE) == (left is None or left > 0)
        request = RegistrationRequest(email=f"new{number}@example.org", given_name="Zoé", family_name="Petit")
        try:
            status = (await register(world, ANONYMOUS, event, request)).status
        except AppError:
            status = None
        assert status == given[promise]
        await told.go(3)


async def test_the_waiting_list_says_who_stands_where(database: str, world: World) -> None:
    told = await history(world, 4, steps=120)
    everybody = await registrations_of(told.event.id, limit=1000)
    waiting = [each for each in everybody if each.status is RegistrationStatus.WAITING]
    line = list(dict.fromkeys(each.group_id for each in waiting))
    assert line
    places = await places_in_line(told.event.id, everybody)
    assert places == {group: place for place, group in enumerate(line, start=1)}
    assert {each.group_id: await waiting_position(each) for each in waiting} == places
    assert [group.group_id for group in await front(told.event.id, None)] == line
    assert [group.size for group in await front(told.event.id)] == [
        sum(each.group_id == group for each in waiting) for group in line
    ]


async def test_a_move_to_the_other_database_keeps_the_figures(
    database: str, world: World, tmp_path: Path, sqlite_template: Path
) -> None:
    event_id = UUID(str((await history(world, 5)).event.id))  # plain: each driver has a kind of its own
    before = await statistics(event_id)
    await write_backup(tmp_path / "b.db", TABLES, world.now(), "a secret that is long enough for it")
    await restore_backup(tmp_path / "b.db", TABLES)
    assert await wrong() == {}
    assert await statistics(event_id) == before
    here = db.engine()
    (tmp_path / "other").mkdir()
    db.use_engine(db.make_engine(databases.sqlite_copy(sqlite_template, tmp_path / "other")))
    await db.open_database()
    try:
        await restore_backup(tmp_path / "b.db", TABLES)
        assert await wrong() == {}
        assert await statistics(event_id) == before
    finally:
        await db.close_database()
        db.use_engine(here)


async def test_the_doctor_finds_wrong_figures_and_they_are_mended(database: str, world: World) -> None:
    await history(world, 6)
    world.settings.data_dir.mkdir(exist_ok=True)
    await db.execute("UPDATE event_count SET confirmed = confirmed + 1")
    await db.execute("DELETE FROM presence_count")
    [figures] = [each for each in await examine(world.settings) if each.subject == "figures"]
    assert (figures.good, figures.remedy) == (False, "convive recount")
    await db.execute("DELETE FROM registration_word WHERE arrival = 1")
    assert set(await recount()) == {"event_count", "presence_count", "registration_word"}
    assert await wrong() == {}


async def test_a_deleted_draft_leaves_no_figures(database: str, world: World) -> None:
    event = await make_event(world, status="draft")
    await events.delete_draft(world, SYSTEM, event.slug)
    assert await db.rows("SELECT 1 AS one FROM event_count WHERE event = {}", event.id) == []
