"""The form, the thank-you page and the personal page, by HTTP and without JavaScript."""

import re

import httpx
import pytest

from events_app.features.events.model import ConsentPurpose, Question, ShownWhen
from events_app.features.events.queries import counts_of_one
from events_app.features.registration import hooks, links
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.queries import (
    group_of,
    preferences_of_one,
    registrations_of,
)
from events_app.infra import database as db
from events_app.infra.world import World
from tests.factories import again, make_event, make_registration, make_workshops

FORM = {"email": "lea@example.org", "given_name": "Léa", "family_name": "Martin"}


async def send(client: httpx.AsyncClient, **fields: str) -> httpx.Response:
    return await client.post("/events/monkey-time/register", data=FORM | fields)


def mine(world: World, registration: RegistrationRecord) -> str:
    return "/me/" + links.manage_token(world, registration.id, registration.token_generation)


async def test_registering_by_the_form(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(
        world,
        profiles=["student", "other"],
        preferences_count=3,
        max_companions=2,
        questions=[
            Question("job", "En poste", "yes_no", required=True),
            Question("needs", "Besoins", "several_choices", choices=["rampe", "boucle"]),
        ],
        consents=[ConsentPurpose("data", "Mes données", required=True)],
    )
    workshops = await make_workshops(world, event)
    shown = await client.get("/events/monkey-time/register")
    assert shown.status_code == 200
    assert re.findall(r'name="(preferences\.\d)"', shown.text) == [f"preferences.{rank}" for rank in range(3)]
    answer = await client.post(
        "/events/monkey-time/register",
        data=FORM
        | {
            "commune": "lens",
            "profile": "student",
            "answers.job": "no",
            "answers.needs": ["boucle", "rampe"],
            "consent.data": "yes",
            "preferences.0": "orientation",
            "preferences.2": "mental",
            "companions": "1",
            "companions.0.given_name": "Tom",
            "companions.0.family_name": "Bo",
            "companions.1.given_name": "left over",
        },
    )
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/events/monkey-time/registered?as=confirmed",
    )
    lead, companion = await registrations_of(event.id)
    assert (lead.insee, lead.profile, lead.language) == ("62498", "student", "fr")
    assert lead.answers == {"job": False, "needs": ["rampe", "boucle"]}
    assert companion.name == "Tom Bo"
    assert await preferences_of_one(lead.id) == [workshops[2].id, workshops[0].id]
    thanks = await client.get(answer.headers["location"])
    assert thanks.status_code == 200
    assert lead.short_code not in thanks.text


