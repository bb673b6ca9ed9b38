"""Mails as they are built, and kept where there is no server: form, words, calendar parts."""

import email
import io
from email.message import EmailMessage
from email.policy import default

import httpx
import icalendar
import pytest
import zxingcpp
from PIL import Image

from events_app.app import JOB_HANDLERS
from events_app.features.accounts.bodies import change_body
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.events.model import SessionRecord
from events_app.features.mailing.building import build
from events_app.features.mailing.event_letters import about_registration
from events_app.features.mailing.job_kinds import SESSION_CHANGED
from events_app.features.mailing.occasions import OCCASIONS, Subject
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.features.registration.links import manage_url
from events_app.features.registration.model import Companion, RegistrationRecord
from events_app.features.registration.queries import group_of
from events_app.features.registration.withdrawal import cancel
from events_app.features.workshops.job_kinds import PLACE_CHANGED, PLACED
from events_app.features.workshops.model import PlaceSource
from events_app.features.workshops.seating import NewPlace, present_places_in, replace_places
from events_app.features.workshops.tables import Place
from events_app.infra import database as db
from events_app.infra import jobs
from events_app.infra.jobs import run_due
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import mail_job, make_event, make_registration, make_workshops

pytestmark = pytest.mark.usefixtures("database")


async def mails(world: World) -> list[EmailMessage]:
    """All that the worker has written, oldest first."""
    await run_due(world, JOB_HANDLERS)
    found = await db.rows("SELECT content FROM mail ORDER BY id")
    return [parsed(each["content"]) for each in found]


async def mail_of(world: World, registration: RegistrationRecord, kind: str) -> EmailMessage:
    await run_due(world, JOB_HANDLERS)
    found = await db.row(
        "SELECT content FROM mail WHERE registration_id = {} AND kind = {}", registration.id, kind
    )
    assert found is not None
    return parsed(found["content"])


def parsed(content: bytes) -> EmailMessage:
    return email.message_from_bytes(bytes(content), policy=default)  # type: ignore[return-value]


def calendar_of(mail: EmailMessage) -> icalendar.Calendar:
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return icalendar.Calendar.from_ical(part.get_content())


async def test_a_confirmation_brings_ticket_and_invitation(world: World) -> None:
    event = await make_event(world)
    await make_registration(world, event, email="lea@example.org", given_name="Léa", family_name="Martin")
    (mail,) = await mails(world)
    assert mail["Subject"] == "Votre inscription est confirmée\u202f: Monkey Time"
    assert mail["To"].addresses[0].addr_spec == "lea@example.org"
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "text/calendar",
        "application/ics",
        "application/pdf",
    ]
    calendar = calendar_of(mail)
    (entry,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST"
    assert entry["ATTENDEE"] == "mailto:lea@example.org"
    assert entry["DTSTART"].dt == event.starts_at


async def test_the_text_says_the_same_as_the_page_and_holds_the_link(world: World) -> None:
    event = await make_event(world)
    registration = await make_registration(world, event, given_name="Léa", family_name="Martin")
    (mail,) = await mails(world)
    plain, page = (mail.get_body((form,)).get_content() for form in ("plain", "html"))
    for said in (
        "Bonjour Léa,",
        "mardi 10 avril 2018",
        "Maison syndicale",
        manage_url(world, registration),
    ):
        assert said in plain
        assert said in page
    assert "<" not in plain


async def test_english_for_who_registered_in_english(world: World) -> None:
    event = await make_event(world)
    await make_registration(world, event, language="en")
    (mail,) = await mails(world)
    assert mail["Subject"] == "You are registered: Monkey Time"
    assert "Tuesday 10 April 2018" in mail.get_body(("plain",)).get_content()


async def test_a_group_gets_one_mail_with_a_ticket_each(world: World) -> None:
    event = await make_event(world, max_companions=2)
    await make_registration(world, event, companions=[Companion("Tom", "Bo"), Companion("Ana", "Li")])
    (mail,) = await mails(world)
    files = [part.get_filename() for part in mail.walk() if part.get_content_type() == "application/pdf"]
    assert files == ["monkey-time-personne-numero-1.pdf", "monkey-time-tom-bo.pdf", "monkey-time-ana-li.pdf"]
    assert "Tom Bo, Ana Li" in mail.get_body(("plain",)).get_content()


async def test_the_ticket_in_the_mail_is_read_by_a_scanner(world: World) -> None:
    event = await make_event(world)
    registration = await make_registration(world, event)
    (mail,) = await mails(world)
    (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.get_content())))
    assert read.text == await ticket_code_of(world, event, registration)


