"""A cycle of meetings between communes, by the API and on its pages."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from events_app.features.admission.schemas import ScanRequest
from events_app.features.admission.service import record_scan
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.events.model import EventRecord
from events_app.features.registration.model import RegistrationRecord
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.clock import FixedClock
from tests.factories import make_event, make_registration

API, HOME = "/api/v1/series", "/org/series"
QUESTION = {"code": "vient", "label": "Venez-vous ?", "kind": "one_choice", "choices": ["Oui", "Non"]}


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def meeting(world: World, number: int, **fields: Any) -> EventRecord:
    start = world.now() + timedelta(days=30 * number, hours=1)
    times = {"starts_at": start, "ends_at": start + timedelta(hours=3), "doors_open_at": world.now()}
    questions = [QUESTION | {"absence": ["Non"]}]
    return await make_event(
        world, slug=f"solaire-{number}", title=f"Rencontre {number}", questions=questions, **times, **fields
    )


async def comes(world: World, event: EventRecord, insee: str, *, there: bool = True) -> RegistrationRecord:
    person = await make_registration(world, event, insee=insee, answers={"vient": "Oui"})
    if there:
        code = await ticket_code_of(world, event, person)
        await record_scan(world, SYSTEM, event, ScanRequest(str(person.id), ticket_code=code))
    return person


async def cycle(desk: httpx.AsyncClient, *events: str) -> str:
    members = [{"name": "Lens"}, {"name": "liévin"}, {"name": "CAUE 62"}]
    made = await desk.post(API, json={"title": "Cycle solaire", "members": members, "events": list(events)})
    assert made.status_code == 201, made.text
    return str(made.json()["slug"])


async def states(desk: httpx.AsyncClient, slug: str) -> dict[str, list[str]]:
    matrix = (await desk.get(f"{API}/{slug}/matrix")).json()
    return {row["member"]["name"]: [cell["state"] for cell in row["cells"]] for row in matrix["rows"]}


async def test_who_was_represented_at_which_meeting(desk: httpx.AsyncClient, world: World) -> None:
    first, second, third = [await meeting(world, number) for number in (0, 1, 2)]
    slug = await cycle(desk, "solaire-2", "solaire-0", "solaire-1")
    assert (await desk.get(f"{API}/{slug}")).json()["events"] == ["solaire-0", "solaire-1", "solaire-2"]
    await comes(world, first, "62498")
    await comes(world, first, "62498")
    await comes(world, first, "62510", there=False)
    caue = await make_registration(world, second, organisation="Caue 62", answers={"vient": "Non"})
    assert caue.status == "cancelled"
    await comes(world, second, "62498")
    assert isinstance(world.clock, FixedClock)
    world.clock.advance(timedelta(days=31))

    assert await states(desk, slug) == {
        "Lens": ["present", "present", "silent"],
        "Liévin": ["absent", "absent", "silent"],
        "CAUE 62": ["absent", "excused", "silent"],
    }
    shown = (await desk.get(f"{HOME}/{slug}")).text
    assert "Absent twice in a row or more: Liévin, CAUE 62." in shown
    await comes(world, third, "62510", there=False)
    assert (await states(desk, slug))["Liévin"] == ["absent", "absent", "registered"]


async def test_the_matrix_goes_out_as_a_spreadsheet_and_as_pdf(desk: httpx.AsyncClient, world: World) -> None:
    event = await meeting(world, 0)
    slug = await cycle(desk, "solaire-0")
    await comes(world, event, "62498")

    sheet = (await desk.get(f"{HOME}/{slug}/matrix.xlsx")).content
    [heads, *rows] = CalamineWorkbook.from_filelike(BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert (len(heads), [row[0] for row in rows]) == (3, ["Lens", "Liévin", "CAUE 62"])
    assert rows[0][1] == "present"
    pdf = PdfReader(BytesIO((await desk.get(f"{API}/{slug}/matrix.pdf")).content))
    assert "Liévin" in pdf.pages[0].extract_text()


async def test_the_next_meeting_is_made_from_the_last_and_its_people_are_invited(
    desk: httpx.AsyncClient, world: World
) -> None:
    first = await meeting(world, 0, visibility="public")
    slug = await cycle(desk, "solaire-0")
    before, now = await comes(world, first, "62498", there=False), await comes(world, first, "62510")
    later = (world.now() + timedelta(days=60)).strftime("%Y-%m-%dT09:30")

    made = await desk.post(f"{HOME}/{slug}/next", data={"starts_at": later})

    assert made.status_code == 303, made.text
    drafted = made.headers["location"].split("/")[3]
    assert (await desk.get(f"{API}/{slug}")).json()["events"] == ["solaire-0", drafted]
    assert "publish it, then invite" in (await desk.get(f"{HOME}/{slug}")).text
    await desk.post(f"/api/v1/events/{drafted}/publish")
    convened = await desk.post(f"{HOME}/{slug}/convene/{drafted}")
    assert convened.status_code == 303, convened.text
    invited = {each["email"] for each in await db.rows("SELECT email FROM invitation")}
    assert invited == {before.email, now.email}


async def test_before_anybody_was_registered_nobody_is_invited(desk: httpx.AsyncClient, world: World) -> None:
    await meeting(world, 0)
    slug = await cycle(desk, "solaire-0")
    assert "convene" not in (await desk.get(f"{HOME}/{slug}")).text
    refused = await desk.post(f"{HOME}/{slug}/convene/solaire-0")
    assert (refused.status_code, "could be invited again" in refused.text) == (409, True)


async def test_a_series_without_meetings_or_members_says_how_to_go_on(
    desk: httpx.AsyncClient, world: World
) -> None:
    made = await desk.post(HOME, data={"title": "Vide", "members": ""})
    home = made.headers["location"]
    assert "No member yet" in (await desk.get(home)).text
    await desk.post(home, data={"title": "Vide", "members": "Lens"})
    assert "No meeting yet" in (await desk.get(home)).text
    later = await desk.post(f"{home}/next", data={"starts_at": "2018-06-01T10:00"})
    assert later.status_code == 409
    await meeting(world, 0)
    await desk.post(home, data={"title": "Vide", "members": "Lens", "add": "solaire-0"})
    assert "Rencontre 0" in (await desk.get(home)).text
    await desk.post(home, data={"title": "Vide", "members": "Lens"})
    assert "No meeting yet" in (await desk.get(home)).text


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"title": ""}, "/title"),
        ({"title": "A", "members": [{"name": ""}]}, "/members/0/name"),
        ({"title": "A", "members": [{"name": "Nulle part", "insee": "99999"}]}, "/members/0/insee"),
        ({"title": "A", "events": ["nowhere"]}, "/events/0"),
        ({"title": "A", "events": ["solaire-0"]}, "/events/0"),
        ({"title": "A", "body": "ailleurs"}, "/body"),
    ],
)
async def test_a_series_that_cannot_be(
    desk: httpx.AsyncClient, world: World, body: dict[str, Any], pointer: str
) -> None:
    await meeting(world, 0)
    await cycle(desk, "solaire-0")
    refused = await desk.post(API, json=body)
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert len((await desk.get(API)).json()["items"]) == 1
