"""An organiser writes to people: to whom, what they read, when it leaves, what becomes of it."""

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import httpx
import msgspec
import pytest

from events_app.app import JOB_HANDLERS
from events_app.features.accounts.tables import Body
from events_app.features.admission.schemas import ScanRequest
from events_app.features.admission.service import record_scan
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.events.model import EventRecord
from events_app.features.registration.links import manage_url
from events_app.features.registration.model import Companion, RegistrationRecord
from events_app.features.registration.tags import set_tag
from events_app.features.registration.withdrawal import cancel
from events_app.infra import database as db
from events_app.infra.jobs import claim, run_due, run_one
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.clock import FixedClock
from tests.factories import make_event, make_registration, make_workshops

pytestmark = pytest.mark.usefixtures("database")
TEXT = {"subject": "Le parking, {prénom}", "text": "Bonjour {given_name},\n\nle parking est **plein**."}


def later(world: World, **time: float) -> World:
    return msgspec.structs.replace(world, clock=FixedClock(world.now() + timedelta(**time)))


async def work(world: World) -> None:
    await run_due(world, JOB_HANDLERS)


async def written(kind: str = "mail.message") -> list[EmailMessage]:
    found = await db.rows("SELECT content FROM mail WHERE kind = {} ORDER BY id", kind)
    return [message_from_bytes(bytes(each["content"]), policy=default) for each in found]  # type: ignore[misc]


