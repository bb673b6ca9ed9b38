"""Mails to participants. What holds is read when the mail is written, not when it was asked for."""

from typing import Any
from uuid import UUID

from msgspec.structs import replace

from events_app.features.admission.papers import ticket_paper
from events_app.features.admission.places import places_of as places_of_tickets
from events_app.features.admission.queries import ticket_of_registration
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.events.calendar import venue_line
from events_app.features.events.model import EventRecord, EventStatus, SessionRecord
from events_app.features.events.queries import event_by_id
from events_app.features.events.views import map_link
from events_app.features.mailing.appointments import appointment
from events_app.features.mailing.differences import Line
from events_app.features.mailing.gathering import News, news_of, ticket_follows
from events_app.features.mailing.job_kinds import EVENT_CHANGED, AboutChange, AboutSession, AboutStart
from events_app.features.mailing.model import Letter, MailTicket
from events_app.features.mailing.occasions import GATHERED, OCCASIONS, Occasion, Subject
from events_app.features.mailing.particulars import (
    Addressees,
    addressees,
    changes_in_words,
    named,
    places_held,
    said_in,
    session_of,
    told_now,
    without_place,
)
from events_app.features.mailing.queries import last_told
from events_app.features.mailing.unsubscribing import unsubscribe_url, wants_none
from events_app.features.registration.address import address_asked
from events_app.features.registration.job_kinds import AboutInvitation, AboutRegistration, AboutWithdrawal
from events_app.features.registration.links import address_url, calendar_url, invitation_token, manage_url
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.queries import registration_by_id
from events_app.features.registration.standing import standing
from events_app.features.workshops.job_kinds import PLACE_CHANGED, PLACED
from events_app.features.workshops.personal import closed_wishes
from events_app.features.workshops.queries import places_of
from events_app.infra.database import row
from events_app.infra.deployment import addresses
from events_app.infra.i18n import translator
from events_app.infra.job_kinds import ClaimedJob
from events_app.infra.world import World
from events_app.kernel.text import called, slugify
from events_app.outputs.calendar import Mailbox


async def about_registration(world: World, job: ClaimedJob, about: AboutRegistration) -> Letter | None:
    """None when the situation that this kind of mail speaks of is gone, or was told already."""
    occasion = OCCASIONS[job.kind]
    found = await addressees(about.registration_id)
    event = await event_by_id(found.registration.event_id) if found else None
    if (
        found is None
        or event is None
        or found.registration.status not in occasion.to
        or event.status not in occasion.event
    ):
        return None
    if isinstance(about, AboutStart) and not await _reminds(world, event, found, about):
        return None
    if job.kind in GATHERED:
        if occasion.kind is PLACED and await ticket_follows(found.registration.id, event.id):
            return None
        news = news_of(job)
        if len({each.kind for each in news} | {_session_id(each.about) for each in news}) > 2:
            return await _several(world, job, event, found, news)
        about = news[0].about
    session = await session_of(event, about)
    if session is None and isinstance(about, AboutSession):
        return None
    places = await places_held(found, session)
    before = await last_told(found.registration.id, occasion.subject, job.id)
    taken_away = before is not None and session is None
    of_workshops = session is None or session.by_name
    if occasion.subject is Subject.PLACES and of_workshops and not places and not taken_away:
        return None
    changes = changes_in_words(event, session, about, found)
    if isinstance(about, AboutChange) and about.before and not changes:
        return None  # changed back meanwhile
    told = told_now(occasion.subject, event, found, places, session)
    if before is not None and said_in(told) == said_in(before):
        return None
    if occasion.tickets and places:
        told = told_now(Subject.PLACES, event, found, places, None)
    facts = {
        **event_facts_of(world, event),
        **await _personal_facts(world, event, found),
        "changes": changes,
        "places": named(found, places),
        "without": without_place(found, places),
        "session": session,
        "closed": await closed_wishes(world, event, found.registration),
        "told_before": before is not None,
        "map_url": map_link(event),
        **_withdrawal_facts(about),
    }
    return await _letter(world, job, occasion, event, found, facts, told, in_calendar=of_workshops)


async def _several(
    world: World, job: ClaimedJob, event: EventRecord, found: Addressees, news: list[News]
) -> Letter | None:
    """Several changes in one mail; None where all of them were changed back, or concern others now."""
    all_places = await places_held(found, None)
    lines: list[Line] = []
    sessions: dict[str, tuple[SessionRecord, list[Line]]] = {}
    for each in news:
        session = await session_of(event, each.about)
        if each.kind is EVENT_CHANGED and not lines:
            lines = changes_in_words(event, None, each.about, found)
        elif session is not None and str(session.id) not in sessions:
            concerned = not session.by_name or await places_held(found, session)
            if concerned and (changed := changes_in_words(event, session, each.about, found)):
                sessions[str(session.id)] = (session, changed)
    told = told_now(Subject.PLACES, event, found, all_places, None)
    before = await last_told(found.registration.id, Subject.PLACES, job.id)
    placed = any(each.kind in (PLACED, PLACE_CHANGED) for each in news)
    placed = placed and (said_in(told) != said_in(before) if before is not None else bool(all_places))
    if not (lines or sessions or placed):
        return None
    occasion = OCCASIONS[job.kind]
    facts = {
        **event_facts_of(world, event),
        **await _personal_facts(world, event, found),
        "changes": lines,
        "sessions": list(sessions.values()),
        "placed": placed,
        "places": named(found, all_places),
        "without": without_place(found, all_places),
    }
    if occasion.subject is Subject.EVENT:
        told = told_now(Subject.EVENT, event, found, [], None)
    several = replace(occasion, template="changes")
    in_calendar = bool(lines or placed) or any(session.by_name for session, _ in sessions.values())
    return await _letter(world, job, several, event, found, facts, told, in_calendar=in_calendar)


