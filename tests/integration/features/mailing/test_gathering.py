"""Several changes within a short while make one mail to each person, which says all of them."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from events_app.app import JOB_HANDLERS, introduce_features
from events_app.features.events.content import EventChanges, SessionChanges
from events_app.features.events.service import edit_event
from events_app.features.events.sessions import edit_session
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.features.workshops.job_kinds import PLACED
from events_app.features.workshops.model import PlaceSource
from events_app.features.workshops.seating import NewPlace, replace_places
from events_app.infra import database as db
from events_app.infra import jobs
from events_app.infra.jobs import run_due
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration, make_session
from tests.integration.features.mailing.test_letters import calendar_of, parsed

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _introduced() -> None:
    introduce_features()


def gathering(world: World) -> World:
    return msgspec.structs.replace(
        world, settings=msgspec.structs.replace(world.settings, mail_gather_minutes=10)
    )


async def work(world: World, minutes: int = 0) -> list[Any]:
    """The changes that are written within so many minutes."""
    world.clock.advance(timedelta(minutes=minutes))  # type: ignore[attr-defined]
    await run_due(world, JOB_HANDLERS)
    found = await db.rows("SELECT content FROM mail WHERE kind <> 'mail.confirmation' ORDER BY id")
    return [parsed(each["content"]) for each in found]


async def test_ten_changes_of_all_sorts_are_one_mail(world: World) -> None:
    world = gathering(world)
    event = await make_event(world)
    lea = await make_registration(world, event)
    workshop = await make_session(world, event, "mental", room="Salle 1")
    plenary = await make_session(world, event, "ouverture", kind="plenary", slot="", room="Amphi")
    await work(world)
    await replace_places(world, [], [NewPlace(lea.id, workshop, 1, PlaceSource.RUN)])
    await jobs.enqueue(
        world,
        PLACED,
        AboutRegistration(lea.id),
        event_id=event.id,
        run_at=world.now() + timedelta(minutes=10),
    )
    for number in range(3):
        await edit_event(world, SYSTEM, event.slug, EventChanges(title=f"Monkey Time {number}"))
        await edit_session(world, SYSTEM, event.slug, "mental", SessionChanges(room=f"Salle {number + 2}"))
        await edit_session(world, SYSTEM, event.slug, plenary.code, SessionChanges(room=f"Amphi {number}"))
    assert await work(world, 9) == []
    (mail,) = await work(world, 1)
    text = mail.get_body(("plain",)).get_content()
    for said in (
        "Monkey Time → Monkey Time 2",
        "Salle 1 → Salle 4",
        "Amphi → Amphi 2",
        "Votre place en atelier",
    ):
        assert said in text, text
    (entry,) = calendar_of(mail).walk("VEVENT")
    assert entry["SUMMARY"] == "Monkey Time 2"
    assert "Salle 4" in entry["DESCRIPTION"]
    assert len(await work(world, 60)) == 1


async def test_what_was_changed_back_is_told_to_nobody(world: World) -> None:
    world = gathering(world)
    event = await make_event(world)
    await make_registration(world, event)
    await work(world)
    for title in ("Autre", "Monkey Time"):
        await edit_event(world, SYSTEM, event.slug, EventChanges(title=title))
    assert await work(world, 30) == []


async def test_a_renamed_event_is_renamed_in_calendars_that_were_mailed(world: World) -> None:
    event = await make_event(world)
    await make_registration(world, event)
    await work(world)
    await edit_event(world, SYSTEM, event.slug, EventChanges(title="Autre titre"))
    (mail,) = await work(world)
    assert calendar_of(mail).walk("VEVENT")[0]["SUMMARY"] == "Autre titre"


async def test_a_change_that_waits_for_company_is_said_again_after_a_crash(world: World) -> None:
    """What was taken in stands in the job's own row."""
    world = gathering(world)
    event = await make_event(world)
    await make_registration(world, event)
    await make_session(world, event, "ouverture", kind="plenary", slot="", room="Amphi")
    await work(world)
    await edit_event(world, SYSTEM, event.slug, EventChanges(title="Autre titre"))
    await edit_session(world, SYSTEM, event.slug, "ouverture", SessionChanges(room="Amphi 2"))
    world.clock.advance(timedelta(minutes=10))  # type: ignore[attr-defined]
    (first, *_) = await jobs.claim(world, "killed", 1)
    await JOB_HANDLERS[first.kind](world, first)
    await db.execute("UPDATE mail SET status = 'queued' WHERE job_id = {}", first.id)
    (mail,) = await work(world, 3)
    text = mail.get_body(("plain",)).get_content()
    assert "Autre titre" in text
    assert "Amphi → Amphi 2" in text
