"""Whatever happens, and however mails arrive, a calendar that acts on invitations ends with the truth."""

import os
import random
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import icalendar
import msgspec
import pytest

from events_app.app import JOB_HANDLERS, introduce_features
from events_app.features.calendars.entries import registration_entry
from events_app.features.events.content import EventChanges, SessionChanges
from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord, EventStatus, SessionRecord
from events_app.features.events.queries import event_by_id, sessions_of
from events_app.features.events.service import cancel_event, edit_event, postpone_event, publish_event
from events_app.features.events.sessions import edit_session
from events_app.features.registration.queries import registration_by_id
from events_app.features.registration.restoring import restore
from events_app.features.registration.withdrawal import cancel
from events_app.features.workshops.model import PlaceSource
from events_app.features.workshops.publication import Recipients, notify
from events_app.features.workshops.queries import places_of
from events_app.features.workshops.seating import NewPlace, present_places_in, replace_places
from events_app.infra import database as db
from events_app.infra.deployment import addresses
from events_app.infra.jobs import run_due
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.errors import AppError
from events_app.outputs.calendar import EntryStatus
from tests.factories import make_event, make_registration, make_session
from tests.integration.features.mailing.test_letters import parsed

pytestmark = pytest.mark.usefixtures("database")
LIVES = int(os.environ.get("CONVIVE_TEST_LIVES", "10"))


@pytest.fixture(autouse=True)
def _introduced() -> None:
    introduce_features()


class Program:
    """A calendar program as RFC 5546 has it: by UID the newest number wins, then the stamp."""

    def __init__(self) -> None:
        self.held: dict[str, Any] = {}

    def receive(self, calendars: Iterable[icalendar.Calendar]) -> "Program":
        for calendar in calendars:
            (entry,) = calendar.walk("VEVENT")
            known = self.held.get(str(entry["UID"]))
            if known is None or _age(entry) >= _age(known):
                self.held[str(entry["UID"])] = entry
        return self

    def shows(self) -> dict[str, tuple[Any, ...]]:
        """What stands there and is not struck out."""
        return {
            uid: (
                entry["DTSTART"].dt,
                entry["DTEND"].dt,
                str(entry["SUMMARY"]),
                str(entry.get("LOCATION", "")),
                str(entry.get("DESCRIPTION", "")),
            )
            for uid, entry in self.held.items()
            if entry["STATUS"] == "CONFIRMED"
        }


def _age(entry: Any) -> tuple[int, Any]:
    return int(entry["SEQUENCE"]), entry["DTSTAMP"].dt


