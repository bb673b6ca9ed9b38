"""Badges, the list to tick, sheets to sign: who may have them, what they say, and the ticks afterwards."""

import io
from datetime import timedelta

import httpx
from pypdf import PdfReader

from events_app.features.events.model import EventRecord
from events_app.features.registration.tables import Registration
from events_app.infra import database as db
from events_app.kernel.civil_time import to_wall
from tests.integration.features.admission.rows import ScanCall, presence_count


def said(answer: httpx.Response) -> str:
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


async def test_a_badge_has_the_name_and_the_ticket(
    door: httpx.AsyncClient, event: EventRecord, people: list[Registration], organiser_key: str
) -> None:
    url = f"/api/v1/events/{event.slug}/badges.pdf?size=card"
    assert (await door.get(url)).status_code == 403
    one = said(await door.get(f"{url}&registration={people[1].id}"))
    assert "Zola" in one
    assert "Dupont" not in one
    door.headers["authorization"] = f"Bearer {organiser_key}"
    everybody = said(await door.get(url))
    for name in ("Dupont", "Zola", "Œuvrard", "Ville de Lens", "Monkey Time"):
        assert name in everybody
    few = said(await door.get(f"{url}&q=zola"))
    assert "Dupont" not in few


async def test_what_cannot_be_printed_is_said(
    door: httpx.AsyncClient, event: EventRecord, people: list[Registration], organiser_key: str
) -> None:
    door.headers["authorization"] = f"Bearer {organiser_key}"
    url = f"/api/v1/events/{event.slug}"
    assert (await door.get(f"{url}/badges.pdf?size=a3")).json()["errors"][0]["pointer"] == "/size"
    assert (await door.get(f"{url}/badges.pdf?q=nobody")).status_code == 404
    assert (await door.get(f"{url}/attendance-sheet.pdf?by=year")).json()["errors"][0]["pointer"] == "/by"


async def test_lists_to_tick_and_to_sign(
    door: httpx.AsyncClient, event: EventRecord, people: list[Registration], organiser_key: str
) -> None:
    door.headers["authorization"] = f"Bearer {organiser_key}"
    url = f"/api/v1/events/{event.slug}"
    listed = said(await door.get(f"{url}/door-list.pdf"))
    assert "DUPONT Anne" in listed
    assert listed.index("DUPONT") < listed.index("ŒUVRARD") < listed.index("ZOLA")
    assert "Signature" in said(await door.get(f"{url}/attendance-sheet.pdf"))
    await db.execute("UPDATE registration SET status = 'cancelled' WHERE id = {}", people[0].id)
    assert "DUPONT" not in said(await door.get(f"{url}/door-list.pdf"))


async def test_ticks_are_entered_once_and_leave_what_phones_saw(
    door: httpx.AsyncClient,
    scan: ScanCall,
    event: EventRecord,
    people: list[Registration],
    organiser_key: str,
) -> None:
    await scan(people[0].short_code, "s1")
    url = f"/org/events/{event.slug}/door/ticks"
    door.headers["authorization"] = f"Bearer {organiser_key}"
    at = to_wall(event.starts_at + timedelta(minutes=20), event.timezone).isoformat(timespec="minutes")
    fields = {"at": at, "person": [str(each.id) for each in people[:2]] + ["nobody", "0" * 36]}
    for _ in range(2):
        assert (await door.post(url, data=fields)).status_code == 303
        assert await presence_count(event.id) == 2
    found = await db.rows("SELECT gate, outcome, flagged FROM scan WHERE device = 'paper'")
    assert [(each["gate"], each["outcome"], bool(each["flagged"])) for each in found] == [
        ("Liste papier", "admitted", False)
    ]
    page = await door.get(url)
    assert page.text.count("checked disabled") == 2
    assert (await door.post(url, data={"at": "soon"})).status_code == 422


async def test_a_badge_shows_the_profile_only_where_it_is_asked_for(
    door: httpx.AsyncClient, event: EventRecord, people: list[Registration], organiser_key: str
) -> None:
    await db.execute("UPDATE registration SET profile = 'job_seeker' WHERE id = {}", people[0].id)
    door.headers["authorization"] = f"Bearer {organiser_key}"
    url = f"/api/v1/events/{event.slug}/badges.pdf?registration={people[0].id}"
    assert "Looking for work" not in said(await door.get(url))
    assert "Looking for work" in said(await door.get(f"{url}&with_profile=yes"))
