"""Two organising bodies with all that they can own, and one caller for each way of asking.

"Own" is the body that the callers belong to; the other body's objects are "foreign" to all of them.
"""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.accounts import members, sign_in
from events_app.features.accounts.digests import stop_url
from events_app.features.accounts.rules import LINK_LIFE
from events_app.features.accounts.service import create_api_key, ensure_first_body
from events_app.features.accounts.tables import Body
from events_app.features.admission import devices
from events_app.features.admission.schemas import ScanRequest
from events_app.features.admission.service import record_scan
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.committees import agenda, assemblies, sittings
from events_app.features.committees.agenda import ItemInput
from events_app.features.committees.assemblies import AssemblyInput, SeatInput
from events_app.features.committees.model import RollState
from events_app.features.committees.sittings import SittingChanges
from events_app.features.events.model import EventRecord
from events_app.features.events.tables import Event, Session, StoredFile
from events_app.features.mailing.unsubscribing import unsubscribe_url
from events_app.features.messages import service as messages
from events_app.features.messages.model import MessageDraft
from events_app.features.networking import proposing
from events_app.features.networking.model import RoomSettings, Sides
from events_app.features.networking.service import configure
from events_app.features.networking.tables import AnnouncedRound
from events_app.features.registration.links import (
    address_token,
    feed_token,
    invitation_token,
    manage_token,
)
from events_app.features.registration.notes import add_note
from events_app.features.registration.tables import Invitation
from events_app.features.series.matrix import Member
from events_app.features.series.service import SeriesInput
from events_app.features.series.service import create as create_series
from events_app.features.workshops.model import RunRequest
from events_app.features.workshops.service import propose
from events_app.features.workshops.tables import Computation
from events_app.infra.database import execute, row
from events_app.infra.tables import Mail
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Role
from events_app.kernel.ids import token_hash
from tests.factories import make_event, make_registration, make_session

QUESTIONS: list[dict[str, Any]] = [
    {"code": "regime", "label": "Régime", "kind": "short_text"},
    {"code": "motif", "label": "Pourquoi", "kind": "long_text"},
    {"code": "taille", "label": "Taille", "kind": "one_choice", "choices": ["S", "M", "L"]},
    {"code": "jours", "label": "Jours", "kind": "several_choices", "choices": ["lundi", "mardi"]},
    {"code": "vient", "label": "Venez-vous en train", "kind": "yes_no"},
    {
        "code": "gare",
        "label": "Gare",
        "kind": "short_text",
        "shown_when": {"question": "vient", "any_of": ["yes"]},
    },
    {"code": "age", "label": "Âge", "kind": "number"},
    {"code": "arrivee", "label": "Arrivée", "kind": "date"},
]
CONSENTS: list[dict[str, Any]] = [{"code": "photo", "purpose": "Photographies de l’après-midi"}]


