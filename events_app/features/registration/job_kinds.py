"""What is asked of the worker about registrations: mails, nearly all of it."""

from uuid import UUID

import msgspec

from events_app.features.registration.model import RegistrationStatus
from events_app.infra.job_kinds import Kind, Nothing


class AboutRegistration(msgspec.Struct, frozen=True, omit_defaults=True):
    registration_id: UUID


class AboutWithdrawal(AboutRegistration, frozen=True):
    by: str = "participant"  # or "organiser"
    was: RegistrationStatus = RegistrationStatus.CONFIRMED


class AboutInvitation(msgspec.Struct, frozen=True):
    invitation_id: UUID


class Farewell(msgspec.Struct, frozen=True):
    """Of somebody whose data are erased: this is all there is of them, and empty once it was said."""

    registration_id: str = ""
    to: str = ""
    name: str = ""
    language: str = "fr"
    is_companion: bool = False
    sequence: int = 0


CONFIRMATION = Kind("mail.confirmation", AboutRegistration)
WAITING = Kind("mail.waiting", AboutRegistration)
PENDING = Kind("mail.pending", AboutRegistration)
EXCUSED = Kind("mail.excused", AboutRegistration)
PROMOTED = Kind("mail.promoted", AboutRegistration)
APPROVED = Kind("mail.approved", AboutRegistration)
APPROVED_WAITING = Kind("mail.approved_waiting", AboutRegistration)
REFUSED = Kind("mail.refused", AboutRegistration)
CANCELLED = Kind("mail.cancelled", AboutWithdrawal)
ALREADY_REGISTERED = Kind("mail.already_registered", AboutRegistration)
FOUND_AGAIN = Kind("mail.found_again", AboutRegistration)
ADDRESS_TO_CONFIRM = Kind("mail.address_to_confirm", AboutRegistration)
EVENT_POSTPONED = Kind("mail.event_postponed", AboutRegistration)
EVENT_CANCELLED = Kind("mail.event_cancelled", AboutRegistration)
INVITATION = Kind("mail.invitation", AboutInvitation)
ERASED = Kind("mail.erased", Farewell)
ERASE_EXPIRED = Kind("people.erase_expired", Nothing)

TICKET_MAILS = (CONFIRMATION.name, PROMOTED.name, APPROVED.name)
"""They bring tickets and the entry for a calendar."""
