"""Ticket pages and files, by the code alone."""

import io

import httpx
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from events_app.features.admission.tickets import keyring, ticket_code_of
from events_app.features.events.model import EventRecord
from events_app.infra import database as db
from events_app.infra.world import World
from tests.integration.features.admission.rows import make_event, make_registrations


@pytest.fixture
async def event(database: str, world: World) -> EventRecord:
    return await make_event(world, title="Monkey Time <Lens> & \u202ecie")


async def test_the_code_gives_its_page_pictures_and_paper(
    client: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    [person] = await make_registrations(world, event, ["Émile Œuvrard"])
    code = await ticket_code_of(world, event, person)
    found = await client.get(f"/tickets/{code}")
    assert found.status_code == 200
    assert "Émile Œuvrard" in found.text
    assert "&lt;Lens&gt;" in found.text
    png = await client.get(f"/tickets/{code}.png")
    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(png.content)).convert("L"))
    assert [each.text for each in read] == [code]
    svg = await client.get(f"/tickets/{code.lower()}.svg")
    assert svg.text.startswith("<svg")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    pdf = await client.get(f"/tickets/{code}.pdf")
    assert "Émile Œuvrard" in PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()


@pytest.mark.parametrize("ending", [".svg", ".png", ".pdf"])
async def test_files_are_read_again_only_when_they_changed(
    client: httpx.AsyncClient, world: World, event: EventRecord, ending: str
) -> None:
    [person] = await make_registrations(world, event, ["Anne Dupont"])
    url = f"/tickets/{await ticket_code_of(world, event, person)}{ending}"
    first = await client.get(url)
    etag = first.headers["etag"]
    assert etag.startswith('"')
    assert first.headers["cache-control"].startswith("private")
    again = await client.get(url, headers={"if-none-match": etag})
    assert (again.status_code, again.content, again.headers["etag"].strip('"')[:24]) == (
        304,
        b"",
        etag.strip('"')[:24],
    )
    assert (await client.get(url, headers={"if-none-match": '"other"'})).content == first.content
    head = await client.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == first.headers["content-length"]


async def test_no_other_code_shows_a_ticket(
    client: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    [person, gone] = await make_registrations(world, event, ["Anne Dupont", "Parti Loin"])
    code = await ticket_code_of(world, event, person)
    keys = await keyring(world)
    gone_code = await ticket_code_of(world, event, gone)
    await db.execute("UPDATE registration SET status = 'cancelled' WHERE id = {}", gone.id)
    assert (await client.get(f"/tickets/{gone_code}.svg")).status_code == 404
    assert gone_code not in (await client.get(f"/tickets/{gone_code}")).text
    for wrong in (
        code[:-1],
        code[:40] + ("B" if code[40] == "A" else "A") + code[41:],
        keys.code(event.number, person.ticket_id, 1),
        keys.code(event.number, person.ticket_id ^ 1, 0),
        keys.code(event.number + 1, person.ticket_id, 0),
        keys.opaque(event.number, person.ticket_id, 0),
        person.short_code,
        "%00",
        "x" * 3000,
    ):
        for ending in ("", ".svg", ".png", ".pdf", ".exe"):
            assert (await client.get(f"/tickets/{wrong}{ending}")).status_code == 404
    await db.execute("UPDATE registration SET ticket_generation = 1 WHERE id = {}", person.id)
    assert (await client.get(f"/tickets/{code}.svg")).status_code == 404


async def test_tickets_of_people_who_come_together_are_one_page(
    client: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    people = await make_registrations(world, event, ["Anne Dupont", "Bo Li", "Parti Loin"])
    codes = [await ticket_code_of(world, event, person) for person in people]
    await db.execute("UPDATE registration SET status = 'cancelled' WHERE id = {}", people[2].id)
    found = await client.get("/tickets/" + ",".join([*codes, codes[0]]))
    assert found.status_code == 200
    assert found.text.count("<title>") == 3  # the page's, and a code for each who may come in
    assert [name in found.text for name in ("Anne Dupont", "Bo Li", "Parti Loin")] == [True] * 3
    elsewhere = await make_event(world, slug="ailleurs", number=8)
    [stranger] = await make_registrations(world, elsewhere, ["Ailleurs Aussi"])
    other = await ticket_code_of(world, elsewhere, stranger)
    for wrong in (f"{codes[0]},{other}", f"{codes[0]},", f"{codes[0]},{codes[1][:-1]}", ",".join(["x"] * 40)):
        assert (await client.get(f"/tickets/{wrong}")).status_code == 404
