"""Whom a message is for: people of one event, written to once each, companions through whoever leads."""

from collections.abc import Sequence
from uuid import UUID

from events_app.features.admission.facts import EVENT_DOOR
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import sessions_of
from events_app.features.messages.model import Audience, several
from events_app.features.registration.model import ACTIVE, RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import Narrower, registrations_by_ids, registrations_of
from events_app.infra.database import rows
from events_app.kernel.errors import N_, FieldError, InvalidInput
from events_app.kernel.text import fold, fold_email

_ALL = 1_000_000


def statuses(audience: Audience) -> tuple[RegistrationStatus, ...]:
    """Nobody who withdrew or was refused is meant unless that is said."""
    return tuple(RegistrationStatus(each) for each in several(audience.status)) or ACTIVE


async def check(event: EventRecord, audience: Audience) -> None:
    """Raises `InvalidInput` for what this event does not have."""
    errors = []
    known = {each.code for each in await sessions_of(event.id)}
    if not known.issuperset(several(audience.session)):
        errors.append(FieldError("/audience/session", "unknown", N_("This event has no such session.")))
    if not set(event.profiles).issuperset(several(audience.profile)):
        message = N_("This event asks for no such profile.")
        errors.append(FieldError("/audience/profile", "unknown", message))
    if audience.consent and audience.consent not in {each.code for each in event.consents}:
        message = N_("This event asks for no such agreement.")
        errors.append(FieldError("/audience/consent", "unknown", message))
    if errors:
        raise InvalidInput(errors)


async def readers(event: EventRecord, audience: Audience) -> list[RegistrationRecord]:
    """Who is written to, in order of arrival, each address once."""
    meant = [each for each in await _people(event, audience) if _fits(each, audience)]
    if audience.presence:
        came = await _came(event.id)
        meant = [each for each in meant if (each.id in came) == (audience.presence == "present")]
    leads = await registrations_by_ids(event.id, list({each.group_id for each in meant}))
    reached = [lead for lead in leads if lead.email and lead.erased_at is None]
    once: dict[str, RegistrationRecord] = {}
    for lead in sorted(reached, key=lambda lead: (not lead.status.is_active, lead.arrival)):
        once.setdefault(fold_email(lead.email), lead)  # withdrawn and registered again: as they are now
    return sorted(once.values(), key=lambda lead: lead.arrival)


def still_meant(group: Sequence[RegistrationRecord], audience: Audience) -> bool:
    """Whether somebody of this group still is what the message speaks to."""
    return any(each.status in statuses(audience) for each in group)


async def communes_of(event_id: UUID) -> list[str]:
    found = await rows(
        "SELECT DISTINCT commune FROM registration WHERE event = {} AND commune <> '' ORDER BY commune",
        event_id,
    )
    return [str(each["commune"]) for each in found]


async def _people(event: EventRecord, audience: Audience) -> list[RegistrationRecord]:
    codes, narrower = several(audience.session), Narrower(consent=audience.consent, tag=audience.tag)
    if not codes:
        return await registrations_of(event.id, limit=_ALL, narrower=narrower)
    found: dict[UUID, RegistrationRecord] = {}
    for session in await sessions_of(event.id):
        if session.code in codes:
            people = await registrations_of(
                event.id,
                session_id=session.id,
                limit=_ALL,
                narrower=narrower,
            )
            found |= {each.id: each for each in people}
    return list(found.values())


def _fits(person: RegistrationRecord, audience: Audience) -> bool:
    communes = {fold(each) for each in several(audience.commune)}
    profiles = several(audience.profile)
    return (
        person.status in statuses(audience)
        and (not communes or not communes.isdisjoint((fold(person.commune), person.insee or "")))
        and (not profiles or person.profile in profiles)
    )


async def _came(event_id: UUID) -> set[UUID]:
    found = await rows(
        "SELECT registration FROM presence WHERE event = {} AND point = {} AND first_at IS NOT NULL",
        event_id,
        EVENT_DOOR,
    )
    return {each["registration"] for each in found}
