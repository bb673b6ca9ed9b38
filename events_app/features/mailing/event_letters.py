"""Mails to participants. What holds is read when the mail is written, not when it was asked for."""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.admission.papers import ticket_paper
from events_app.features.admission.places import places_of as places_of_tickets
from events_app.features.admission.queries import ticket_of_registration
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.events.calendar import venue_line
from events_app.features.events.model import EventRecord, EventStatus, SessionRecord
from events_app.features.events.queries import event_by_id, sessions_of
from events_app.features.events.views import map_link
from events_app.features.mailing.appointments import HeldPlace, appointments
from events_app.features.mailing.differences import (
    Line,
    event_facts,
    event_lines,
    session_facts,
    session_lines,
)
from events_app.features.mailing.model import Letter, MailTicket
from events_app.features.mailing.occasions import OCCASIONS, Occasion, Subject
from events_app.features.mailing.queries import last_told
from events_app.features.mailing.unsubscribing import unsubscribe_url, wants_none
from events_app.features.registration.address import address_asked
from events_app.features.registration.links import address_url, calendar_url, invitation_token, manage_url
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import group_of, registration_by_id
from events_app.features.registration.standing import standing
from events_app.features.workshops.queries import places_of
from events_app.infra.database import row
from events_app.infra.deployment import addresses
from events_app.infra.i18n import Translator, translator
from events_app.infra.jobs import ClaimedJob
from events_app.infra.world import World
from events_app.kernel.text import slugify
from events_app.outputs.calendar import Mailbox


class Addressees(msgspec.Struct, frozen=True):
    """Of whom a mail speaks, and who reads it: whoever brought the group."""

    registration: RegistrationRecord
    lead: RegistrationRecord
    concerned: list[RegistrationRecord]


async def about_registration(world: World, job: ClaimedJob) -> Letter | None:
    """None when the situation that this kind of mail speaks of is gone, or was told already."""
    occasion, payload = OCCASIONS[job.kind], job.payload
    found = await _addressees(UUID(str(payload["registration_id"])))
    event = await event_by_id(found.registration.event_id) if found else None
    if (
        found is None
        or event is None
        or found.registration.status not in occasion.to
        or event.status not in occasion.event
    ):
        return None
    if job.kind == "mail.reminder" and not await _reminds(world, event, found, payload):
        return None
    session = await _session(event, payload)
    if session is None and "session_id" in payload:
        return None
    places = await _places(found, session)
    if occasion.subject is Subject.PLACES and not places and (session is None or session.is_workshop):
        return None
    changes = _changes(event, session, payload, translator(found.lead.language))
    if payload.get("before") and not changes:
        return None  # changed back meanwhile
    told = _told(occasion.subject, event, found, places, session)
    before = await last_told(found.registration.id, occasion.subject, job.id)
    if before is not None and said_in(told) == said_in(before):
        return None
    facts = {
        **event_facts_of(world, event),
        **await _personal_facts(world, event, found),
        "changes": changes,
        "places": [(member.name if len(found.concerned) > 1 else "", place) for member, place in places],
        "session": session,
        "told_before": before is not None,
        "map_url": map_link(event),
        "by_organiser": payload.get("by") == "organiser",
        "was": payload.get("was", RegistrationStatus.CONFIRMED.value),
    }
    return await _letter(world, job, occasion, event, found, places, facts, told)


async def _letter(
    world: World,
    job: ClaimedJob,
    occasion: Occasion,
    event: EventRecord,
    found: Addressees,
    places: Sequence[HeldPlace],
    facts: dict[str, Any],
    told: str,
) -> Letter:
    shown = found.concerned if occasion.tickets else []
    tickets = [await _ticket(world, event, member, number) for number, member in enumerate(shown)]
    entries = await appointments(
        await addresses(world), event, found.registration, places, occasion, without=job.id
    )
    return Letter(
        template=occasion.template,
        to=Mailbox(found.lead.email, found.lead.name),
        language=found.lead.language,
        facts=facts,
        registration_id=found.registration.id,
        method=occasion.method if entries else None,
        entries=entries,
        tickets=tuple(tickets),
        told=told,
        unsubscribe_url=_unsubscribe_url(world, occasion, found),
        **from_body(event),
    )


def _unsubscribe_url(world: World, occasion: Occasion, found: Addressees) -> str:
    return unsubscribe_url(world, found.registration.id) if occasion.template == "reminder" else ""


async def _reminds(world: World, event: EventRecord, found: Addressees, payload: dict[str, Any]) -> bool:
    """Of a start that is still to come, to whoever still wants it."""
    return (
        payload.get("starts_at", event.starts_at.isoformat()) == event.starts_at.isoformat()
        and world.now() < event.starts_at
        and not await wants_none(found.registration.id)
    )


async def _addressees(registration_id: UUID) -> Addressees | None:
    registration = await registration_by_id(registration_id)
    if registration is None or registration.erased_at:
        return None
    group = await group_of(registration.group_id)
    lead = next((member for member in group if member.leads), registration)
    if not lead.email:
        return None
    # Whoever brings a group is written to for all of it; a companion alone is written to through the lead.
    concerned = [
        member
        for member in (group if registration.leads else [registration])
        if member.status is registration.status
    ]
    return Addressees(registration, lead, concerned)


