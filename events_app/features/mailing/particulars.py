"""Of whom and of what a mail about a registration speaks: read anew whenever one is written."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.events.queries import sessions_of
from events_app.features.mailing.differences import (
    Line,
    event_facts,
    event_lines,
    session_facts,
    session_lines,
)
from events_app.features.mailing.job_kinds import AboutChange, AboutSession
from events_app.features.mailing.occasions import Subject
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import group_of, registration_by_id
from events_app.features.workshops.model import PlaceRecord
from events_app.features.workshops.queries import places_of
from events_app.infra.i18n import translator

HeldPlace = tuple[RegistrationRecord, PlaceRecord]


class Addressees(msgspec.Struct, frozen=True):
    """Of whom a mail speaks, and who reads it: whoever brought the group."""

    registration: RegistrationRecord
    lead: RegistrationRecord
    concerned: list[RegistrationRecord]


async def addressees(registration_id: UUID) -> Addressees | None:
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
        if member.status is registration.status and member.erased_at is None
    ]
    return Addressees(registration, lead, concerned)


async def session_of(event: EventRecord, about: AboutRegistration) -> SessionRecord | None:
    if not isinstance(about, AboutSession):
        return None
    return next((each for each in await sessions_of(event.id) if each.id == about.session_id), None)


async def places_held(found: Addressees, session: SessionRecord | None) -> list[HeldPlace]:
    return [
        (member, place)
        for member in found.concerned
        for place in await places_of(member.id)
        if session is None or place.session.id == session.id
    ]


def named(found: Addressees, places: Sequence[HeldPlace]) -> list[tuple[str, PlaceRecord]]:
    """Whose each place is, where the mail speaks of several people."""
    return [(member.name if len(found.concerned) > 1 else "", place) for member, place in places]


def without_place(found: Addressees, places: Sequence[HeldPlace]) -> list[str]:
    """Who of several people holds none, where others of them do."""
    holders = {member.id for member, _ in places}
    return [member.name for member in found.concerned if holders and member.id not in holders]


def told_now(
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
        said = (held, shown, session_facts(session) if session and not session.by_name else {})
    changes = event.calendar_sequence + (session.calendar_sequence if session else 0)
    changes += max(member.calendar_sequence for member in found.concerned)
    return f"{changes:010}:{hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:40]}"


def said_in(told: str) -> str:
    return told.partition(":")[2]


def changes_in_words(
    event: EventRecord, session: SessionRecord | None, about: AboutRegistration, found: Addressees
) -> list[Line]:
    before = about.before if isinstance(about, AboutChange) else None
    if not before:
        return []
    words = translator(found.lead.language)
    if session is not None:
        return session_lines(before, session, event.timezone, words)
    has_place = found.registration.status is RegistrationStatus.CONFIRMED
    return event_lines(before, event, words, has_place=has_place)
