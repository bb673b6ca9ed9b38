"""Before a kiosk people stand alone: it reads their ticket and learns of nobody else."""

from datetime import timedelta

import httpx
import pytest

from events_app.features.admission import devices
from events_app.features.events.model import EventRecord
from events_app.features.registration.tables import Registration
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.web.entrance import DEVICE_COOKIE


@pytest.fixture
async def kiosk(client: httpx.AsyncClient, event: EventRecord, world: World) -> httpx.AsyncClient:
    _, link = await devices.offer_enrolment(world, SYSTEM, event, "Borne 1", "", kiosk=True)
    done = await devices.enrol(world, link)
    assert done.door_path == f"/kiosk/{event.slug}"
    assert done.valid_until - event.ends_at == timedelta(days=1)
    client.cookies.set(DEVICE_COOKIE, done.device_token)
    client.headers["accept-language"] = "fr"
    return client


async def test_a_kiosk_lets_people_in_by_their_code(
    kiosk: httpx.AsyncClient, event: EventRecord, people: list[Registration]
) -> None:
    page = await kiosk.get(f"/kiosk/{event.slug}")
    assert page.status_code == 200
    for name in ("Anne", "Dupont", "Zola"):
        assert name not in page.text
    body = {"scan_id": "k1", "ticket_code": people[0].short_code, "gate": "Borne 1"}
    answer = (await kiosk.post(f"/api/v1/events/{event.slug}/scans", json=body)).json()
    assert (answer["outcome"], answer["registration"]["given_name"]) == ("admitted", "Anne")
    badge = await kiosk.get(f"/api/v1/events/{event.slug}/badges.pdf?registration={people[0].id}")
    assert badge.headers["content-type"] == "application/pdf"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/door/people?q=dupont"),
        ("GET", "/door/manifest"),
        ("GET", "/door/names"),
        ("GET", "/door/news"),
        ("GET", "/badges.pdf"),
        ("GET", "/door-list.pdf"),
        ("GET", "/stats"),
        ("POST", "/walk-ins"),
        ("POST", "/scans/batch"),
        ("POST", "/scans/k1/void"),
    ],
)
async def test_a_kiosk_learns_of_nobody_and_changes_nothing(
    kiosk: httpx.AsyncClient, event: EventRecord, people: list[Registration], method: str, path: str
) -> None:
    bodies = {
        "/walk-ins": {"scan_id": "w1", "given_name": "Nadia"},
        "/scans/batch": {"scans": [{"scan_id": "b1", "ticket_code": people[0].short_code}]},
        "/scans/k1/void": {"scan_id": "v1"},
    }
    answer = await kiosk.request(method, f"/api/v1/events/{event.slug}{path}", json=bodies.get(path))
    assert answer.status_code in (401, 403), answer.text
    assert "Dupont" not in answer.text


async def test_the_door_is_no_kiosks(kiosk: httpx.AsyncClient, event: EventRecord) -> None:
    assert (await kiosk.get(f"/door/{event.slug}")).status_code == 403
    assert (await kiosk.get(f"/door/{event.slug}/live")).status_code == 403
