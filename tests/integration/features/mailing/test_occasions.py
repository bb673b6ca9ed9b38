"""Each kind of mail is sent in its own situation only, and says what the personal page says then."""

import re
from html import unescape
from typing import Any

import msgspec
import pytest

from events_app.app import JOB_HANDLERS, introduce_features
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.service import cancel_event, postpone_event, publish_event
from events_app.features.mailing.building import build
from events_app.features.mailing.delivery import deliver
from events_app.features.mailing.differences import event_facts, session_facts
from events_app.features.mailing.event_letters import about_registration, invitation
from events_app.features.mailing.job_kinds import SESSION_CHANGED
from events_app.features.mailing.occasions import OCCASIONS
from events_app.features.registration.approval import approve
from events_app.features.registration.erasure import erase
from events_app.features.registration.invitations import invitations_of, invite, uninvite
from events_app.features.registration.job_kinds import CONFIRMATION, INVITATION
from events_app.features.registration.links import manage_url
from events_app.features.registration.model import Companion, RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import group_of
from events_app.features.registration.withdrawal import cancel
from events_app.features.workshops.job_kinds import PLACED
from events_app.infra import database as db
from events_app.infra.job_kinds import ClaimedJob, written
from events_app.infra.jobs import run_due
from events_app.infra.settings import Secret
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.application import visitor
from tests.factories import (
    WORKSHOPS,
    again,
    mail_job,
    make_event,
    make_registration,
    make_session,
    make_workshops,
)
from tests.integration.features.mailing.test_letters import calendar_of, parsed, seat

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _application(world: World) -> None:
    """Features hear of each other."""
    introduce_features()


ACTIVE = {"pending", "confirmed", "waiting"}
EXPECTED = {"published", "postponed"}
ANY = {"published", "postponed", "cancelled"}
SITUATIONS: dict[str, tuple[set[str], set[str]]] = {
    "mail.confirmation": ({"confirmed"}, EXPECTED),
    "mail.promoted": ({"confirmed"}, EXPECTED),
    "mail.approved": ({"confirmed"}, EXPECTED),
    "mail.waiting": ({"waiting"}, EXPECTED),
    "mail.approved_waiting": ({"waiting"}, EXPECTED),
    "mail.pending": ({"pending"}, EXPECTED),
    "mail.refused": ({"refused"}, ANY),
    "mail.already_registered": (ACTIVE, EXPECTED),
    "mail.cancelled": ({"cancelled"}, ANY),
    "mail.excused": ({"cancelled"}, EXPECTED),
    "mail.thanks": ({"confirmed"}, {"published"}),
    "mail.declined": ({"confirmed"}, {"published"}),
    "mail.placed": ({"confirmed"}, EXPECTED),
    "mail.place_changed": ({"confirmed"}, EXPECTED),
    "mail.session_changed": ({"confirmed"}, {"published"}),
    "mail.reminder": ({"confirmed"}, {"published"}),
    "mail.event_changed": (ACTIVE, {"published"}),
    "mail.event_rescheduled": (ACTIVE, {"published"}),
    "mail.event_cancelled": (ACTIVE, {"cancelled"}),
    "mail.event_postponed": (ACTIVE, {"postponed"}),
}
ABOUT_WORKSHOPS = ("mail.placed", "mail.place_changed", "mail.session_changed")
SAYS_LESS = (*ABOUT_WORKSHOPS, "mail.thanks")  # than where one stands
FACT = (
    r"^(Quand|Où|Avec vous|Nom|Atelier|Salle|Animé par|Était annoncé pour"
    r"|When|Where|With you|Name|Workshop|Room|Led by|Was announced for)\s?: (.+)$"
)


async def mails_of(world: World, registration: RegistrationRecord) -> list[tuple[str, Any]]:
    """Kind and message of all that was written to this person, by sequence of the calendar entry."""
    await run_due(world, JOB_HANDLERS)
    found = await db.rows(
        "SELECT kind, content FROM mail WHERE registration_id = {} AND status = 'kept' ORDER BY id",
        registration.id,
    )
    mails = [(mail["kind"], parsed(mail["content"])) for mail in found]
    return sorted(mails, key=lambda each: sequence_of(each[1]))


def sequence_of(mail: Any) -> int:
    """-1 for a mail without a calendar entry."""
    entries = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return int(calendar_of(mail).walk("VEVENT")[0]["SEQUENCE"]) if entries else -1


async def set_situation(event: EventRecord, registration: RegistrationRecord, status: str, of: str) -> None:
    await db.execute("UPDATE registration SET status = {} WHERE id = {}", status, registration.id)
    await db.execute("UPDATE event SET status = {} WHERE id = {}", of, event.id)


def test_every_kind_has_its_situation() -> None:
    assert set(SITUATIONS) == set(OCCASIONS)


