"""Who comes without a registration is let in, counted and kept, within the places that there are."""

from typing import Any

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from events_app.features.admission.envelope import address_of, close
from events_app.features.admission.tickets import keyring
from events_app.features.events.model import EventRecord
from events_app.features.registration.tables import Registration
from events_app.infra import database as db
from events_app.infra.world import World
from tests.integration.features.admission.rows import ScanCall, presence_count

CONSENTS = '[{"code":"data","purpose":"Vos données servent à cet accueil.","required":true}]'
NADIA: dict[str, Any] = {"given_name": "Nadia", "family_name": "Cherif", "gate": "Nord", "scan_id": "w1"}


async def enter(door: httpx.AsyncClient, event: EventRecord, expected: int = 200, **fields: Any) -> Any:
    answer = await door.post(f"/api/v1/events/{event.slug}/walk-ins", json=NADIA | fields)
    assert answer.status_code == expected, answer.text
    return answer.json()


async def people_at(event: EventRecord) -> list[dict[str, Any]]:
    return await db.rows(
        "SELECT given_name, family_name, email, status, source FROM registration WHERE event = {}"
        " AND source = 'door' ORDER BY arrival",
        event.id,
    )


async def test_a_group_without_registration_comes_in_once(
    door: httpx.AsyncClient, event: EventRecord
) -> None:
    first = await enter(door, event, people=3)
    assert (first["outcome"], first["registration"]["name"]) == ("admitted", "Nadia Cherif")
    assert await enter(door, event, people=3) == first
    found = await people_at(event)
    assert [each["family_name"] for each in found] == ["Cherif", "Cherif (+1)", "Cherif (+2)"]
    assert {each["status"] for each in found} == {"confirmed"}
    assert await presence_count(event.id) == 3


async def test_several_people_without_an_address(door: httpx.AsyncClient, event: EventRecord) -> None:
    for number in range(3):
        await enter(door, event, scan_id=f"w{number}", given_name=f"Nadia{chr(97 + number)}")
    assert await presence_count(event.id) == 3
    mails = await db.rows("SELECT kind FROM job WHERE kind LIKE 'mail.%'")
    assert mails == []


async def test_who_gives_an_address_is_written_to(door: httpx.AsyncClient, event: EventRecord) -> None:
    await enter(door, event, email="nadia@example.org")
    assert [each["kind"] for each in await db.rows("SELECT kind FROM job WHERE kind LIKE 'mail.%'")] == [
        "mail.confirmation"
    ]
    known = await enter(door, event, 409, email="Nadia@example.org", scan_id="w2")
    assert known["type"].endswith("already-registered")


@pytest.fixture
async def small(door: httpx.AsyncClient, event: EventRecord) -> EventRecord:
    """Three people registered, one place left, agreement asked."""
    await db.execute(
        "UPDATE event SET capacity = 4, consents = {}, waiting_list = {} WHERE id = {}",
        CONSENTS,
        False,
        event.id,
    )
    return event


async def test_full_is_full_and_nothing_is_kept_of_who_was_sent_away(
    door: httpx.AsyncClient, small: EventRecord, people: list[Registration]
) -> None:
    missing = await enter(door, small, 422)
    assert missing["errors"][0]["pointer"] == "/consent/data"
    two = await enter(door, small, people=2, consent=True)
    assert (two["outcome"], two["reason"]) == ("refused", "event_full")
    assert await enter(door, small, people=2, consent=True) == two
    assert (await enter(door, small, consent=True, scan_id="w2"))["outcome"] == "admitted"
    assert (await enter(door, small, consent=["data"], scan_id="w3"))["reason"] == "event_full"
    assert len(await people_at(small)) == 1