class Caller(msgspec.Struct, frozen=True):
    """What one way of asking shows of itself."""

    headers: dict[str, str] = {}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What one event of one body offers to a route's path and body, by the parameter's name."""

    slug: str
    body: str
    values: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values[name]


class TwoBodies(msgspec.Struct, frozen=True):
    """Places "own", "own_draft", "foreign", "foreign_draft"; callers by name."""

    places: dict[str, Place]
    callers: dict[str, Caller]


async def make_two_bodies(world: World) -> TwoBodies:
    own_body = await ensure_first_body(world)
    foreign_body = world.new_id()
    later = world.now() + timedelta(seconds=1)  # whoever administers the first body looks after the site
    await Body(id=foreign_body, slug="ailleurs", name="Ailleurs", created_at=later).save()
    accounts = {role: await _member(world, own_body, role) for role in Role if role != Role.READER}
    outsider = await members.ensure_account(world, "sans.role@example.org", "Sans rôle")
    elsewhere = await members.add_member(
        world, SYSTEM, foreign_body, "autre@example.org", "administrator", "Autre", invite=False
    )
    coach = accounts[Role.COACH]
    places = {
        "own": await _place(world, own_body, "lens", "published", accounts[Role.DOOR], coach),
        "own_draft": await _place(world, own_body, "lens-brouillon", "draft", accounts[Role.DOOR], coach),
        "foreign": await _place(world, foreign_body, "lille", "published", elsewhere, None),
        "foreign_draft": await _place(world, foreign_body, "lille-brouillon", "draft", elsewhere, None),
    }
    callers = {"anonymous": Caller()}
    for member, account in accounts.items():
        callers[member.value] = await _signed_in(world, account)
    callers["outsider"] = await _signed_in(world, outsider)
    event_id = await _event_id(places["own"].slug)
    for role in (Role.ORGANISER, Role.DOOR, Role.READER):
        callers[f"key_{role.value}"] = await _key(world, own_body, role)
    callers["key_bound"] = await _key(world, own_body, Role.ORGANISER, event_id)
    callers["device"] = Caller({"cookie": f"convive_door={await _device(world, places['own'])}"})
    callers["participant"] = Caller({"authorization": f"Bearer {places['own']['manage_token']}"})
    return TwoBodies(places, callers)


async def _member(world: World, body: UUID, role: Role) -> UUID:
    return await members.add_member(
        world, SYSTEM, body, f"{role.value}@example.org", role.value, role.value.capitalize(), invite=False
    )


async def _signed_in(world: World, account: UUID) -> Caller:
    link = await sign_in.make_link(world, account, LINK_LIFE)
    done = await sign_in.sign_in_by_link(world, link.rpartition("/")[2], None)
    return Caller({"cookie": f"convive_session={done.session_token}"})


async def _key(world: World, body: UUID, role: Role, event: UUID | None = None) -> Caller:
    key = await create_api_key(world, SYSTEM, body, f"tests {role}", role, event)
    return Caller({"authorization": f"Bearer {key}"})


async def _device(world: World, place: Place) -> str:
    event = await Event.objects().get(Event.slug == place.slug)
    found = await _record(event.id)
    _, token = await devices.offer_enrolment(world, SYSTEM, found, "Nord", "Téléphone")
    return (await devices.enrol(world, token)).device_token


async def _event_id(slug: str) -> UUID:
    found = await row("SELECT id FROM event WHERE slug = {}", slug)
    assert found is not None
    return UUID(str(found["id"]))


async def _record(event_id: UUID) -> EventRecord:
    from events_app.features.events.queries import event_by_id

    found = await event_by_id(event_id)
    assert found is not None
    return found


async def _place(world: World, body: UUID, slug: str, status: str, member: UUID, coach: UUID | None) -> Place:
    """An event with two workshops, three people and a fourth who waits, and one of all that hangs on it."""
    event = await make_event(
        world,
        body=body,
        slug=slug,
        title=f"Monkey Time {slug}",
        questions=msgspec.json.encode(QUESTIONS).decode(),
        consents=msgspec.json.encode(CONSENTS).decode(),
        profiles=msgspec.json.encode(["student", "manager"]).decode(),
        max_companions=3,
        capacity=3,
    )
    for position, code in enumerate(("mental", "confiance")):
        await make_session(
            world, event, code, position=position, capacity_min=1, coach_account_id=coach, room="Salle 2"
        )
    await make_session(
        world, event, "pleniere", kind="plenary", slot="", choice="places", capacity_min=None, capacity_max=50
    )
    wishes = ["mental", "confiance"]
    first = await make_registration(
        world,
        event,
        preferences=wishes,
        email=f"premiere-{slug}@example.org",
        family_name=f"Quévrechin {slug}",
        organisation=f"Filature {slug}",
        consent=["photo"],
        answers={"regime": f"Sans arachide {slug}"},
    )
    people = [first]
    people += [
        await make_registration(world, event, preferences=wishes, organisation="Commune") for _ in range(3)
    ]
    await execute("UPDATE registration SET new_email = 'autre@example.org' WHERE id = {}", people[2].id)
    note = await add_note(world, SYSTEM, first.id, f"À rappeler {slug}")
    run = await propose(world, SYSTEM, event, RunRequest(seed=7))
    computation = world.new_id()
    await Computation(
        id=computation,
        event=event.id,
        status="cancelled",
        created_at=world.now(),
        created_by="Organisatrice",
        seen_at=world.now(),
    ).save()
    await make_session(
        world, event, "tables", kind="networking", slot="", capacity_min=None, capacity_max=None
    )
    plan = await proposing.propose(world, SYSTEM, event, "tables", seed=7)
    await execute("UPDATE seating_plan SET status = 'published' WHERE id = {}", plan.id)
    await AnnouncedRound(id=world.new_id(), plan=plan.id, number=1, starts_at=world.now()).save()
    await make_session(
        world, event, "entretiens", kind="speed_dating", slot="", capacity_min=None, capacity_max=None
    )
    sides = Sides(a=[str(people[1].id)], b=[str(first.id)])
    meetings = RoomSettings(rounds=2, minutes=10, pause_minutes=2, sides=sides)
    await configure(world, SYSTEM, event, "entretiens", meetings)
    code = await ticket_code_of(world, event, first)
    scan = await record_scan(
        world, SYSTEM, event, ScanRequest(scan_id=f"scan-{slug}", ticket_code=code, gate="Nord")
    )
    offered, enrol_token = await devices.offer_enrolment(world, SYSTEM, event, "Sud", "Autre téléphone")
    invitation = world.new_id()
    await Invitation(
        id=invitation,
        event=event.id,
        email=f"invitee-{slug}@example.org",
        email_folded=f"invitee-{slug}@example.org",
        token_hash=token_hash(invitation_token(world, invitation)),
        created_at=world.now(),
    ).save()
    mail = await _mail(world, event.id, first.id)
    draft = MessageDraft(subject=f"Le parking {slug}", text="Bonjour {given_name}, il est plein.")
    message = await messages.write(world, SYSTEM, event, draft)
    picture = await _picture(world)
    await Event.update({Event.image_id: picture, Event.status: status}).where(Event.id == event.id)
    committee = await _committee(world, event)
    series = await create_series(
        world, SYSTEM, body, SeriesInput(f"Cycle {slug}", [Member("Lens", "62498")], [slug])
    )
    key = await create_api_key(world, SYSTEM, body, "la clé", Role.READER)
    key_row = await row("SELECT id FROM api_key WHERE key_hash = {}", token_hash(key))
    account_link = await sign_in.make_link(world, member, LINK_LIFE)
    session = await Session.objects().get((Session.event == event.id) & (Session.code == "mental"))
    body_row = await Body.objects().get(Body.id == body)
    assert key_row is not None
    assert session is not None
    assert body_row is not None
    return Place(
        slug=slug,
        body=str(body_row.slug),
        values={
            "slug": slug,
            "code": "mental",
            "session_id": str(session.id),
            "registration_id": str(first.id),
            "note_id": str(note.id),
            "other_registration_id": str(people[1].id),
            "waiting_registration_id": str(people[3].id),
            "manage_token": manage_token(world, first.id),
            "feed_token": feed_token(world, first.id),
            "short_code": first.short_code,
            "email": first.email,
            "family_name": first.family_name,
            "organisation": first.organisation,
            "answer": str(first.answers["regime"]),
            "invitee": f"invitee-{slug}@example.org",
            "invitation_token": invitation_token(world, invitation),
            "invitation_id": str(invitation),
            "run_id": str(run.id),
            "computation_id": str(computation),
            "room": "tables",
            "meetings": "entretiens",
            "paper": "wall.pdf",
            "plan_id": str(plan.id),
            "key_id": str(key_row["id"]),
            "account_id": str(member),
            "sign_in_token": account_link.rpartition("/")[2],
            "scan_id": scan.scan_id,
            "device_id": str(offered.id),
            "enrol_token": enrol_token,
            "mail_id": str(mail),
            "message_id": str(message.id),
            "what": "reminders",
            "no_reminders_proof": unsubscribe_url(world, first.id).rpartition("/")[2],
            "no_digest_proof": stop_url(world, member).rpartition("/")[2],
            "number": "0",
            "file_id": str(picture),
            "ticket": code,
            "format": "free",
            "deed": "cancel",
            "asking_id": str(people[2].id),
            "proof": address_token(world, people[2], "autre@example.org"),
            "consent": "photo",
            "series": series.slug,
            "event": slug,
            "series_paper": "matrix.pdf",
        }
        | committee,
    )


async def _committee(world: World, event: EventRecord) -> dict[str, str]:
    """Of one member, who is there; with an item that is not voted on."""
    wanted = AssemblyInput(f"Comité {event.slug}", "closed_syndicate", "20001234500017")
    assembly = await assemblies.create(world, SYSTEM, event.body_id, wanted)
    members = [SeatInput(f"Membre {number} {event.slug}") for number in (1, 2)]
    first, second = await assemblies.add_seats(world, SYSTEM, assembly.slug, members)
    await sittings.seat_assembly(world, SYSTEM, event, assembly.slug)
    await sittings.change(world, SYSTEM, event, SittingChanges(is_open=True))
    for seat in (first, second):
        await sittings.tap(world, SYSTEM, event, seat.id, RollState.PRESENT)
    item = await agenda.save_item(world, SYSTEM, event, None, ItemInput(f"Budget {event.slug}", matter="7.1"))
    [spare] = [
        seat
        for seat in await assemblies.add_seats(world, SYSTEM, assembly.slug, [SeatInput("Nouvelle")])
        if seat.name == "Nouvelle"
    ]
    return {
        "assembly": assembly.slug,
        "seat_id": str(first.id),
        "other_seat_id": str(second.id),
        "spare_seat_id": str(spare.id),
        "item": str(item.id),
        "item_number": "1",
        "committee_paper": "minutes.pdf",
    }


async def _mail(world: World, event_id: UUID, registration_id: UUID) -> UUID:
    mail_id = world.new_id()
    await Mail(
        id=mail_id,
        job_id=world.new_id(),
        event_id=event_id,
        registration_id=registration_id,
        kind="mail.confirmation",
        recipient="personne@example.org",
        language="fr",
        subject="Votre inscription",
        message_id=f"<{mail_id}@example.org>",
        content=_mail_with_a_file(),
        status="kept",
        created_at=datetime(2018, 3, 1, 9, 0, tzinfo=UTC),
    ).save()
    return mail_id


def _mail_with_a_file() -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Votre inscription", "a@b.example", "c@d.example"
    message.set_content("Bonjour")
    message.add_alternative("<html><head></head><body>Bonjour</body></html>", subtype="html")
    message.add_attachment(b"BEGIN:VCALENDAR", "application", "ics", filename="invite.ics")
    return message.as_bytes()


async def _picture(world: World) -> UUID:
    picture = world.new_id()
    await StoredFile(
        id=picture,
        media_type="image/png",
        width=1,
        height=1,
        sha256="0" * 64,
        content=b"\x89PNG\r\n\x1a\n",
        created_at=world.now(),
    ).save()
    return picture
