"""Whoever downloads their data has all of it, and nothing that others said of them."""

import httpx
import pytest

from events_app.features.admission.schemas import ScanRequest
from events_app.features.admission.service import record_scan
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.events.queries import event_by_id
from events_app.features.registration import links
from events_app.features.workshops.model import PlaceSource
from events_app.features.workshops.seating import NewPlace, replace_places
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_session
from tests.integration.features.networking.test_contacts import say, together
from tests.integration.features.networking.test_live import tap
from tests.integration.features.networking.test_meetings import ROOM as FORUM_ROOM
from tests.integration.features.networking.test_meetings import SETTINGS, forum


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def test_all_that_is_kept_is_handed_out(desk: httpx.AsyncClient, world: World) -> None:
    a, b, c, _ = await together(desk, world)
    event = await event_by_id(a.event_id)
    assert event is not None
    workshop = await make_session(world, event, "reseauter", title="Réseauter")
    await replace_places(world, [], [NewPlace(a.id, workshop, 2, PlaceSource.RUN)])
    await say(desk, a, b)
    await say(desk, c, a)
    await tap(desk, a, "late")
    await db.execute(
        "INSERT INTO registration_tag (id, registration, tag) VALUES ({}, {}, {})",
        world.new_id(),
        a.id,
        "orateur",
    )
    code = await ticket_code_of(world, event, a)
    scan = ScanRequest("un", ticket_code=code, gate="Nord", scanned_at=world.now())
    await record_scan(world, SYSTEM, event, scan)

    answer = await desk.get(f"/me/{links.manage_token(world, a.id)}/data.json")

    data = answer.json()
    kept = data["taking_part"]
    assert data["tags"] == ["orateur"]
    assert [(each["session"], each["wish"]) for each in kept["workshops"]] == [("Réseauter", 2)]
    assert [each["round"] for each in kept["tables"]] == [1]
    assert [each["family_name"] for each in kept["would_meet_again"]] == [b.family_name]
    assert [each["state"] for each in kept["in_the_room"]] == ["late"]
    assert [(each["gate"], each["direction"]) for each in kept["entrances"]] == [("Nord", "in")]
    assert c.family_name not in answer.text


async def test_nobody_reads_in_their_file_who_would_meet_them_again(
    desk: httpx.AsyncClient, world: World
) -> None:
    a, b, *_ = await together(desk, world)
    await say(desk, a, b)

    answer = await desk.get(f"/me/{links.manage_token(world, b.id)}/data.json")

    assert answer.json()["taking_part"]["would_meet_again"] == []
    assert a.family_name not in answer.text


async def test_a_structure_s_file_does_not_name_candidates_either(
    desk: httpx.AsyncClient, world: World
) -> None:
    fair = await forum(world, candidates=3)
    await desk.put(FORUM_ROOM, json=SETTINGS)
    receiver, wished = fair.posts[0], fair.candidates[2]
    said = {"wishes": [{"registration": str(wished.id), "value": "must"}]}
    answer = await desk.put(f"/api/v1/registrations/{receiver.id}/meeting-wishes/entretiens", json=said)
    assert answer.status_code == 204, answer.text

    file = await desk.get(f"/me/{links.manage_token(world, receiver.id)}/data.json")

    wish = file.json()["taking_part"]["meeting_wishes"]
    assert wish == [{"session": "Entretiens", "number": 3, "about": "", "wish": "must"}]
    assert wished.family_name not in file.text