async def _letter(
    world: World,
    job: ClaimedJob,
    occasion: Occasion,
    event: EventRecord,
    found: Addressees,
    facts: dict[str, Any],
    told: str,
    *,
    in_calendar: bool,
) -> Letter:
    shown = found.concerned if occasion.tickets else []
    tickets = [await _ticket(world, event, member, number) for number, member in enumerate(shown)]
    entry = None
    if in_calendar:
        own = await places_of(found.registration.id)
        at = await addresses(world)
        entry = await appointment(at, event, found.registration, own, occasion, without=job.id)
    return Letter(
        template=occasion.template,
        to=Mailbox(found.lead.email, found.lead.name),
        language=found.lead.language,
        facts=facts,
        registration_id=found.registration.id,
        names=tuple(member.id for member in (found.lead, *found.concerned)),
        method=occasion.method if entry else None,
        entry=entry,
        tickets=tuple(tickets),
        told=told,
        unsubscribe_url=_unsubscribe_url(world, occasion, found),
        **from_body(event),
    )


def _unsubscribe_url(world: World, occasion: Occasion, found: Addressees) -> str:
    return unsubscribe_url(world, found.registration.id) if occasion.can_be_stopped else ""


async def _reminds(world: World, event: EventRecord, found: Addressees, about: AboutStart) -> bool:
    """Of a start that is still to come, to whoever still wants it."""
    return (
        about.starts_at in (None, event.starts_at)
        and world.now() < event.starts_at
        and not await wants_none(found.registration.id)
    )


def _session_id(about: AboutRegistration) -> UUID | None:
    return about.session_id if isinstance(about, AboutSession) else None


def _withdrawal_facts(about: AboutRegistration) -> dict[str, Any]:
    if not isinstance(about, AboutWithdrawal):
        return {}
    return {"by_organiser": about.by == "organiser", "was": about.was.value}


async def _personal_facts(world: World, event: EventRecord, found: Addressees) -> dict[str, Any]:
    registration, lead = found.registration, found.lead
    return {
        "status": registration.status.value,
        "reason": registration.status_reason,
        "standing": await standing(world, event, registration, translator(lead.language)),
        "manage_url": manage_url(world, lead),
        "calendar_url": calendar_url(world, registration),
        "name": called(lead.given_name, lead.family_name),
        "companion": None if registration.leads else registration.name,
        "companions": [member.name for member in found.concerned if member.id != lead.id],
    }


async def address_to_confirm(world: World, _: ClaimedJob, about: AboutRegistration) -> Letter | None:
    """To the address that somebody asked to be written to instead."""
    registration = await registration_by_id(about.registration_id)
    email = await address_asked(about.registration_id)
    event = await event_by_id(registration.event_id) if registration else None
    if registration is None or event is None or not registration.status.is_active or not email:
        return None
    return Letter(
        template="address_to_confirm",
        to=Mailbox(email, registration.name),
        language=registration.language,
        facts={
            **event_facts_of(world, event),
            "name": called(registration.given_name, registration.family_name),
            "companions": [],
            "confirm_url": address_url(world, registration, email),
        },
        registration_id=registration.id,
        **from_body(event),
    )


async def invitation(world: World, _: ClaimedJob, about: AboutInvitation) -> Letter | None:
    """To an address that was invited and has not registered yet."""
    found = await row(
        "SELECT i.event, i.email FROM invitation i LEFT JOIN registration r ON r.event = i.event"
        " AND r.email_folded = i.email_folded AND r.id = r.group_id"
        " AND r.status IN ('pending', 'confirmed', 'waiting') WHERE i.id = {} AND r.id IS NULL",
        about.invitation_id,
    )
    event = await event_by_id(found["event"]) if found else None
    if found is None or event is None or event.status is not EventStatus.PUBLISHED:
        return None
    if world.now() >= event.registration_until:
        return None
    token = invitation_token(world, about.invitation_id)
    return Letter(
        template="invitation",
        to=Mailbox(found["email"]),
        language=event.language,
        facts={
            **event_facts_of(world, event),
            "companions": [],
            "register_url": world.url(f"/events/{event.slug}/register?invitation={token}"),
        },
        invitation_id=about.invitation_id,
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
