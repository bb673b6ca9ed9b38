"""Agreements: shown, exported, taken back, given again, and an audience."""

import csv
import io

import httpx
import pytest

from events_app.features.events.model import ConsentPurpose
from events_app.features.registration import links
from events_app.features.registration.model import RegistrationRecord
from events_app.infra.world import World
from tests.factories import make_event, make_registration

PURPOSES = [
    ConsentPurpose("photo", "Photographies de l’après-midi"),
    ConsentPurpose("rules", "Je respecte le règlement", required=True),
]
GIVEN = "2018-03-01T09:00:00Z"


@pytest.fixture
async def lea(client: httpx.AsyncClient, world: World) -> RegistrationRecord:
    event = await make_event(world, consents=PURPOSES)
    return await make_registration(
        world, event, given_name="Léa", family_name="Martin", consent=["photo", "rules"]
    )


def link(world: World, person: RegistrationRecord) -> dict[str, str]:
    return {"authorization": f"Bearer {links.manage_token(world, person.id)}"}


def key(organiser_key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {organiser_key}"}


async def test_the_api_tells_each_agreement_with_its_date(
    client: httpx.AsyncClient, world: World, organiser_key: str, lea: RegistrationRecord
) -> None:
    answer = await client.get(f"/api/v1/registrations/{lea.id}", headers=key(organiser_key))
    assert answer.json()["consents"] == [
        {"code": "photo", "given": True, "at": GIVEN, "withdrawn_at": None},
        {"code": "rules", "given": True, "at": GIVEN, "withdrawn_at": None},
    ]


async def test_taken_back_by_link_and_given_again(
    client: httpx.AsyncClient, world: World, lea: RegistrationRecord
) -> None:
    path = f"/api/v1/registrations/{lea.id}/consents/photo"
    gone = await client.delete(path, headers=link(world, lea))
    assert gone.status_code == 200
    assert gone.json()["consents"][0] == {
        "code": "photo",
        "given": False,
        "at": GIVEN,
        "withdrawn_at": GIVEN,
    }
    assert gone.json()["revision"] == lea.revision + 1
    twice = await client.delete(path, headers=link(world, lea))
    assert (twice.status_code, twice.json()) == (200, gone.json())
    again = await client.put(path, headers=link(world, lea))
    assert again.json()["consents"][0] == {"code": "photo", "given": True, "at": GIVEN, "withdrawn_at": None}
    data = await client.get(f"/me/{links.manage_token(world, lea.id)}/data.json")
    assert [(each["code"], each["withdrawn_at"]) for each in data.json()["consents"]] == [
        ("photo", None),
        ("rules", None),
    ]


async def test_the_organiser_takes_back_but_does_not_give(
    client: httpx.AsyncClient, organiser_key: str, lea: RegistrationRecord
) -> None:
    path = f"/api/v1/registrations/{lea.id}/consents/photo"
    assert (await client.delete(path, headers=key(organiser_key))).status_code == 200
    assert (await client.put(path, headers=key(organiser_key))).status_code == 403
    assert (await client.delete(path)).status_code == 401
    unknown = f"/api/v1/registrations/{lea.id}/consents/nothing"
    assert (await client.delete(unknown, headers=key(organiser_key))).status_code == 404


async def test_agreements_are_an_audience(
    client: httpx.AsyncClient, world: World, organiser_key: str, lea: RegistrationRecord
) -> None:
    list_path = "/api/v1/events/monkey-time/registrations"

    async def agreeing() -> list[str]:
        found = await client.get(list_path + "?consent=photo", headers=key(organiser_key))
        return [each["id"] for each in found.json()["items"]]

    assert await agreeing() == [str(lea.id)]
    await client.delete(f"/api/v1/registrations/{lea.id}/consents/photo", headers=key(organiser_key))
    assert await agreeing() == []
    wrong = await client.get(list_path + "?consent=nothing", headers=key(organiser_key))
    assert wrong.status_code == 422
    page = await client.get("/org/events/monkey-time/registrations?consent=photo", headers=key(organiser_key))
    assert "Léa Martin" not in page.text
    page = await client.get("/org/events/monkey-time/registrations?consent=rules", headers=key(organiser_key))
    assert "Léa Martin" in page.text


async def test_the_export_holds_them_with_dates(
    client: httpx.AsyncClient, world: World, organiser_key: str, lea: RegistrationRecord
) -> None:
    await client.delete(f"/api/v1/registrations/{lea.id}/consents/photo", headers=key(organiser_key))
    answer = await client.get("/org/events/monkey-time/registrations.csv", headers=key(organiser_key))
    head, row = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    cells = dict(zip(head, row, strict=True))
    assert cells["Accord\u00a0: photo"] == "Retiré"
    assert cells["Accord\u00a0: photo, depuis le"] == "2018-03-01 10:00:00"
    assert cells["Accord\u00a0: rules"] == "Oui"


async def test_the_personal_page_shows_them_and_takes_them_back(
    client: httpx.AsyncClient, world: World, lea: RegistrationRecord
) -> None:
    home = f"/me/{links.manage_token(world, lea.id)}"
    shown = (await client.get(home)).text
    assert "Photographies de l’après-midi" in shown
    assert "L’organisateur le demande à toutes les personnes qui participent" in shown
    done = await client.post(home + "/consents/photo", data={"do": "withdraw"})
    assert done.status_code == 303
    assert "retiré le" in (await client.get(home)).text
    assert (await client.post(home + "/consents/photo", data={"do": "give"})).status_code == 303
    assert "retiré le" not in (await client.get(home)).text
    assert (await client.post(home + "/consents/photo", data={"do": "perhaps"})).status_code == 422
    assert (await client.post(home + "/consents/nothing", data={"do": "give"})).status_code == 404


async def test_the_organiser_reads_and_notes_on_the_persons_page(
    client: httpx.AsyncClient, organiser_key: str, lea: RegistrationRecord
) -> None:
    page = f"/org/events/monkey-time/registrations/{lea.id}"
    shown = (await client.get(page, headers=key(organiser_key))).text
    assert "Photographies de l’après-midi" in shown
    done = await client.post(page + "/withdraw-consent.photo", headers=key(organiser_key))
    assert done.status_code == 303
    assert "Retiré le" in (await client.get(page, headers=key(organiser_key))).text


async def test_other_words_are_asked_about_where_people_agreed(
    client: httpx.AsyncClient, organiser_key: str, lea: RegistrationRecord
) -> None:
    """What was agreed to stays as it was; a new agreement concerns nobody."""
    photo = {"code": "photo", "purpose": "Photographies et vidéos"}
    rules = {"code": "rules", "purpose": PURPOSES[1].purpose, "required": True}
    news = {"code": "news", "purpose": "Les prochaines rencontres"}
    for consents, people in (([photo, rules, news], [1]), ([photo, rules], [])):
        answer = await client.patch(
            "/api/v1/events/monkey-time", json={"consents": consents}, headers=key(organiser_key)
        )
        found = [(each["kind"], each["people"]) for each in answer.json()["warnings"]]
        assert found == [("agreed-otherwise", number) for number in people]