@pytest.mark.parametrize(
    ("status", "subject"),
    [
        ("waiting", "Liste d’attente\u202f: Monkey Time"),
        ("pending", "Nous avons reçu votre demande\u202f: Monkey Time"),
    ],
)
async def test_who_has_no_place_yet_gets_neither_ticket_nor_invitation(
    world: World, status: str, subject: str
) -> None:
    event = await make_event(world, capacity=1, approval=status == "pending")
    made = [await make_registration(world, event) for _ in range(2)]
    assert made[1].status == status
    mail = await mail_of(world, made[1], f"mail.{status}")
    assert mail["Subject"] == subject
    assert [part.get_content_type() for part in mail.walk() if not part.is_multipart()] == [
        "text/plain",
        "text/html",
    ]


async def test_the_promoted_get_ticket_and_invitation_and_the_other_is_struck_out(world: World) -> None:
    event = await make_event(world, capacity=1)
    first, second = [await make_registration(world, event) for _ in range(2)]
    (invited,) = calendar_of(await mail_of(world, first, "mail.confirmation")).walk("VEVENT")
    await cancel(world, SYSTEM, first.id)
    withdrawn = await mail_of(world, first, "mail.cancelled")
    promoted = await mail_of(world, second, "mail.promoted")
    assert promoted["To"].addresses[0].addr_spec == second.email
    assert calendar_of(promoted)["METHOD"] == "REQUEST"
    struck = calendar_of(withdrawn)
    (entry,) = struck.walk("VEVENT")
    assert struck["METHOD"] == "CANCEL"
    assert entry["STATUS"] == "CANCELLED"
    assert entry["UID"] == invited["UID"]
    assert entry["SEQUENCE"] > invited["SEQUENCE"]


async def test_all_are_told_of_a_change_and_of_a_cancellation(
    world: World, client: httpx.AsyncClient, organiser_key: str
) -> None:
    event = await make_event(world, capacity=1)
    first, waiting = [await make_registration(world, event) for _ in range(2)]
    (invited,) = calendar_of(await mail_of(world, first, "mail.confirmation")).walk("VEVENT")
    key = {"authorization": f"Bearer {organiser_key}"}
    later = {"starts_at": "2018-04-11T12:00:00Z", "ends_at": "2018-04-11T14:00:00Z"}
    assert (await client.patch("/api/v1/events/monkey-time", json=later, headers=key)).status_code == 200
    reason = {"reason": "La salle est fermée."}
    (moved,) = calendar_of(await mail_of(world, first, "mail.event_changed")).walk("VEVENT")
    told_waiting = await mail_of(world, waiting, "mail.event_changed")
    assert (moved["UID"], moved["SEQUENCE"] > invited["SEQUENCE"]) == (invited["UID"], True)
    assert moved["DTSTART"].dt.isoformat() == "2018-04-11T14:00:00+02:00"
    assert "text/calendar" not in [part.get_content_type() for part in told_waiting.walk()]
    await client.post("/api/v1/events/monkey-time/cancel", json=reason, headers=key)
    told = await mail_of(world, first, "mail.event_cancelled")
    struck = calendar_of(told)
    (entry,) = struck.walk("VEVENT")
    assert (struck["METHOD"], entry["STATUS"]) == ("CANCEL", "CANCELLED")
    assert entry["SEQUENCE"] > moved["SEQUENCE"]
    assert "La salle est fermée." in told.get_body(("plain",)).get_content()


