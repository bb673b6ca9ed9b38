"""What a change does to people is asked before it is done, with the number, and told to those concerned."""

import re
from html import unescape

import httpx
import pytest

from events_app.app import JOB_HANDLERS
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import event_by_slug
from events_app.features.registration.approval import approve
from events_app.features.registration.model import Companion
from events_app.features.registration.queries import group_of
from events_app.features.registration.withdrawal import cancel
from events_app.infra import database as db
from events_app.infra.jobs import run_due
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration, make_session, make_workshops
from tests.integration.features.events.test_organiser_pages import typed
from tests.integration.features.mailing.test_letters import parsed, seat

pytestmark = pytest.mark.usefixtures("database")

EDIT = "/org/events/monkey-time/edit"
API = "/api/v1/events/monkey-time"


@pytest.fixture
def organiser(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers["authorization"] = f"Bearer {organiser_key}"
    client.headers["accept-language"] = "fr"
    return client


@pytest.fixture
async def event(world: World, client: httpx.AsyncClient) -> EventRecord:
    event = await make_event(world)
    for _ in range(3):
        await make_registration(world, event)
    await run_due(world, JOB_HANDLERS)
    return event


async def kinds_written(world: World) -> list[str]:
    await run_due(world, JOB_HANDLERS)
    found = await db.rows("SELECT kind FROM mail WHERE kind <> 'mail.confirmation' ORDER BY kind")
    return [mail["kind"] for mail in found]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"capacity": "2"}, "3 personnes ont déjà une place, pour 2 places"),
        (
            {"starts_at": "2018-04-11T14:00", "ends_at": "2018-04-11T16:00"},
            "3 personnes sont inscrites à la date annoncée",
        ),
        ({"registration_closes_at": "2018-03-01T09:00"}, "3 personnes sont inscrites"),
        ({"registration_required": ""}, "3 personnes sont inscrites"),
        ({"visibility": "invited"}, "3 personnes sont inscrites"),
        ({"visibility": "link"}, "3 personnes sont inscrites"),
    ],
)
async def test_a_page_asks_with_the_number_before_it_saves(
    organiser: httpx.AsyncClient, event: EventRecord, change: dict[str, str], said: str
) -> None:
    form = typed((await organiser.get(EDIT)).text) | change
    if change.get("registration_required") == "":
        form.pop("registration_required")
    asked = await organiser.post(EDIT, data=form)
    assert asked.status_code == 409
    assert said in unescape(asked.text)
    before = (await organiser.get(API)).json()
    assert before["revision"] == event.revision
    saved = await organiser.post(EDIT, data=typed(asked.text))
    assert saved.status_code == 303
    assert (await organiser.get(API)).json()["revision"] > event.revision


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        ({"max_companions": 0}, ("companions-below", 2)),
        ({"max_companions": 1}, None),
        ({"preferences_count": 1}, ("wishes-below", 1)),
        ({"preferences_count": 2}, None),
        ({"waiting_list": False}, ("no-waiting-list", 2)),
        ({"approval": False}, ("no-approval", 1)),
    ],
)
async def test_limits_below_what_exists_ask_with_the_number(
    organiser: httpx.AsyncClient, world: World, change: dict[str, object], warning: tuple[str, int] | None
) -> None:
    event = await make_event(world, max_companions=3, capacity=3, approval=True)
    await make_workshops(world, event)
    wishes = ["mental", "confiance"]
    first = await make_registration(world, event, companions=[Companion("Tom", "Bo")], preferences=wishes)
    waits = await make_registration(world, event, companions=[Companion("", "")] * 3)
    await make_registration(world, event)
    for person in (first, waits):
        await approve(world, SYSTEM, person.id)
    await cancel(world, SYSTEM, (await group_of(waits.id))[1].id)
    await cancel(world, SYSTEM, (await group_of(waits.id))[2].id)
    found = (await organiser.patch(API, json=change)).json()["warnings"]
    assert [(each["kind"], each["people"]) for each in found] == ([warning] if warning else [])


async def test_a_new_link_is_told_to_those_who_have_a_place(
    organiser: httpx.AsyncClient, world: World
) -> None:
    await make_event(world, capacity=1, online_url="https://visio.example.org/1")
    event = await event_by_slug("monkey-time")
    assert event is not None
    has, waits = [await make_registration(world, event) for _ in range(2)]
    await run_due(world, JOB_HANDLERS)
    await organiser.patch(API, json={"online_url": "https://visio.example.org/2"})
    assert await kinds_written(world) == ["mail.event_changed", "mail.waiting"]
    found = await db.row("SELECT registration_id, content FROM mail WHERE kind = 'mail.event_changed'")
    assert found is not None
    assert found["registration_id"] == has.id != waits.id
    plain = parsed(found["content"]).get_body(("plain",)).get_content()
    assert "https://visio.example.org/1 → https://visio.example.org/2" in plain


