"""A corrected address: new link, ticket and feed to the right person; what went to the wrong one is dead."""

import re

import httpx
import msgspec

from events_app.features.admission.manifest import Manifest, manifest_pieces
from events_app.features.admission.schemas import ScanRequest
from events_app.features.admission.service import record_scan
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.events.model import EventRecord
from events_app.features.mailing import event_letters
from events_app.features.registration import address, links
from events_app.features.registration.changes import RegistrationChanges, change
from events_app.features.registration.job_kinds import ADDRESS_TO_CONFIRM, CONFIRMATION
from events_app.features.registration.model import RegistrationRecord
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import again, mail_job, make_event, make_registration
from tests.world import make_world


def token(world: World, person: RegistrationRecord) -> str:
    return links.manage_token(world, person.id, person.token_generation)


async def mails(event_id: object) -> list[str]:
    found = await db.rows(
        "SELECT kind FROM job WHERE event_id = {} AND done_at IS NULL ORDER BY id", event_id
    )
    return sorted(each["kind"] for each in found if each["kind"].startswith("mail."))


async def door_manifest(world: World, event: EventRecord) -> Manifest:
    pieces = await manifest_pieces(world, SYSTEM, event)
    return msgspec.json.decode(b"".join(pieces), type=Manifest)


async def test_the_organisers_correction_takes_effect_everywhere(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world, max_companions=1)
    wrong = await make_registration(world, event, email="etrangere@example.org", companions=1)
    old_code = await ticket_code_of(world, event, wrong)
    old_feed = links.calendar_url(world, wrong)
    before = await door_manifest(world, event)
    await change(world, SYSTEM, wrong.id, RegistrationChanges(email="juste@example.org"))
    right = await again(wrong)
    assert await mails(event.id) == ["mail.confirmation", "mail.confirmation"]
    letter = await event_letters.about_registration(world, *mail_job(world, CONFIRMATION, wrong))
    assert letter is not None
    assert letter.to.address == "juste@example.org"
    assert letter.facts["manage_url"] == links.manage_url(world, right)
    assert len(letter.tickets) == 2

    gone = await client.get(f"/me/{token(world, wrong)}")
    assert gone.status_code == 410
    assert "L’adresse de cette inscription a été corrigée" in gone.text
    assert "juste@example.org" not in gone.text
    assert (await client.get(old_feed)).status_code == 404
    old_ticket = await client.get(f"/tickets/{old_code}")
    assert old_ticket.status_code == 404
    assert "Ce billet a été remplacé" in old_ticket.text
    assert (await client.get(f"/me/{token(world, right)}")).status_code == 200
    assert (await client.get(links.calendar_url(world, right))).status_code == 200

    there = make_world(world.settings.data_dir, event.starts_at)
    code = await ticket_code_of(world, event, right)
    scans = [
        await record_scan(
            there, SYSTEM, event, ScanRequest(scan_id=each[-40:], ticket_code=each, gate="Nord")
        )
        for each in (old_code, code)
    ]
    assert [(scan.outcome, scan.reason) for scan in scans] == [("refused", "revoked"), ("admitted", "ok")]
    manifest = await door_manifest(world, event)
    assert (len(before.revoked), len(manifest.revoked)) == (0, 2)
    assert {ticket.generation for ticket in manifest.tickets} == {1}


async def test_a_correction_of_anything_else_leaves_links_and_tickets(world: World, database: str) -> None:
    event = await make_event(world)
    person = await make_registration(world, event, email="lea@example.org")
    await change(world, SYSTEM, person.id, RegistrationChanges(email="LEA@example.org", given_name="Léa"))
    after = await again(person)
    assert (after.email, after.given_name) == ("LEA@example.org", "Léa")
    assert (after.token_generation, after.ticket_generation) == (0, 0)


async def test_the_person_confirms_a_new_address_from_its_mailbox(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world)
    person = await make_registration(world, event, email="ancienne@example.org")
    form = {"given_name": "Léa", "family_name": "Martin", "language": "fr"}
    old = f"/me/{token(world, person)}"
    asked = await client.post(old + "/details", data=form | {"email": "nouvelle@example.org"})
    assert asked.status_code == 303
    assert (await again(person)).email == "ancienne@example.org"
    assert "nouvelle@example.org" in (await client.get(old)).text
    letter = await event_letters.address_to_confirm(world, *mail_job(world, ADDRESS_TO_CONFIRM, person))
    assert letter is not None
    assert letter.to.address == "nouvelle@example.org"
    path = letter.facts["confirm_url"].removeprefix("http://testserver.local")
    assert (await client.get(path)).status_code == 200
    assert (await again(person)).email == "ancienne@example.org"
    assert (await client.post(path[:-3] + "abc")).status_code == 404
    done = await client.post(path)
    assert done.status_code == 303
    after = await again(person)
    assert (after.email, after.token_generation, after.ticket_generation) == ("nouvelle@example.org", 1, 1)
    assert done.headers["location"] == f"/me/{token(world, after)}"
    assert (await client.get(old)).status_code == 410
    assert (await client.post(path)).status_code == 404
    assert await mails(event.id) == ["mail.address_to_confirm", "mail.confirmation", "mail.confirmation"]


async def test_asking_for_an_address_tells_nothing_about_who_has_it(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world)
    known = await make_registration(world, event, email="connue@example.org")
    form = {"given_name": "Léa", "family_name": "Martin", "language": "fr"}
    pages = []
    for asked in ("connue@example.org", "autres@example.org"):
        person = await make_registration(world, event)
        home = f"/me/{token(world, person)}"
        answer = await client.post(home + "/details", data=form | {"email": asked})
        assert answer.status_code == 303
        shown = await client.get(home)
        notice = re.search(rf"<p>([^<]*{re.escape(asked)}[^<]*)</p>", shown.text)
        assert notice is not None
        pages.append(notice[1].replace(asked, "X"))
    assert pages[0] == pages[1]
    assert (await again(known)).email == "connue@example.org"
    assert "mail.already_registered" in await mails(event.id)


async def test_after_the_event_nobody_is_written_to(world: World, database: str) -> None:
    event = await make_event(world)
    person = await make_registration(world, event)
    later = make_world(world.settings.data_dir, event.ends_at)
    before = await mails(event.id)
    await change(later, SYSTEM, person.id, RegistrationChanges(email="autre@example.org"))
    assert await mails(event.id) == before
    assert await address.was_replaced(token(world, person))