async def test_who_only_waited_has_nothing_struck_out(world: World) -> None:
    event = await make_event(world, capacity=1)
    _, waiting = [await make_registration(world, event) for _ in range(2)]
    await cancel(world, SYSTEM, waiting.id)
    told = await mail_of(world, waiting, "mail.cancelled")
    assert "text/calendar" not in [part.get_content_type() for part in told.walk()]


async def test_nobody_is_told_what_no_longer_holds(world: World) -> None:
    event = await make_event(world)
    registration = await make_registration(world, event)
    await cancel(world, SYSTEM, registration.id)
    assert [mail["Subject"] for mail in await mails(world)] == [
        "Votre inscription est annulée\u202f: Monkey Time"
    ]


async def test_names_and_titles_cannot_add_a_header_or_markup(world: World) -> None:
    event = await make_event(world, title="Titre\r\nBcc: evil@example.org <b>")
    await make_registration(
        world, event, given_name="a@b.example, evil@x.example", family_name="<script>x</script>"
    )
    (mail,) = await mails(world)
    assert mail["Bcc"] is None
    assert [address.addr_spec for address in mail["To"].addresses] == ["personne1@example.org"]
    assert "<script>" not in mail.get_body(("html",)).get_content()


async def test_replies_go_to_the_organising_body(world: World) -> None:
    event = await make_event(world)
    await db.execute("UPDATE body SET contact_email = {}", "contact@pma.example")
    registration = await make_registration(world, event)
    (mail,) = await mails(world)
    assert mail["Reply-To"].addresses[0].addr_spec == "contact@pma.example"
    (entry,) = calendar_of(mail).walk("VEVENT")
    assert entry["ORGANIZER"] == "mailto:contact@pma.example"
    assert entry["ATTENDEE"] == f"mailto:{registration.email}"


async def test_every_kind_of_mail_can_be_written_in_both_languages(world: World) -> None:
    """Each template with all that it may say: nothing undefined, nothing without French."""
    event = await make_event(world, max_companions=1)
    for language in ("fr", "en"):
        await db.execute("UPDATE event SET status = 'published'")
        registration = await make_registration(world, event, language=language, companions=1)
        for kind, occasion in OCCASIONS.items():
            status = occasion.to[0].value
            await db.execute("UPDATE registration SET status = {} WHERE id = {}", status, registration.id)
            await db.execute("UPDATE event SET status = {}", occasion.event[0].value)
            session = {"session_id": world.new_id()} if occasion.kind is SESSION_CHANGED else {}
            asked = mail_job(world, occasion.kind, registration, **session)
            letter = await about_registration(world, *asked)
            if occasion.subject is Subject.PLACES:
                assert letter is None
                continue
            assert letter is not None
            built = build(letter, world.settings.mail_from, "<1@example.org>", world.now())
            assert built.subject != kind


