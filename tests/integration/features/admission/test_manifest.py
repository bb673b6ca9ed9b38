"""The door's manifest changes with everything that it says and with nothing else, on both databases."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import msgspec
import pytest

from events_app.features.admission.door_list import list_stamp
from events_app.features.admission.manifest import Manifest
from events_app.features.events.model import EventRecord
from events_app.features.registration import erasure, withdrawal
from events_app.features.registration.model import RegistrationRecord
from events_app.features.workshops.tables import Place
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration, make_session

Deed = Callable[[World, EventRecord, RegistrationRecord], Awaitable[Any]]


async def _withdraw(world: World, event: EventRecord, person: RegistrationRecord) -> None:
    await withdrawal.cancel(world, SYSTEM, person.id)


async def _erase(world: World, event: EventRecord, person: RegistrationRecord) -> None:
    await erasure.erase(world, SYSTEM, person.id)


async def _register(world: World, event: EventRecord, person: RegistrationRecord) -> None:
    await make_registration(world, event, email="new@example.org")


async def _reissue(world: World, event: EventRecord, person: RegistrationRecord) -> None:
    await db.execute("UPDATE registration SET ticket_generation = 1 WHERE id = {}", person.id)


async def _rename_session(world: World, event: EventRecord, person: RegistrationRecord) -> None:
    await db.execute("UPDATE session SET title = 'New', revision = revision + 1 WHERE event = {}", event.id)


async def _new_session(world: World, event: EventRecord, person: RegistrationRecord) -> None:
    await make_session(world, event, "second")


async def _seat(world: World, event: EventRecord, person: RegistrationRecord) -> None:
    session = await make_session(world, event, "seats")
    before = await list_stamp(event.id)
    place = Place(
        id=world.new_id(),
        registration=person.id,
        session=session.id,
        slot="ateliers",
        source="moved",
        assigned_at=world.now(),
    )
    await place.save()
    given = await list_stamp(event.id)
    await db.execute("DELETE FROM place WHERE id = {}", place.id)
    assert len({before, given, await list_stamp(event.id)}) == 3


@pytest.mark.parametrize(
    "deed", [_withdraw, _erase, _register, _reissue, _rename_session, _new_session, _seat]
)
async def test_the_stamp_moves_with_what_the_list_says(database: str, world: World, deed: Deed) -> None:
    event, other = await make_event(world), await make_event(world)
    await make_session(world, event, "first")
    person = await make_registration(world, event)
    before, elsewhere = await list_stamp(event.id), await list_stamp(other.id)
    await db.execute("UPDATE registration SET given_name = 'Zoé' WHERE id = {}", person.id)
    assert await list_stamp(event.id) == before
    await deed(world, event, person)
    assert await list_stamp(event.id) != before
    assert await list_stamp(other.id) == elsewhere


async def test_the_answer_is_the_same_compressed_in_pieces_and_from_before(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    event = await make_event(world, capacity=None)
    people = [await make_registration(world, event) for _ in range(40)]
    headers = {"authorization": f"Bearer {organiser_key}"}
    address = f"/api/v1/events/{event.slug}/door/manifest"
    plain = await client.get(address, headers=headers | {"accept-encoding": "identity"})
    zipped = await client.get(address, headers=headers | {"accept-encoding": "gzip"})
    assert plain.json() == zipped.json()
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.headers["etag"] != plain.headers["etag"]
    manifest = msgspec.json.decode(plain.content, type=Manifest)
    assert len(manifest.tickets) == len(people)
    nothing = (await client.get(address, params={"since": manifest.cursor}, headers=headers)).json()
    assert (nothing["parts"], nothing["tickets"]) == ([], [])
    for each in (plain, zipped):
        known = {"if-none-match": each.headers["etag"]}
        assert (await client.get(address, headers=headers | known)).status_code == 304
    await _withdraw(world, event, people[0])
    changed = await client.get(address, headers=headers | {"if-none-match": plain.headers["etag"]})
    assert changed.status_code == 200