async def test_errors_stand_beside_their_fields_and_values_are_kept(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(
        world,
        consents=[ConsentPurpose("data", "Mes données", required=True)],
        questions=[
            Question("job", "En poste", "yes_no", required=True),
            Question("where", "Où", "short_text", shown_when=ShownWhen("job", ["yes"])),
        ],
    )
    await make_workshops(world, event)
    refused = await send(
        client,
        email="a@b, evil@x",
        given_name="<b>Léa</b>",
        **{"preferences.1": "mental", "preferences.3": "mental"},
    )
    assert refused.status_code == 422
    assert re.findall(r'id="e-([^"]+)"', refused.text) == [
        "email",
        "preferences.3",
        "answers.job",
        "consent.data",
    ]
    for name in re.findall(r'href="#f-([^"]+)"', refused.text):
        assert f'id="f-{name}"' in refused.text
    assert 'value="&lt;b&gt;Léa&lt;/b&gt;"' in refused.text
    assert refused.text.count('<option value="mental" selected>') == 2
    assert (await counts_of_one(event.id)).all == 0


async def test_a_known_person_sees_the_same_page_as_a_new_one(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world)
    answers = [await send(client) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert (await counts_of_one(event.id)).all == 1


async def test_a_closed_event_says_why(client: httpx.AsyncClient, world: World) -> None:
    await make_event(world, registration_closes_at=world.now())
    assert (await client.get("/events/monkey-time/register")).status_code == 200
    assert (await send(client)).status_code == 409


async def test_by_invitation_a_stranger_learns_nothing(client: httpx.AsyncClient, world: World) -> None:
    await make_event(world, visibility="invited")
    invited = await send(client)
    assert (invited.status_code, (await client.get("/events/monkey-time/register")).status_code) == (403, 403)
    assert (await client.get("/events/monkey-time/register?invitation=wrong")).status_code == 403


@pytest.mark.parametrize("path", ["", "/details", "/wishes", "/withdraw", "/erase", "/data.json"])
async def test_the_personal_pages_are_kept_nowhere(
    client: httpx.AsyncClient, world: World, path: str
) -> None:
    event = await make_event(world, max_companions=1)
    await make_workshops(world, event)
    made = await make_registration(world, event, companions=1, preferences=["mental"])
    shown = await client.get(mine(world, made) + path)
    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "private, no-store"
    assert shown.headers["x-robots-tag"] == "noindex"
    assert (await client.get("/me/" + "x" * 22 + path)).status_code == 404


async def test_changing_own_data_and_wishes(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    await make_workshops(world, event)
    made = await make_registration(world, event)
    home = mine(world, made)
    details = {"given_name": "Lia", "family_name": "Martin", "commune": "Calais", "language": "en"}
    saved = await client.post(home + "/details", data=details)
    assert (saved.status_code, saved.headers["location"]) == (303, home)
    changed = await again(made)
    assert (changed.name, changed.commune, changed.insee, changed.language) == (
        "Lia Martin",
        "Calais",
        None,
        "en",
    )
    nameless = details | {"given_name": "", "family_name": ""}
    assert (await client.post(home + "/details", data=nameless)).status_code == 422
    await client.post(home + "/wishes", data={"preferences.0": "mental"})
    assert len(await preferences_of_one(made.id)) == 1
    foreign = await client.post(home + "/wishes", data={"preferences.0": "elsewhere"})
    assert foreign.status_code == 422


async def test_withdrawing_oneself_and_a_companion(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, capacity=3, max_companions=2)
    lead = await make_registration(world, event, companions=2)
    waits = await make_registration(world, event)
    stranger = await make_registration(world, event)
    companion = (await group_of(lead.id))[1]
    await client.post(mine(world, lead) + "/withdraw", data={"who": str(companion.id)})
    assert [member.status for member in await group_of(lead.id)] == ["confirmed", "cancelled", "confirmed"]
    assert (await again(waits)).status == "confirmed"
    refused = await client.post(mine(world, waits) + "/withdraw", data={"who": str(stranger.id)})
    assert refused.status_code == 422
    assert [(await again(each)).status for each in (waits, stranger)] == ["confirmed", "waiting"]
    await client.post(mine(world, waits) + "/withdraw")
    assert [(await again(each)).status for each in (waits, stranger)] == ["cancelled", "confirmed"]
    gone = await client.post(mine(world, lead) + "/withdraw")
    assert gone.headers["location"] == mine(world, lead)
    assert (await counts_of_one(event.id)).waiting == 0


async def test_own_data_are_downloaded_and_erased(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, capacity=2, max_companions=1)
    made = await make_registration(world, event, email="lea@example.org", companions=1)
    waits = await make_registration(world, event)
    home = mine(world, made)
    data = (await client.get(home + "/data.json")).json()
    assert data["registration"]["email"] == "lea@example.org"
    assert len(data["companions"]) == 1
    assert (await client.post(home + "/erase")).status_code == 200
    assert (await client.get(home)).status_code == 404
    rows = await db.rows("SELECT * FROM registration WHERE group_id = {} ORDER BY arrival", made.id)
    for row in rows:
        kept = " ".join(str(value) for value in row.values())
        assert "lea@example.org" not in kept
        assert "Personne" not in kept
    assert (await again(waits)).status == "confirmed"
    assert await registrations_of(event.id, q="personne") == [await again(waits)]


async def test_the_doors_forget_the_name_of_who_was_erased(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    event = await make_event(world, doors_open_at=world.now())
    made = await make_registration(world, event, family_name="Unmistakable")
    code = await hooks.ticket_code(world, event, made)
    scan = {"scan_id": "one", "ticket_code": code, "gate": "A", "direction": "in"}
    scan |= {"scanned_at": world.now().isoformat()}
    headers = {"authorization": f"Bearer {organiser_key}"}
    answer = await client.post("/api/v1/events/monkey-time/scans", json=scan, headers=headers)
    assert answer.json()["registration"]["name"] == "Personne Unmistakable"
    await client.post(mine(world, made) + "/erase")
    repeated = await client.post("/api/v1/events/monkey-time/scans", json=scan, headers=headers)
    assert (repeated.json()["outcome"], repeated.json()["registration"]) == ("admitted", None)
    for table in ("registration", "scan", "audit_entry", "job", "mail"):
        rows = await db.rows(f"SELECT * FROM {table}")
        assert "Unmistakable" not in str(rows)
