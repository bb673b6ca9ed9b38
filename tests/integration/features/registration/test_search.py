"""The organiser's list, the API and the door find people alike, and nobody whose name is gone."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from events_app.features.admission.queries import search_people
from events_app.features.events.model import EventRecord
from events_app.features.operations.backup import restore_backup, write_backup
from events_app.features.registration import changes, erasure, search
from events_app.features.registration.changes import RegistrationChanges
from events_app.features.registration.queries import COUNTED_MOST, count_of, registrations_of
from events_app.features.registration.refolding import refold_registrations
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.piccolo_app import TABLES
from tests.factories import make_event, make_registration

PEOPLE = {
    "lecki": ("Łukasz", "Łęcki"),
    "orsted": ("Søren", "Ørsted"),
    "thorsdottir": ("Æsa", "Þórsdóttir"),
    "obrien": ("Zoé", "O'Brien"),
    "jeanluc": ("Jean-Luc", "Le Goff"),
    "dartois": ("François", "d’Artois"),
    "王": ("小明", "王"),
    "민수": ("", "김민수"),
}


@pytest.fixture
async def event(database: str, world: World) -> EventRecord:
    event = await make_event(world, capacity=None)
    for given_name, family in PEOPLE.values():
        await make_registration(world, event, given_name=given_name or "X", family_name=family)
    return event


@pytest.mark.parametrize("typed", PEOPLE)
async def test_found_in_the_list_and_at_the_door(
    client: httpx.AsyncClient, organiser_key: str, event: EventRecord, typed: str
) -> None:
    family = PEOPLE[typed][1]
    client.headers["authorization"] = f"Bearer {organiser_key}"
    base = f"/api/v1/events/{event.slug}"
    listed = (await client.get(f"{base}/registrations", params={"q": typed})).json()["items"]
    assert [each["family_name"] for each in listed] == [family]
    at_door = (await client.get(f"{base}/door/people", params={"q": typed})).json()["items"]
    assert [each["name"].endswith(family) for each in at_door] == [True]
    assert await count_of(event.id, q=typed) == 1


async def test_found_by_what_is_true_now(world: World, event: EventRecord) -> None:
    [person] = await registrations_of(event.id, q="orsted")
    changed = RegistrationChanges(family_name="Kierkegård", email="soren@example.dk")
    await changes.change(world, SYSTEM, person.id, changed)
    assert await registrations_of(event.id, q="orsted") == []
    for typed in ("kierkegard", "kierkegaard", "soren@example.dk"):
        assert [each.id for each in await registrations_of(event.id, q=typed)] == [person.id]
    await erasure.erase(world, SYSTEM, person.id)
    assert await registrations_of(event.id, q="kierkegard") == []
    assert await db.rows("SELECT word FROM registration_word WHERE arrival = {}", person.arrival) == []


async def test_another_event_is_not_searched(world: World, event: EventRecord) -> None:
    other = await make_event(world)
    await make_registration(world, other, given_name="Zoé", family_name="Lecki")
    assert [each.event_id for each in await registrations_of(event.id, q="lecki")] == [event.id]
    assert len(await search_people(other.id, "lecki")) == 1


async def test_many_are_found_page_by_page_and_a_whole_name_among_them(
    world: World, event: EventRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than the index lists at once: the list is walked, and the door shows whole names first."""
    monkeypatch.setattr(search, "FEW", 10)
    for number in range(25):
        await make_registration(world, event, given_name="Marie", family_name=f"Linde{number}")
    await make_registration(world, event, given_name="Bo", family_name="Li")
    pages: list[str] = []
    after = 0
    while found := await registrations_of(event.id, q="li", after=after, limit=10):
        pages += [each.family_name for each in found]
        after = found[-1].arrival
    assert pages == [*(f"Linde{number}" for number in range(25)), "Li"]
    assert (await search_people(event.id, "li"))[0].name == "Bo Li"
    assert [each.name for each in await search_people(event.id, "li bo")] == ["Bo Li"]
    assert len(await search_people(event.id, "marie linde")) == 20
    assert await count_of(event.id, q="li") == 26 <= COUNTED_MOST
    assert await count_of(event.id) == len(PEOPLE) + 26
    assert await count_of(event.id, "confirmed", q="marie linde2") == 6


async def test_words_of_an_older_rule_are_written_anew(
    world: World, event: EventRecord, tmp_path: Path
) -> None:
    await db.execute("UPDATE registration SET search_words = ' old '")
    await write_backup(tmp_path / "b.db", TABLES, world.now(), "a secret that is long enough for it")
    assert await registrations_of(event.id, q="lecki") == []
    assert await refold_registrations() == len(PEOPLE)
    assert len(await registrations_of(event.id, q="lecki")) == 1
    await restore_backup(tmp_path / "b.db", TABLES)
    assert len(await registrations_of(event.id, q="lecki")) == 1


@pytest.mark.parametrize(
    "typed", ["'", '"', "\\", "a_b", "%_%", "!!", "a'; --", "\U0010ffff", "x" * 500, "@", "@@"]
)
async def test_odd_texts_find_nobody_and_break_nothing(event: EventRecord, typed: str) -> None:
    found: list[Any] = await search_people(event.id, typed)
    assert found == []
    assert len(await registrations_of(event.id, q=typed)) in (0, len(PEOPLE))