class Life:
    """One person's registration, and all that may happen to it and to the event."""

    def __init__(self, world: World, event: EventRecord, person: Any, chance: random.Random) -> None:
        self.world, self.event, self.person, self.chance = world, event, person, chance

    async def step(self) -> None:
        deed = self.chance.choice(
            (self.move, self.rename, self.room, self.seat, self.seat, self.unseat, self.withdraw, self.again,
             self.postpone, self.publish, self.work, self.work)
        )  # fmt: skip
        try:
            await deed()
        except AppError:
            return  # not possible now
        if self.chance.random() < 0.5:
            self.world.clock.advance(timedelta(seconds=self.chance.choice((0.2, 5, 600))))  # type: ignore[attr-defined]

    async def move(self) -> None:
        by = timedelta(minutes=self.chance.randrange(1, 600))
        event = await self._event()
        await edit_event(
            self.world,
            SYSTEM,
            event.slug,
            EventChanges(starts_at=event.starts_at + by, ends_at=event.ends_at + by),
        )

    async def rename(self) -> None:
        title = f"Titre {self.chance.randrange(9)}"
        await edit_event(self.world, SYSTEM, self.event.slug, EventChanges(title=title))

    async def room(self) -> None:
        changes = SessionChanges(room=f"Salle {self.chance.randrange(9)}")
        await edit_session(self.world, SYSTEM, self.event.slug, self.chance.choice(("un", "deux")), changes)

    async def seat(self) -> None:
        await self._seated(self.chance.choice(await self._workshops()))

    async def unseat(self) -> None:
        await self._seated(None)

    async def _seated(self, session: SessionRecord | None) -> None:
        present = [
            place
            for place in await present_places_in(await self._workshops())
            if place.registration_id == self.person.id
        ]
        person = await registration_by_id(self.person.id)
        if person is None or person.status.value != "confirmed" or not (present or session):
            return
        new = [NewPlace(person.id, session, 1, PlaceSource.RUN)] if session else []
        async with db.unit_of_work():
            await held(self.event.id)
            await replace_places(self.world, present, new)
            told = Recipients([], [person.id]) if present else Recipients([person.id], [])
            await notify(self.world, await self._event(), told)

    async def withdraw(self) -> None:
        await cancel(self.world, SYSTEM, self.person.id)

    async def again(self) -> None:
        await restore(self.world, SYSTEM, self.person.id)

    async def postpone(self) -> None:
        await postpone_event(self.world, SYSTEM, self.event.slug, "Neige")

    async def publish(self) -> None:
        await publish_event(self.world, SYSTEM, self.event.slug)

    async def end(self) -> None:
        if self.chance.random() < 0.2:
            await cancel_event(self.world, SYSTEM, self.event.slug, "Neige")
        self.world.clock.advance(timedelta(hours=20))  # type: ignore[attr-defined]
        await self.work()

    async def work(self) -> None:
        await run_due(self.world, JOB_HANDLERS)

    async def _event(self) -> EventRecord:
        event = await event_by_id(self.event.id)
        assert event is not None
        return event

    async def _workshops(self) -> list[SessionRecord]:
        return [session for session in await sessions_of(self.event.id) if session.is_workshop]

    async def truth(self) -> dict[str, tuple[Any, ...]]:
        event, person = await self._event(), await registration_by_id(self.person.id)
        assert person is not None
        at = await addresses(self.world)
        entry = registration_entry(at, event, person, await places_of(person.id))
        if event.status is not EventStatus.PUBLISHED or entry.status is not EntryStatus.CONFIRMED:
            return {}
        said = (entry.start, entry.end, entry.summary, entry.location, entry.description)
        return {entry.uid: said}


async def lived(world: World, seed: int) -> tuple[Life, list[icalendar.Calendar]]:
    chance = random.Random(seed)  # noqa: S311 - repeatable, nothing secret
    minutes = chance.choice((0, 10))
    settings = msgspec.structs.replace(world.settings, mail_gather_minutes=minutes)
    world = msgspec.structs.replace(world, settings=settings)
    starts_at = (world.now() + timedelta(days=40)).replace(microsecond=0)
    event = await make_event(world, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    for code in ("un", "deux"):
        await make_session(world, event, code, room="Salle 0")
    life = Life(world, event, await make_registration(world, event), chance)
    for _ in range(chance.randrange(3, 14)):
        await life.step()
    await life.end()
    found = await db.rows(
        "SELECT content FROM mail WHERE registration_id = {} ORDER BY sent_at, id", life.person.id
    )
    parts = [part for mail in found for part in parsed(mail["content"]).walk()]
    invitations = [part for part in parts if part.get_content_type() == "text/calendar"]
    return life, [icalendar.Calendar.from_ical(part.get_content()) for part in invitations]  # type: ignore[misc]


async def test_in_order_shuffled_doubled_a_calendar_ends_with_the_truth(world: World) -> None:
    ended_with_an_entry = 0
    for seed in range(LIVES):
        life, mails = await lived(world, seed)
        truth = await life.truth()
        for order in (mails, mails[::-1], life.chance.sample(mails, len(mails)), mails + mails[:3]):
            assert Program().receive(order).shows() == truth, seed
        ended_with_an_entry += bool(truth)
    assert ended_with_an_entry >= LIVES // 4


async def test_after_a_loss_the_next_mail_heals_it(world: World) -> None:
    for seed in range(1_000, 1_000 + LIVES // 2):
        life, mails = await lived(world, seed)
        if len(mails) < 2:
            continue
        # As they were written: the clock of a test stands still between two of them.
        mails.sort(key=lambda calendar: _age(calendar.walk("VEVENT")[0]))
        lost = life.chance.randrange(len(mails) - 1)
        program = Program().receive(mails[:lost] + mails[lost + 1 :])
        assert program.shows() == await life.truth(), seed