async def test_a_mail_is_written_in_its_own_situation_only(world: World) -> None:
    event = await make_event(world)
    workshop = (await make_workshops(world, event))[0]
    registration = await make_registration(world, event)
    await run_due(world, JOB_HANDLERS)  # a confirmation that is still to come says the workshop itself
    await seat(world, registration, workshop)
    for kind, (statuses, events) in SITUATIONS.items():
        session = {"session_id": workshop.id} if kind == SESSION_CHANGED.name else {}
        for status in RegistrationStatus:
            for of in EventStatus:
                await set_situation(event, registration, status.value, of.value)
                asked = mail_job(world, OCCASIONS[kind].kind, registration, **session)
                written = await about_registration(world, *asked) is not None
                assert written == (status in statuses and of in events), (kind, status, of)


@pytest.mark.parametrize(("language", "sends"), [("fr", False), ("en", True)])
async def test_a_mail_says_what_the_personal_page_says(world: World, language: str, sends: bool) -> None:
    """Of every kind, in every situation: where one stands, and each fact that the mail prints."""
    event = await make_event(world, max_companions=1)
    workshops = [
        await make_session(world, event, code, room=f"Salle {code}", coach=f"Coach {code}")
        for code in WORKSHOPS[:2]
    ]
    registration = await make_registration(
        world, event, language=language, companions=[Companion("Tom", "Bo")]
    )
    await run_due(world, JOB_HANDLERS)  # a confirmation that is still to come says the workshops itself
    for member, workshop in zip(await group_of(registration.id), workshops, strict=True):
        await seat(world, member, workshop)
    await db.execute("UPDATE event SET placement_published_at = {}", world.now())
    world = posting(world) if sends else world
    changed = {"session_id": workshops[0].id, "before": session_facts(workshops[1])}
    moved = {"before": event_facts(event) | {"where": "Ailleurs"}}
    payloads = {"mail.session_changed": changed, "mail.event_changed": moved}
    async with visitor(world) as client:
        for kind, (statuses, events) in SITUATIONS.items():
            for status in sorted(statuses):
                for of in sorted(events):
                    await set_situation(event, registration, status, of)
                    about = payloads.get(kind, {})
                    asked = mail_job(world, OCCASIONS[kind].kind, registration, **about)
                    letter = await about_registration(world, *asked)
                    assert letter is not None, (kind, status, of)
                    answer = await client.get(
                        manage_url(world, registration), headers={"accept-language": language}
                    )
                    page = plain(re.sub(r"<[^>]+>", " ", answer.text))
                    mail = parsed(build(letter, "a@b.example", "<1@b.example>", world.now()).content)
                    text = mail.get_body(("plain",)).get_content()
                    for said in letter.facts["standing"]:
                        assert plain(said) in page, (kind, status, of)
                        if status not in ("cancelled", "refused") and kind not in SAYS_LESS:
                            assert plain(said) in plain(text), (kind, status, of)
                    for label, value in re.findall(FACT, text, re.MULTILINE):
                        for part in value.split(" → ")[-1].split(", "):
                            assert plain(part) in page, (kind, status, of, label, part)


def posting(world: World) -> World:
    settings = msgspec.structs.replace(world.settings, smtp_url=Secret("smtp://127.0.0.1:1"))
    return msgspec.structs.replace(world, settings=settings)


def plain(text: str) -> str:
    return " ".join(unescape(text).replace(" ,", ",").split())


async def test_an_accepted_request_gets_a_mail_of_its_own(world: World) -> None:
    event = await make_event(world, approval=True)
    registration = await make_registration(world, event)
    await approve(world, SYSTEM, registration.id)
    ((kind, mail),) = await mails_of(world, registration)
    assert (kind, mail["Subject"]) == ("mail.approved", "Votre demande est acceptée\u202f: Monkey Time")
    plain = mail.get_body(("plain",)).get_content()
    assert "accepte votre demande" in plain
    assert "attente" not in plain
    assert calendar_of(mail)["METHOD"] == "REQUEST"


async def test_an_accepted_request_without_a_place_is_told_both(world: World) -> None:
    event = await make_event(world, approval=True, capacity=1)
    first, second = [await make_registration(world, event) for _ in range(2)]
    await approve(world, SYSTEM, first.id)
    await approve(world, SYSTEM, second.id)
    ((kind, mail),) = await mails_of(world, second)
    assert kind == "mail.approved_waiting"
    assert "accepte votre demande" in mail.get_body(("plain",)).get_content()


async def test_the_lead_reads_whose_place_the_organiser_withdrew(world: World) -> None:
    event = await make_event(world, max_companions=1)
    lead = await make_registration(world, event, companions=[Companion("Tom", "Bo")])
    companion = next(member for member in await group_of(lead.id) if not member.leads)
    await cancel(world, SYSTEM, companion.id)
    ((_, mail),) = await mails_of(world, companion)
    assert mail["Subject"] == "Inscription annulée pour Tom Bo\u202f: Monkey Time"
    plain = mail.get_body(("plain",)).get_content()
    assert "Tom Bo" in plain
    assert "Votre propre inscription ne change pas" in plain
    assert manage_url(world, lead) in plain
    assert "Merci" not in plain


