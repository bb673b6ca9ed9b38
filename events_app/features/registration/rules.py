"""May somebody register now, and as what? Pure."""

from datetime import datetime

from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.places import EventCounts, Outlook, outlook
from events_app.features.registration.model import RegistrationStatus
from events_app.kernel.errors import N_, AppError, Conflict


class RegistrationClosed(Conflict):
    """`reason`: not_open_yet, over, cancelled, postponed, draft, not_needed, full."""

    type = "registration-closed"
    title = N_("Registration is closed")
    detail = N_("Registration for this event is not open.")


class EventFull(RegistrationClosed):
    detail = N_("All places are taken, and this event has no waiting list.")


class GroupTooLarge(EventFull):
    """Somebody alone would still get a place."""

    detail = N_("There are not enough free places for all of you, and nobody can wait for them.")


class AlreadyRegistered(Conflict):
    type = "already-registered"
    title = N_("Already registered")
    detail = N_("This e-mail address is registered for this event already.")


class InvitationNeeded(AppError):
    """Said to everybody who shows no valid invitation, invited or not: it tells nothing about the list."""

    type = "invitation-needed"
    status = 403
    title = N_("By invitation")
    detail = N_("This event is by invitation. Please use the link in your invitation.")


class LinkReplaced(AppError):
    """Said to whoever has the link that was sent to an address which was corrected since."""

    type = "link-replaced"
    status = 410
    title = N_("This link has been replaced")
    detail = N_(
        "The address of this registration was corrected, and a new link was sent to the right one. Please use"
        " the latest mail. If you got the former one by mistake, you can delete it."
    )


class NotPossibleNow(Conflict):
    """The registration's present status does not allow this."""

    type = "not-possible-now"
    title = N_("Not possible now")
    detail = N_("The present status of this registration does not allow this.")


class NoPlaceLeft(Conflict):
    type = "no-place-left"
    title = N_("No place left")
    detail = N_("There are not enough free places.")


def closed_because(event: EventRecord, now: datetime, by_hand: bool = False) -> str | None:
    """None when registration is open. The organiser's own hand works before the opening and at the door,
    as long as the event is going to happen."""
    if event.status is not EventStatus.PUBLISHED:
        return event.status.value
    if not event.registration_required:
        return "not_needed"
    if by_hand:
        return "over" if now >= event.ends_at else None
    if event.registration_opens_at is not None and now < event.registration_opens_at:
        return "not_open_yet"
    return None if now < event.registration_until else "over"


def decide_registration(
    event: EventRecord, counts: EventCounts, group_size: int, approved: bool = False
) -> RegistrationStatus:
    """As what a group of this size comes in. Raises `EventFull` where nobody may wait.

    An organiser's approval, where the event asks for it, comes before everything.
    """
    match outlook(
        event.capacity,
        counts,
        approval=event.approval and not approved,
        waiting_list=event.waiting_list,
        group_size=group_size,
    ):
        case Outlook.APPROVAL:
            return RegistrationStatus.PENDING
        case Outlook.PLACE:
            return RegistrationStatus.CONFIRMED
        case Outlook.WAITING:
            return RegistrationStatus.WAITING
        case _ if group_size > 1 and counts.left(event.capacity):
            raise GroupTooLarge(reason="group")
        case _:
            raise EventFull(reason="full")
