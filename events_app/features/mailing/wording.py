"""Kinds and states of mails in words, translated where they are shown."""

from events_app.features.mailing import hooks
from events_app.features.mailing.job_kinds import (
    DECLINED,
    DIGEST,
    EVENT_CHANGED,
    EVENT_RESCHEDULED,
    REMINDER,
    SESSION_CHANGED,
    THANKS,
)
from events_app.features.networking.job_kinds import CONTACTS
from events_app.features.registration.job_kinds import (
    ADDRESS_TO_CONFIRM,
    ALREADY_REGISTERED,
    APPROVED,
    APPROVED_WAITING,
    CANCELLED,
    CONFIRMATION,
    EVENT_CANCELLED,
    EVENT_POSTPONED,
    EXCUSED,
    FOUND_AGAIN,
    INVITATION,
    PENDING,
    PROMOTED,
    REFUSED,
    WAITING,
)
from events_app.features.workshops.job_kinds import COACHED_CLOSED, PLACE_CHANGED, PLACED, WORKSHOP_CLOSED
from events_app.infra.outbox import MailStatus
from events_app.kernel.errors import N_

_OWN = {
    CONFIRMATION.name: N_("Confirmation with ticket"),
    PROMOTED.name: N_("A place became free"),
    APPROVED.name: N_("Request accepted"),
    APPROVED_WAITING.name: N_("Request accepted, waiting list"),
    WAITING.name: N_("Waiting list"),
    PENDING.name: N_("Request received"),
    REFUSED.name: N_("Request refused"),
    ALREADY_REGISTERED.name: N_("Reminder of the link"),
    FOUND_AGAIN.name: N_("Links to all tickets"),
    ADDRESS_TO_CONFIRM.name: N_("New address to be confirmed"),
    CONTACTS.name: N_("Contacts after a session"),
    EXCUSED.name: N_("Excused"),
    PLACED.name: N_("Workshop"),
    PLACE_CHANGED.name: N_("Another workshop"),
    WORKSHOP_CLOSED.name: N_("Workshop that does not take place"),
    COACHED_CLOSED.name: N_("To the coach: does not take place"),
    EVENT_CHANGED.name: N_("Event changed"),
    EVENT_RESCHEDULED.name: N_("Event takes place"),
    SESSION_CHANGED.name: N_("Change in the programme"),
    EVENT_CANCELLED.name: N_("Event cancelled"),
    EVENT_POSTPONED.name: N_("Event postponed"),
    CANCELLED.name: N_("Withdrawal"),
    DECLINED.name: N_("Invitation declined in the calendar"),
    INVITATION.name: N_("Invitation"),
    REMINDER.name: N_("Reminder"),
    THANKS.name: N_("Thanks"),
    DIGEST.name: N_("News for organisers"),
}


def kinds() -> dict[str, str]:
    """By the name that a mail bears, also of those that features above ask for."""
    return _OWN | hooks.mail_names()


STATUSES = {  # the look of `status` in templates/_components.html, and the word
    MailStatus.SENT: ("confirmed", N_("Sent")),
    MailStatus.KEPT: ("invited", N_("Kept here")),
    MailStatus.QUEUED: ("waiting", N_("On its way")),
    MailStatus.FAILED: ("refused", N_("Not delivered")),
    MailStatus.BOUNCED: ("refused", N_("Came back")),
    MailStatus.DROPPED: ("withdrawn", N_("Not sent: it no longer held")),
}