async def test_a_placed_group_learns_each_ones_workshop_and_a_move_replaces_the_entry(world: World) -> None:
    event = await make_event(world, max_companions=1)
    workshops = await make_workshops(world, event)
    lead = await make_registration(world, event, companions=[Companion("Tom", "Bo")])
    group = await group_of(lead.id)
    await run_due(world, JOB_HANDLERS)
    for member, session in zip(group, workshops, strict=False):
        await seat(world, member, session)
    await jobs.enqueue(world, PLACED, AboutRegistration(lead.id), event_id=event.id)
    placed = await mail_of(world, lead, "mail.placed")
    plain = placed.get_body(("plain",)).get_content()
    assert [word in plain for word in ("Mental", "Confiance", "Tom Bo")] == [True] * 3
    (first,) = calendar_of(placed).walk("VEVENT")
    files = [part.get_filename() for part in placed.walk() if part.get_content_type() == "application/ics"]
    assert files == ["invite.ics"]
    assert "Mental" in first["DESCRIPTION"]
    await replace_places(world, await present_places_in(workshops[:1]), [new_place(lead, workshops[2])])
    await jobs.enqueue(world, PLACE_CHANGED, AboutRegistration(lead.id), event_id=event.id)
    moved = await mail_of(world, lead, "mail.place_changed")
    (then,) = calendar_of(moved).walk("VEVENT")
    assert moved["Subject"] == "Votre atelier a changé\u202f: Monkey Time"
    assert then["UID"] == first["UID"]
    assert then["SEQUENCE"] > first["SEQUENCE"]
    assert "Orientation" in then["DESCRIPTION"]
    assert "Mental" not in then["DESCRIPTION"]
    await cancel(world, SYSTEM, lead.id)
    cancelled = calendar_of(await mail_of(world, lead, "mail.cancelled"))
    (struck,) = cancelled.walk("VEVENT")
    assert (cancelled["METHOD"], struck["UID"]) == ("CANCEL", then["UID"])
    assert struck["SEQUENCE"] > then["SEQUENCE"]


async def test_a_place_that_is_taken_away_is_told_and_leaves_the_entry(world: World) -> None:
    event = await make_event(world)
    workshops = await make_workshops(world, event)
    lea = await make_registration(world, event)
    await run_due(world, JOB_HANDLERS)
    await replace_places(world, [], [new_place(lea, workshops[0])])
    await jobs.enqueue(world, PLACED, AboutRegistration(lea.id), event_id=event.id)
    (first,) = calendar_of(await mail_of(world, lea, "mail.placed")).walk("VEVENT")
    await replace_places(world, await present_places_in(workshops), [])
    await jobs.enqueue(world, PLACE_CHANGED, AboutRegistration(lea.id), event_id=event.id)
    mail = await mail_of(world, lea, "mail.place_changed")
    assert "plus de place en atelier" in mail.get_body(("plain",)).get_content()
    (entry,) = calendar_of(mail).walk("VEVENT")
    assert entry["SEQUENCE"] > first["SEQUENCE"]
    assert "Mental" in first["DESCRIPTION"]
    assert "Mental" not in entry.get("DESCRIPTION", "")


async def test_whoever_is_seated_at_once_reads_it_in_the_confirmation_and_in_nothing_before_it(
    world: World,
) -> None:
    event = await make_event(world)
    (workshop, *_) = await make_workshops(world, event)
    lea = await make_registration(world, event)
    await replace_places(world, [], [new_place(lea, workshop)])
    await jobs.enqueue(world, PLACED, AboutRegistration(lea.id), event_id=event.id)
    (mail,) = await mails(world)
    assert mail["Subject"].startswith("Votre")
    assert "Mental" in mail.get_body(("plain",)).get_content()
    assert "Mental" in calendar_of(mail).walk("VEVENT")[0]["DESCRIPTION"]


def new_place(registration: RegistrationRecord, session: SessionRecord) -> NewPlace:
    return NewPlace(registration.id, session, 1, PlaceSource.RUN)


async def seat(world: World, registration: RegistrationRecord, session: SessionRecord) -> None:
    await Place(
        id=world.new_id(),
        registration=registration.id,
        session=session.id,
        slot=session.slot_key,
        source="run",
        assigned_at=world.now(),
    ).save()


async def test_the_organiser_is_named_with_its_article_in_french_alone(world: World) -> None:
    event = await make_event(world, approval=True)
    await change_body(world, SYSTEM, event.body_slug, "la Ligue de Lens")
    for language, words in (
        ("fr", "La Ligue de Lens examine"),
        ("en", "Ligue de Lens looks at every request"),
    ):
        person = await make_registration(world, event, language=language)
        body = (await mail_of(world, person, "mail.pending")).get_body(("plain",))
        assert body is not None
        assert words in body.get_content().replace("\n", " ")
