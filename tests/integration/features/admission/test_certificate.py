"""Who was there gets a certificate once it is over: with hours that agree with the scans, and nobody else."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from events_app.app import introduce_features
from events_app.features.admission.certificate import NoCertificate, certificate_of
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.events.service import postpone_event
from events_app.features.registration.links import manage_path, manage_token
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _introduced() -> None:
    introduce_features()


async def test_hours_by_half_day_for_who_was_scanned(
    client: httpx.AsyncClient, organiser_key: str, world: World
) -> None:
    start = world.now() + timedelta(hours=1)  # 11:00 in Paris
    event = await make_event(world, starts_at=start, ends_at=start + timedelta(hours=6))
    lea = await make_registration(world, event, given_name="Léa", family_name="Martin", organisation="Ville")
    absent = await make_registration(world, event)
    code = await ticket_code_of(world, event, lea)
    headers = {"authorization": f"Bearer {organiser_key}", "accept-language": "fr"}

    async def scan(scan_id: str, minutes: float, direction: str = "in") -> Any:
        at = (start + timedelta(minutes=minutes)).isoformat()
        body = {
            "scan_id": scan_id,
            "ticket_code": code,
            "gate": "A",
            "scanned_at": at,
            "direction": direction,
        }
        answer = await client.post("/api/v1/events/monkey-time/scans", json=body, headers=headers)
        assert answer.status_code == 200, answer.text

    world.clock.advance(timedelta(hours=6))  # type: ignore[attr-defined]
    await scan("1", 30)
    await scan("2", 240, "out")
    await scan("3", 270)
    undone = await client.post(
        "/api/v1/events/monkey-time/scans/3/void", json={"scan_id": "4"}, headers=headers
    )
    assert undone.status_code == 200, undone.text
    with pytest.raises(NoCertificate):
        await certificate_of(world, event, lea, "fr")
    world.clock.advance(timedelta(hours=2))  # type: ignore[attr-defined]

    told = (await client.get(f"/api/v1/registrations/{lea.id}/attendance", headers=headers)).json()
    assert told["minutes"] == 210
    assert [(each["is_morning"], each["minutes"]) for each in told["half_days"]] == [(True, 90), (False, 120)]
    page = (await client.get(manage_path(world, lea), headers={"accept-language": "fr"})).text
    assert "3\u00a0h\u00a030" in page
    token = manage_token(world, lea.id, lea.token_generation)
    for path, sent in (
        (f"/me/{token}/certificate.pdf", {}),
        (f"/org/events/monkey-time/registrations/{lea.id}/certificate.pdf", headers),
    ):
        assert path in page or sent
        paper = await client.get(path, headers=sent)
        assert paper.status_code == 200, paper.text
        assert paper.content.startswith(b"%PDF-")
    other = manage_token(world, absent.id, absent.token_generation)
    assert (await client.get(f"/me/{other}/certificate.pdf")).status_code == 409
    assert "certificate.pdf" not in (await client.get(f"/me/{other}")).text


async def test_what_did_not_take_place_certifies_nobody(world: World) -> None:
    event = await make_event(world)
    lea = await make_registration(world, event)
    event = await postpone_event(world, SYSTEM, event.slug, "Neige")
    world.clock.advance(timedelta(days=90))  # type: ignore[attr-defined]
    with pytest.raises(NoCertificate):
        await certificate_of(world, event, lea, "fr")