async def _session(event: EventRecord, payload: dict[str, Any]) -> SessionRecord | None:
    wanted = payload.get("session_id")
    return next((each for each in await sessions_of(event.id) if str(each.id) == wanted), None)


async def _places(found: Addressees, session: SessionRecord | None) -> list[HeldPlace]:
    return [
        (member, place)
        for member in found.concerned
        for place in await places_of(member.id)
        if session is None or place.session.id == session.id
    ]


def _told(
    subject: Subject,
    event: EventRecord,
    found: Addressees,
    places: Sequence[HeldPlace],
    session: SessionRecord | None,
) -> str:
    """A number that grows with every change, so that the last one is known, and a digest of what is said;
    "" for what may be told twice."""
    if subject is Subject.NOTHING:
        return ""
    said: object = (event.status, event.status_reason, event_facts(event))
    if subject is Subject.PLACES:
        held = [(str(member.id), place.slot, str(place.session.id)) for member, place in places]
        shown = [session_facts(place.session) for _, place in places]
        said = (held, shown, session_facts(session) if session and not session.is_workshop else {})
    changes = event.calendar_sequence + (session.calendar_sequence if session else 0)
    changes += max(member.calendar_sequence for member in found.concerned)
    return f"{changes:010}:{hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:40]}"


def said_in(told: str) -> str:
    return told.partition(":")[2]


def _changes(
    event: EventRecord, session: SessionRecord | None, payload: dict[str, Any], words: Translator
) -> list[Line]:
    before = payload.get("before")
    if not before:
        return []
    if session is not None:
        return session_lines(before, session, event.timezone, words)
    return event_lines(before, event, words)


async def _personal_facts(world: World, event: EventRecord, found: Addressees) -> dict[str, Any]:
    registration, lead = found.registration, found.lead
    return {
        "status": registration.status.value,
        "standing": await standing(world, event, registration, translator(lead.language)),
        "manage_url": manage_url(world, lead),
        "calendar_url": calendar_url(world, registration),
        "name": lead.name,
        "companion": None if registration.leads else registration.name,
        "companions": [member.name for member in found.concerned if member.id != lead.id],
    }


async def address_to_confirm(world: World, job: ClaimedJob) -> Letter | None:
    """To the address that somebody asked to be written to instead."""
    registration_id = UUID(str(job.payload["registration_id"]))
    registration = await registration_by_id(registration_id)
    email = await address_asked(registration_id)
    event = await event_by_id(registration.event_id) if registration else None
    if registration is None or event is None or not registration.status.is_active or not email:
        return None
    return Letter(
        template="address_to_confirm",
        to=Mailbox(email, registration.name),
        language=registration.language,
        facts={
            **event_facts_of(world, event),
            "name": registration.name,
            "companions": [],
            "confirm_url": address_url(world, registration, email),
        },
        registration_id=registration.id,
        **from_body(event),
    )


async def invitation(world: World, job: ClaimedJob) -> Letter | None:
    """To an address that was invited and has not registered yet."""
    invitation_id = UUID(str(job.payload["invitation_id"]))
    found = await row(
        "SELECT i.event, i.email FROM invitation i LEFT JOIN registration r ON r.event = i.event"
        " AND r.email_folded = i.email_folded AND r.id = r.group_id"
        " AND r.status IN ('pending', 'confirmed', 'waiting') WHERE i.id = {} AND r.id IS NULL",
        invitation_id,
    )
    event = await event_by_id(found["event"]) if found else None
    if found is None or event is None or event.status is not EventStatus.PUBLISHED:
        return None
    if world.now() >= event.registration_until:
        return None
    token = invitation_token(world, invitation_id)
    return Letter(
        template="invitation",
        to=Mailbox(found["email"]),
        language=event.language,
        facts={
            **event_facts_of(world, event),
            "companions": [],
            "register_url": world.url(f"/events/{event.slug}/register?invitation={token}"),
        },
        **from_body(event),
    )


def from_body(event: EventRecord) -> dict[str, Any]:
    return {
        "event_id": event.id,
        "sender_name": event.body_name,
        "reply_to": Mailbox(event.body_email, event.body_name) if event.body_email else None,
    }


def event_facts_of(world: World, event: EventRecord) -> dict[str, Any]:
    return {
        "event": event,
        "where": venue_line(event),
        "event_url": world.url(f"/events/{event.slug}"),
        "agenda_url": world.url("/"),
        "can_answer": bool(event.body_email),
    }


async def _ticket(world: World, event: EventRecord, member: RegistrationRecord, number: int) -> MailTicket:
    record = await ticket_of_registration(member.id)
    if record is None:
        raise LookupError(member.id)
    code = await ticket_code_of(world, event, member)
    places = (await places_of_tickets([member.id])).get(member.id, ())
    paper = ticket_paper(event, record, code, places, translator(member.language))
    return MailTicket(
        image=f"qr{number}",
        holder=member.name,
        short_code=paper.short_code,
        paper=paper,
        filename=f"{slugify(f'{event.title} {member.name}', 'ticket')}.pdf",
    )