class Desk:
    """The API, as one organiser's program uses it."""

    def __init__(self, client: httpx.AsyncClient, key: str) -> None:
        self.client, self.headers = client, {"authorization": f"Bearer {key}"}

    async def post(self, path: str, json: Any = None, status: int = 200) -> Any:
        answer = await self.client.post(f"/api/v1{path}", json=json, headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def read(self, message: dict[str, Any]) -> Any:
        return (await self.client.get(f"/api/v1/messages/{message['id']}", headers=self.headers)).json()

    async def write(self, event: EventRecord, **fields: Any) -> Any:
        return await self.post(f"/events/{event.slug}/messages", TEXT | fields, 201)

    async def meant(self, event: EventRecord, **audience: Any) -> int:
        return int((await self.write(event, audience=audience))["recipients"])


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> Desk:
    return Desk(client, organiser_key)


async def people(world: World, event: EventRecord) -> list[RegistrationRecord]:
    return [
        await make_registration(world, event, given_name="Léa", email="lea@example.org", insee="62498"),
        await make_registration(world, event, given_name="Tom", email="tom@example.org", language="en"),
        await make_registration(world, event, given_name="Ana", email="ana@example.org"),
    ]


async def test_each_person_gets_one_mail_with_their_own_words(world: World, desk: Desk) -> None:
    event = await make_event(world, capacity=2)
    lea, _, _ = await people(world, event)
    await Body.update({Body.contact_email: "equipe@example.org"}, force=True)
    message = await desk.write(event, audience={"status": "confirmed"})
    assert (message["status"], message["recipients"]) == ("draft", 2)
    await work(world)
    assert await written() == []
    assert (await desk.post(f"/messages/{message['id']}/send"))["status"] == "sending"
    await work(world)
    first, second = await written()
    assert (first["To"].addresses[0].addr_spec, first["Subject"]) == ("lea@example.org", "Le parking, Léa")
    assert first["Reply-To"].addresses[0].addr_spec == "equipe@example.org"
    html = first.get_body(("html",)).get_content()
    assert "<strong>plein</strong>" in html
    assert manage_url(world, lea) in html
    assert "Bonjour Léa," in first.get_body(("plain",)).get_content()
    assert second["Subject"] == "Le parking, Tom"
    found = await desk.read(message)
    assert found["status"] == "sent"
    assert [(each["email"], each["status"]) for each in found["fates"]] == [
        ("lea@example.org", "kept"),
        ("tom@example.org", "kept"),
    ]
    refused = await desk.post(f"/messages/{message['id']}/send", status=409)
    assert refused["type"].endswith("message-left")


async def test_all_of_an_audience_must_hold(world: World, desk: Desk) -> None:
    event = await make_event(
        world,
        capacity=3,
        profiles=["student", "manager"],
        consents=[{"code": "news", "purpose": "Nouvelles"}],
        max_companions=2,
    )
    await make_workshops(world, event)
    lea = await make_registration(
        world, event, insee="62498", profile="student", consent=["news"], preferences=["mental"]
    )
    tom = await make_registration(world, event, profile="manager", companions=[Companion("Ana", "Li")])
    await make_registration(world, event)
    gone = await make_registration(world, event)
    await cancel(world, SYSTEM, gone.id)
    code = await ticket_code_of(world, event, lea)
    await record_scan(
        later(world, days=40, hours=3),
        SYSTEM,
        event,
        ScanRequest(scan_id="un", ticket_code=code, gate="Nord"),
    )
    await set_tag(world, SYSTEM, event, [tom.id], "presse", on=True)
    for audience, number in (
        ({}, 3),
        ({"status": "confirmed"}, 2),
        ({"status": ["confirmed", "cancelled"]}, 3),
        ({"commune": "Lens"}, 1),
        ({"commune": ["62498", "Arras"]}, 1),
        ({"profile": "manager"}, 1),
        ({"profile": "manager", "commune": "Lens"}, 0),
        ({"consent": "news"}, 1),
        ({"session": "mental"}, 1),
        ({"tag": "presse"}, 1),
        ({"tag": "inconnu"}, 0),
        ({"presence": "present"}, 1),
        ({"status": "confirmed", "presence": "absent"}, 1),
    ):
        assert await desk.meant(event, **audience) == number, audience
    assert tom.leads


@pytest.mark.parametrize(
    ("fields", "pointers"),
    [
        ({"subject": " "}, {"/subject"}),
        ({"text": "{{ 7*7 }}"}, {"/text"}),
        ({"text": "{% for x in y %}"}, {"/text"}),
        ({"text": "a" * 10_001}, {"/text"}),
        ({"audience": {"session": "autre"}}, {"/audience/session"}),
        ({"audience": {"profile": "king"}}, {"/audience/profile"}),
        ({"audience": {"consent": "autre"}}, {"/audience/consent"}),
        ({"send_at": "2018-02-01T10:00:00+01:00"}, {"/send_at"}),
    ],
)
async def test_what_cannot_be_sent_is_named(
    world: World, desk: Desk, fields: dict[str, Any], pointers: set[str]
) -> None:
    event = await make_event(world)
    answer = await desk.post(f"/events/{event.slug}/messages", TEXT | fields, 422)
    assert {each["pointer"] for each in answer["errors"]} == pointers


async def test_a_line_end_in_a_subject_makes_no_header(world: World, desk: Desk) -> None:
    event = await make_event(world)
    await people(world, event)
    message = await desk.write(event, subject="Bonjour\r\nBcc: autre@example.org")
    await desk.post(f"/messages/{message['id']}/send")
    await work(world)
    assert {mail["Bcc"] for mail in await written()} == {None}


async def test_a_test_goes_to_one_address_and_opens_nobody_s_registration(world: World, desk: Desk) -> None:
    event = await make_event(world)
    lea, *_ = await people(world, event)
    message = await desk.write(event, text="Bonjour {prénom} : {lien}")
    await desk.post(f"/messages/{message['id']}/test", {"to": "moi@example.org"}, 202)
    await desk.post(f"/messages/{message['id']}/test", {"to": "a@b, evil@x"}, 422)
    await work(world)
    (mail,) = await written("mail.message_test")
    assert await written() == []
    assert mail["To"].addresses[0].addr_spec == "moi@example.org"
    assert mail["Subject"].startswith("Essai")
    assert "Le parking, Léa" in mail["Subject"]
    assert manage_url(world, lea) not in mail.as_string()
    assert manage_url(world, lea) not in str(await desk.read(message))


async def test_a_scheduled_message_leaves_at_its_hour_once(world: World, desk: Desk) -> None:
    event = await make_event(world)
    await people(world, event)
    at = world.now() + timedelta(hours=2)
    message = await desk.write(event, send_at=at.isoformat())
    assert message["status"] == "scheduled"
    answer = await desk.client.patch(
        f"/api/v1/messages/{message['id']}",
        json={"send_at": (at + timedelta(hours=1)).isoformat()},
        headers=desk.headers,
    )
    assert answer.status_code == 200
    await work(later(world, hours=2))
    assert await written() == []
    await work(later(world, hours=3))
    await work(later(world, hours=3))
    assert len(await written()) == 3
    assert (await desk.read(message))["status"] == "sent"


async def test_it_is_stopped_while_it_runs(world: World, desk: Desk) -> None:
    event = await make_event(world)
    await people(world, event)
    await work(world)
    message = await desk.write(event)
    await desk.post(f"/messages/{message['id']}/send")
    (first,) = await claim(world, "a worker", 1)
    await run_one(world, first, JOB_HANDLERS)
    assert (await desk.post(f"/messages/{message['id']}/cancel"))["status"] == "cancelled"
    await work(world)
    assert len(await written()) == 1
    fates = [each["status"] for each in (await desk.read(message))["fates"]]
    assert sorted(fates) == ["dropped", "dropped", "kept"]
    await desk.post(f"/messages/{message['id']}/cancel", status=409)


async def test_who_withdraws_before_it_leaves_is_not_written_to(world: World, desk: Desk) -> None:
    event = await make_event(world)
    lea, *_ = await people(world, event)
    message = await desk.write(event, audience={"status": "confirmed"})
    await desk.post(f"/messages/{message['id']}/send?recipients=3")
    await cancel(world, SYSTEM, lea.id)
    await work(world)
    assert {mail["To"].addresses[0].addr_spec for mail in await written()} == {
        "tom@example.org",
        "ana@example.org",
    }


async def test_another_number_of_people_than_was_seen_is_asked_again(world: World, desk: Desk) -> None:
    event = await make_event(world)
    await people(world, event)
    message = await desk.write(event)
    refused = await desk.post(f"/messages/{message['id']}/send?recipients=2", status=409)
    assert "3" in refused["detail"]
    empty = await desk.write(event, audience={"status": "refused"})
    assert (await desk.post(f"/messages/{empty['id']}/send", status=409))["type"].endswith("nobody-meant")


async def test_a_message_that_has_left_stays_as_it_is(world: World, desk: Desk) -> None:
    event = await make_event(world)
    await people(world, event)
    message = await desk.write(event)
    await desk.post(f"/messages/{message['id']}/send")
    path = f"/api/v1/messages/{message['id']}"
    for answer in (
        await desk.client.patch(path, json={"subject": "Autre"}, headers=desk.headers),
        await desk.client.delete(path, headers=desk.headers),
    ):
        assert answer.status_code == 409
    found = await db.rows("SELECT action FROM audit_entry WHERE action LIKE 'message.%' ORDER BY id")
    assert [each["action"] for each in found] == ["message.written", "message.sent"]