async def test_a_number_that_has_changed_is_asked_again(
    organiser: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    form = typed((await organiser.get(EDIT)).text) | {"capacity": "2"}
    asked = await organiser.post(EDIT, data=form)
    await make_registration(world, event)
    again = await organiser.post(EDIT, data=typed(asked.text))
    assert again.status_code == 409
    assert "4 personnes ont déjà une place" in unescape(again.text)


async def test_what_concerns_nobody_is_saved_at_once(
    organiser: httpx.AsyncClient, event: EventRecord
) -> None:
    form = typed((await organiser.get(EDIT)).text)
    assert (await organiser.post(EDIT, data=form | {"capacity": "3"})).status_code == 303


async def test_a_workshop_below_the_people_placed_asks(
    organiser: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    workshop = (await make_workshops(world, event))[0]
    found = await db.rows("SELECT id FROM registration")
    for person in found:
        await place(world, person["id"], workshop.id)
    path = f"/org/events/monkey-time/programme/{workshop.code}"
    page = await organiser.get(path)
    asked = await organiser.post(path, data=typed(page.text) | {"capacity_max": "2", "capacity_min": "1"})
    assert asked.status_code == 409
    assert "3 personnes ont déjà une place, pour 2 places" in unescape(asked.text)
    assert (await organiser.post(path, data=typed(asked.text))).status_code == 303


async def test_the_api_changes_and_warns(organiser: httpx.AsyncClient, event: EventRecord) -> None:
    answer = await organiser.patch(API, json={"capacity": 1, "notify": False})
    assert answer.status_code == 200
    assert [(each["kind"], each["people"]) for each in answer.json()["warnings"]] == [("capacity-below", 3)]
    assert (await organiser.get(API)).json()["warnings"] == []


async def test_only_who_is_placed_hears_of_a_new_room_before_and_after(
    organiser: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    workshop = (await make_workshops(world, event))[0]
    await db.execute("UPDATE session SET room = 'Salle A' WHERE id = {}", workshop.id)
    first = (await db.rows("SELECT id FROM registration ORDER BY arrival"))[0]["id"]
    await place(world, first, workshop.id)
    path = f"/org/events/monkey-time/programme/{workshop.code}"
    page = await organiser.get(path)
    assert "1 courriel est écrit" in unescape(page.text)  # without a mail server it stays here
    assert (await organiser.post(path, data=typed(page.text) | {"room": "Salle B"})).status_code == 303
    assert await kinds_written(world) == ["mail.session_changed"]
    found = await db.row("SELECT registration_id, content FROM mail WHERE kind = 'mail.session_changed'")
    assert found is not None
    assert found["registration_id"] == first
    mail = parsed(found["content"])
    assert mail["Subject"] == "Changement\u202f: Mental (Monkey Time)"
    assert "Salle A → Salle B" in mail.get_body(("plain",)).get_content()


async def test_nobody_hears_of_a_workshop_before_the_placement(
    organiser: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    await make_workshops(world, event)
    await organiser.patch(f"{API}/sessions/mental", json={"room": "B", "starts_at": "2018-04-10T12:30:00Z"})
    assert await kinds_written(world) == []


async def test_everybody_with_a_place_hears_of_the_plenary(
    organiser: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    await make_session(world, event, "pleniere", kind="plenary", slot="")
    await organiser.patch(f"{API}/sessions/pleniere", json={"coach": "Odile"})
    assert await kinds_written(world) == ["mail.session_changed"] * 3


@pytest.mark.parametrize("by", ["page", "api"])
async def test_without_a_mail_when_the_organiser_says_so(
    organiser: httpx.AsyncClient, world: World, event: EventRecord, by: str
) -> None:
    await make_session(world, event, "pleniere", kind="plenary", slot="")
    path = "/org/events/monkey-time/programme/pleniere"
    if by == "page":
        form = typed((await organiser.get(path)).text) | {"room": "B", "quiet": "yes"}
        assert (await organiser.post(path, data=form)).status_code == 303
        form = typed((await organiser.get(EDIT)).text) | {"venue.name": "Ailleurs", "quiet": "yes"}
        assert (await organiser.post(EDIT, data=form)).status_code == 303
    else:
        await organiser.patch(f"{API}/sessions/pleniere", json={"room": "B", "notify": False})
        await organiser.patch(API, json={"venue": {"name": "Ailleurs"}, "notify": False})
    assert await kinds_written(world) == []
    assert (await organiser.get(API)).json()["venue"]["name"] == "Ailleurs"


async def test_a_moved_event_is_told_before_and_after(
    organiser: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    later = {"starts_at": "2018-04-11T12:00:00Z", "ends_at": "2018-04-11T14:00:00Z"}
    await organiser.patch(API, json=later)
    assert await kinds_written(world) == ["mail.event_changed"] * 3
    found = await db.row("SELECT content FROM mail WHERE kind = 'mail.event_changed' LIMIT 1")
    assert found is not None
    plain = parsed(found["content"]).get_body(("plain",)).get_content().replace("\u202f", " ")
    assert re.search(r"mardi 10 avril 2018, 14 h\s– 16 h → mercredi 11 avril 2018, 14 h\s– 16 h", plain)


async def test_a_change_that_is_undone_before_the_worker_comes_is_told_to_nobody(
    organiser: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    await organiser.patch(API, json={"venue": {"name": "Ailleurs"}})
    await organiser.patch(API, json={"venue": {"name": event.venue_name}})
    assert await kinds_written(world) == []


async def place(world: World, registration_id: object, session_id: object) -> None:
    from events_app.features.events.queries import sessions_of
    from events_app.features.registration.queries import registration_by_id

    registration = await registration_by_id(registration_id)  # type: ignore[arg-type]
    assert registration is not None
    sessions = {session.id: session for session in await sessions_of(registration.event_id)}
    await seat(world, registration, sessions[session_id])  # type: ignore[index]