async def test_who_of_a_group_has_no_workshop_is_named(world: World) -> None:
    event = await make_event(world, max_companions=1)
    workshop = (await make_workshops(world, event))[0]
    lead = await make_registration(world, event, companions=[Companion("Tom", "Bo")])
    await run_due(world, JOB_HANDLERS)
    await seat(world, lead, workshop)
    letter = await about_registration(world, *mail_job(world, PLACED, lead))
    assert letter is not None
    mail = parsed(build(letter, "a@b.example", "<1@b.example>", world.now()).content)
    plain = mail.get_body(("plain",)).get_content()
    assert "Personne Numéro 1" in plain
    assert "Sans place dans un atelier\u202f: Tom Bo." in plain


async def test_postponed_and_on_again_before_the_worker_comes_is_told_once(world: World) -> None:
    event = await make_event(world)
    registration = await make_registration(world, event)
    await run_due(world, JOB_HANDLERS)
    await postpone_event(world, SYSTEM, event.slug, "Travaux")
    await publish_event(world, SYSTEM, event.slug)
    told = (await mails_of(world, registration))[1:]
    assert [kind for kind, _ in told] == ["mail.event_rescheduled"]
    assert calendar_of(told[0][1])["METHOD"] == "REQUEST"


async def test_postponed_then_cancelled_is_struck_out_once(world: World) -> None:
    event = await make_event(world)
    registration = await make_registration(world, event)
    await run_due(world, JOB_HANDLERS)
    await postpone_event(world, SYSTEM, event.slug, "Travaux")
    await cancel_event(world, SYSTEM, event.slug, "Neige")
    assert [kind for kind, _ in (await mails_of(world, registration))[1:]] == ["mail.event_cancelled"]


async def test_no_two_mails_carry_one_sequence_with_other_content(world: World) -> None:
    event = await make_event(world)
    registration = await make_registration(world, event)
    for _ in range(2):
        await postpone_event(world, SYSTEM, event.slug, "Travaux")
        await run_due(world, JOB_HANDLERS)
        await publish_event(world, SYSTEM, event.slug)
        await run_due(world, JOB_HANDLERS)
    entries = [
        calendar_of(mail).walk("VEVENT")[0]
        for _, mail in await mails_of(world, registration)
        if "text/calendar" in [part.get_content_type() for part in mail.walk()]
    ]
    sequences = [int(entry["SEQUENCE"]) for entry in entries]
    assert sequences == sorted(set(sequences))
    assert (await again(registration)).status == "confirmed"


async def test_a_mail_that_is_late_says_what_holds_then_or_is_not_sent(world: World) -> None:
    """As after a refusal of the server: the same job comes again, and the event was cancelled meanwhile."""
    event = await make_event(world)
    registration = await make_registration(world, event)
    await run_due(world, JOB_HANDLERS)
    await db.execute("UPDATE mail SET status = 'queued'")
    await db.execute("UPDATE job SET done_at = NULL, leased_until = NULL")
    await cancel_event(world, SYSTEM, event.slug, "Neige")
    await run_due(world, JOB_HANDLERS)
    found = await db.rows("SELECT kind, status FROM mail ORDER BY kind")
    assert [(mail["kind"], mail["status"]) for mail in found] == [
        ("mail.confirmation", "dropped"),
        ("mail.event_cancelled", "kept"),
    ]
    assert registration.status == "confirmed"


@pytest.mark.parametrize("gone", ["lead", "companion"])
async def test_who_is_erased_while_a_mail_is_being_written_is_in_no_outbox(world: World, gone: str) -> None:
    event = await make_event(world, max_companions=1)
    registration = await make_registration(world, event, companions=[Companion("Zacharie", "Bo")])
    people = {("lead" if member.leads else "companion"): member for member in await group_of(registration.id)}
    job, about = mail_job(world, CONFIRMATION, registration)
    letter = await about_registration(world, job, about)
    assert letter is not None
    await erase(world, SYSTEM, people[gone].id)
    assert await deliver(world, job, letter) is False
    await run_due(world, JOB_HANDLERS)
    found = await db.rows("SELECT subject, content FROM mail WHERE registration_id = {}", registration.id)
    assert len(found) == (gone == "companion")
    for mail in found:
        text = parsed(mail["content"]).get_body(("plain",)).get_content()
        assert "Zacharie" not in mail["subject"] + text


async def test_who_is_no_longer_invited_while_a_mail_is_being_written_is_in_no_outbox(world: World) -> None:
    event = await make_event(world, visibility="invited")
    await invite(world, SYSTEM, event, "invitee@example.org")
    (invited,) = await invitations_of(event.id)
    about = INVITATION.payload(invitation_id=invited.id)
    job = ClaimedJob(world.new_id(), INVITATION.name, written(about), event.id, 1, world.now())
    letter = await invitation(world, job, about)
    assert letter is not None
    await uninvite(world, SYSTEM, event, invited.id)
    assert await deliver(world, job, letter) is False
    await run_due(world, JOB_HANDLERS)
    assert await db.rows("SELECT id FROM mail") == []