async def test_a_supervisor_lets_them_in_beyond_the_places(
    door: httpx.AsyncClient, event: EventRecord, people: list[Registration], organiser_key: str
) -> None:
    await db.execute("UPDATE event SET capacity = 3, waiting_list = {} WHERE id = {}", True, event.id)
    waits = await enter(door, event)
    assert (waits["outcome"], waits["reason"]) == ("refused", "event_full")
    await enter(door, event, 403, scan_id="w2", override="room")
    door.headers["authorization"] = f"Bearer {organiser_key}"
    inside = await enter(door, event, scan_id="w3", given_name="Louis", override="room")
    assert (inside["outcome"], inside["override"]) == ("admitted", "room")
    figures = (await door.get(f"/api/v1/events/{event.slug}/stats")).json()
    assert [figures[name] for name in ("registered", "inside", "present_without_place", "walk_ins")] == [
        3,
        1,
        1,
        1,
    ]


async def test_who_was_let_in_offline_is_inside_whatever_is_wrong_with_what_was_typed(
    door: httpx.AsyncClient, small: EventRecord, people: list[Registration]
) -> None:
    taken = people[0].email
    answers = [
        await enter(door, small, decided="admitted", scan_id="o1", email=taken),
        await enter(door, small, decided="admitted", scan_id="o2", email="no address"),
        await enter(door, small, decided="admitted", scan_id="o3", given_name="42", family_name="N" * 500),
        await enter(door, small, decided="admitted", scan_id="o4", given_name=".", family_name=""),
    ]
    assert [each["outcome"] for each in answers] == ["admitted"] * 4
    assert [each["conflict"] for each in answers] == [False, True, True, True]  # one place was left
    assert answers[3]["registration"]["name"] == "Sans nom"
    assert await presence_count(small.id) == 4
    away = await enter(door, small, decided="refused", scan_id="o5")
    assert (away["outcome"], len(await people_at(small))) == ("refused", 4)


async def test_a_letter_closed_by_a_phone_is_read_here_only(
    door: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    keys = await keyring(world)
    said = msgspec.json.encode({"given_name": "Zoé", "family_name": "Bar", "people": 2})
    address = address_of(keys.letter_key)
    letter = close(said, address, ec.generate_private_key(ec.SECP256R1()), b"n" * 12)
    fields = {"scan_id": "l1", "letter": letter, "decided": "admitted"}
    url = f"/api/v1/events/{event.slug}/walk-ins"
    assert (await door.post(url, json=fields)).json()["registration"]["name"] == "Zoé Bar"
    for broken in (letter[:-8], "A" * 200, "é", letter[:120] + "AAAA" + letter[124:]):
        answer = await door.post(url, json=fields | {"scan_id": "l2", "letter": broken})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/letter")


async def test_closed_doors_and_used_ids(
    door: httpx.AsyncClient, world: World, event: EventRecord, people: list[Registration], scan: ScanCall
) -> None:
    await scan(people[0].short_code, "s1")
    assert (await enter(door, event, 409, scan_id="s1"))["type"].endswith("scan-id-reused")
    late = {"scanned_at": "2001-01-01T00:00:00Z", "scan_id": "w2"}
    assert (await enter(door, event, **late))["reason"] == "doors_closed"
    assert (await enter(door, event, session="nowhere", scan_id="w3"))["reason"] == "unknown_session"
    assert await people_at(event) == []


async def test_a_door_does_not_decide_who_is_invited(
    door: httpx.AsyncClient, event: EventRecord, organiser_key: str
) -> None:
    await db.execute("UPDATE event SET visibility = 'invited' WHERE id = {}", event.id)
    assert (await enter(door, event))["reason"] == "pending"
    door.headers["authorization"] = f"Bearer {organiser_key}"
    assert (await enter(door, event, scan_id="w2", given_name="Louis"))["outcome"] == "admitted"


async def test_bad_input_is_named(door: httpx.AsyncClient, event: EventRecord) -> None:
    for fields, pointer in (
        ({"given_name": "", "family_name": " "}, "/given_name"),
        ({"people": 0}, "/people"),
        ({"people": 99}, "/people"),
        ({"email": "nobody"}, "/email"),
        ({"language": "xx"}, "/language"),
        ({"consent": ["unknown"]}, "/consent/unknown"),
        ({"scan_id": ""}, "/scan_id"),
    ):
        refused = await enter(door, event, 422, **fields)
        assert refused["errors"][0]["pointer"] == pointer, fields
