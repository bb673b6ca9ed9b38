"""An event, three people, a door with a key, and a scan by the API."""

from typing import Any

import httpx
import pytest

from events_app.features.accounts.service import create_api_key
from events_app.features.events.model import EventRecord
from events_app.features.registration.tables import Registration
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Role
from tests.integration.features.admission.rows import (
    ScanCall,
    make_event,
    make_registrations,
)


@pytest.fixture
async def event(database: str, world: World) -> EventRecord:
    return await make_event(world)


@pytest.fixture
async def people(event: EventRecord, world: World) -> list[Registration]:
    return await make_registrations(world, event, ["Anne Dupont", "Émile Zola", "Jean Œuvrard"])


@pytest.fixture
async def door(client: httpx.AsyncClient, event: EventRecord, world: World) -> httpx.AsyncClient:
    key = await create_api_key(world, SYSTEM, event.body_id, "door", Role.DOOR, event.id)
    client.headers["authorization"] = f"Bearer {key}"
    client.headers["accept-language"] = "en"
    return client


@pytest.fixture
def scan(door: httpx.AsyncClient, event: EventRecord) -> ScanCall:
    async def call(code: str, scan_id: str, **fields: Any) -> dict[str, Any]:
        body = {"scan_id": scan_id, "ticket_code": code, "gate": "A", "direction": "in"} | fields
        answer = await door.post(f"/api/v1/events/{event.slug}/scans", json=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return call
