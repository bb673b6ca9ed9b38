"""Mails to participants. What holds is read when the mail is written, not when it was asked for."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.admission.papers import ticket_paper
from events_app.features.admission.places import places_of as places_of_tickets
from events_app.features.admission.queries import ticket_of_registration
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.events.calendar import venue_line
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.queries import event_by_id
from events_app.features.mailing.appointments import appointments
from events_app.features.mailing.model import Letter, MailTicket
from events_app.features.registration.address import address_asked
from events_app.features.registration.line import waiting_position
from events_app.features.registration.links import address_url, calendar_url, invitation_token, manage_url
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import group_of, registration_by_id
from events_app.features.workshops.queries import places_of
from events_app.infra.database import row
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.text import slugify
from events_app.outputs.calendar import Mailbox, Method

Write = Callable[[World, UUID], Awaitable[Letter | None]]

_ANY_ACTIVE = (RegistrationStatus.PENDING, RegistrationStatus.CONFIRMED, RegistrationStatus.WAITING)
_CONFIRMED = (RegistrationStatus.CONFIRMED,)


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """What one kind of mail brings. It is not written to somebody whose status has moved on since."""

    template: str
    to: tuple[RegistrationStatus, ...]
    method: Method | None = None
    carries: str = ""  # which calendar entries: registration, places, all
    tickets: bool = False
    facts: dict[str, Any] = {}


OCCASIONS: dict[str, Occasion] = {
    "mail.confirmation": Occasion(
        template="confirmation",
        to=_CONFIRMED,
        method=Method.REQUEST,
        carries="registration",
        tickets=True,
        facts={"promoted": False},
    ),
    "mail.promoted": Occasion(
        template="confirmation",
        to=_CONFIRMED,
        method=Method.REQUEST,
        carries="registration",
        tickets=True,
        facts={"promoted": True},
    ),
    "mail.waiting": Occasion(template="waiting", to=(RegistrationStatus.WAITING,)),
    "mail.pending": Occasion(template="pending", to=(RegistrationStatus.PENDING,)),
    "mail.refused": Occasion(template="refused", to=(RegistrationStatus.REFUSED,)),
    "mail.already_registered": Occasion(template="already_registered", to=_ANY_ACTIVE),
    "mail.cancelled": Occasion(
        template="cancelled", to=(RegistrationStatus.CANCELLED,), method=Method.CANCEL, carries="all"
    ),
    "mail.placed": Occasion(
        template="placed", to=_CONFIRMED, method=Method.REQUEST, carries="places", facts={"changed": False}
    ),
    "mail.place_changed": Occasion(
        template="placed", to=_CONFIRMED, method=Method.REQUEST, carries="places", facts={"changed": True}
    ),
    "mail.event_changed": Occasion(
        template="event_changed", to=_ANY_ACTIVE, method=Method.REQUEST, carries="all"
    ),
    "mail.event_cancelled": Occasion(
        template="event_cancelled", to=_ANY_ACTIVE, method=Method.CANCEL, carries="all"
    ),
    "mail.event_postponed": Occasion(
        template="event_postponed", to=_ANY_ACTIVE, method=Method.CANCEL, carries="all"
    ),
}


async def about_registration(world: World, kind: str, registration_id: UUID) -> Letter | None:
    occasion = OCCASIONS[kind]
    registration = await registration_by_id(registration_id)
    if registration is None or registration.erased_at or registration.status not in occasion.to:
        return None
    event = await event_by_id(registration.event_id)
    group = await group_of(registration.group_id)
    lead = next((member for member in group if member.leads), registration)
    if event is None or not lead.email:
        return None
    # Whoever brings a group is written to for all of it; a companion alone is written to through the lead.
    concerned = [
        member
        for member in (group if registration.leads else [registration])
        if member.status is registration.status
    ]
    places = [(member, place) for member in concerned for place in await places_of(member.id)]
    if occasion.carries == "places" and not places:
        return None
    shown = concerned if occasion.tickets else []
    tickets = [await _ticket(world, event, member, number) for number, member in enumerate(shown)]
    entries = await appointments(
        world.settings.base_url, event, registration, places, carries=occasion.carries
    )
    return Letter(
        template=occasion.template,
        to=Mailbox(lead.email, lead.name),
        language=lead.language,
        facts={
            **occasion.facts,
            **_facts(world, event),
            **await _personal_facts(world, registration),
            "name": lead.name,
            "companions": [member.name for member in concerned if member.id != lead.id],
            "places": [(member.name if len(concerned) > 1 else "", place) for member, place in places],
        },
        registration_id=registration.id,
        method=occasion.method if entries else None,
        entries=entries,
        tickets=tuple(tickets),
        **_from(event),
    )


async def _personal_facts(world: World, registration: RegistrationRecord) -> dict[str, Any]:
    waits = registration.status is RegistrationStatus.WAITING
    return {
        "status": registration.status.value,
        "position": await waiting_position(registration) if waits else None,
        "manage_url": manage_url(world, registration),
        "calendar_url": calendar_url(world, registration),
    }


async def address_to_confirm(world: World, registration_id: UUID) -> Letter | None:
    """To the address that somebody asked to be written to instead."""
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
            **_facts(world, event),
            "name": registration.name,
            "companions": [],
            "confirm_url": address_url(world, registration, email),
        },
        registration_id=registration.id,
        **_from(event),
    )


async def invitation(world: World, invitation_id: UUID) -> Letter | None:
    """To an address that was invited and has not registered yet."""
    found = await row("SELECT event, email FROM invitation WHERE id = {}", invitation_id)
    event = await event_by_id(found["event"]) if found else None
    if found is None or event is None or event.status is not EventStatus.PUBLISHED:
        return None
    token = invitation_token(world, invitation_id)
    return Letter(
        template="invitation",
        to=Mailbox(found["email"]),
        language=event.language,
        facts={
            **_facts(world, event),
            "companions": [],
            "register_url": world.url(f"/events/{event.slug}/register?invitation={token}"),
        },
        **_from(event),
    )


def _from(event: EventRecord) -> dict[str, Any]:
    return {
        "event_id": event.id,
        "sender_name": event.body_name,
        "reply_to": Mailbox(event.body_email, event.body_name) if event.body_email else None,
    }


def _facts(world: World, event: EventRecord) -> dict[str, Any]:
    return {
        "event": event,
        "where": venue_line(event),
        "event_url": world.url(f"/events/{event.slug}"),
        "agenda_url": world.url("/"),
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
