"""The people of an event in a spreadsheet: complete, and unharmed by whoever opens it."""

import csv
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook

from events_app.features.admission.schemas import ScanRequest
from events_app.features.admission.service import record_scan
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.workshops.model import RunRequest
from events_app.features.workshops.publication import publish
from events_app.features.workshops.service import propose
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration, make_session

TYPED = ["0612345678", "+33612345678", "01000", "10/12", "3E5", "00336", "TRUE", "=1+1", "007;8", "1,5"]
FILES = "/api/v1/events/monkey-time/registrations"


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def sheet(desk: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await desk.get(f"{FILES}.xlsx")
    assert answer.status_code == 200, answer.text
    heads, *lines = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, heads), line, strict=True)) for line in lines]


async def test_what_was_typed_stands_in_the_cell_as_text(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(
        world, questions=[{"code": "tel", "label": "Phone", "kind": "short_text", "required": False}]
    )
    for typed in TYPED:
        await make_registration(world, event, answers={"tel": typed}, family_name=typed)

    lines = await sheet(desk)

    assert [line["Phone"] for line in lines] == TYPED
    assert [line["Last name"] for line in lines] == TYPED
    assert all(isinstance(line["Registered on"], datetime) for line in lines)


async def test_places_and_presence_stand_beside_the_person(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    await make_session(world, event, "mental", title="Mental", capacity_min=1)
    came = await make_registration(world, event, preferences=["mental"], given_name="Ana")
    await make_registration(world, event, given_name="Bea")
    await publish(world, SYSTEM, (await propose(world, SYSTEM, event, RunRequest(seed=1))).id)
    code = await ticket_code_of(world, event, came)
    at = event.starts_at + timedelta(minutes=5)
    scan = ScanRequest(scan_id="un", ticket_code=code, gate="Nord", scanned_at=at)
    await record_scan(world, SYSTEM, event, scan)

    ana, bea = await sheet(desk)

    assert (ana["Workshop"], ana["Gate"]) == ("Mental", "Nord")
    assert ana["Came in at"].isoformat() == "2018-04-10T14:05:00"
    assert (bea["Workshop"], bea["Gate"], bea["Came in at"]) == ("", "", "")


async def test_both_files_say_the_same(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    for name in ("Ana", "Bea"):
        await make_registration(world, event, given_name=name, organisation="Ville de Lens")

    lines = await sheet(desk)
    text = (await desk.get(f"{FILES}.csv")).text
    heads, *rows = csv.reader(text.splitlines())

    assert heads == list(lines[0])
    assert [row[3] for row in rows] == [line["First name"] for line in lines] == ["Ana", "Bea"]


async def test_an_event_without_people_has_a_file_with_its_heads(
    desk: httpx.AsyncClient, world: World
) -> None:
    await make_event(world, title="[*]: a title / that no sheet may have, and longer than one may be")

    assert await sheet(desk) == []
