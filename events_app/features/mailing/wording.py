"""Kinds and states of mails in words, translated where they are shown."""

from events_app.features.mailing.model import MailStatus
from events_app.kernel.errors import N_

KINDS = {
    "mail.confirmation": N_("Confirmation with ticket"),
    "mail.promoted": N_("A place became free"),
    "mail.approved": N_("Request accepted"),
    "mail.approved_waiting": N_("Request accepted, waiting list"),
    "mail.waiting": N_("Waiting list"),
    "mail.pending": N_("Request received"),
    "mail.refused": N_("Request refused"),
    "mail.already_registered": N_("Reminder of the link"),
    "mail.found_again": N_("Links to all tickets"),
    "mail.address_to_confirm": N_("New address to be confirmed"),
    "mail.contacts": N_("Contacts after a session"),
    "mail.excused": N_("Excused"),
    "mail.placed": N_("Workshop"),
    "mail.place_changed": N_("Another workshop"),
    "mail.workshop_closed": N_("Workshop that does not take place"),
    "mail.coached_closed": N_("To the coach: does not take place"),
    "mail.event_changed": N_("Event changed"),
    "mail.event_rescheduled": N_("Event takes place"),
    "mail.session_changed": N_("Change in the programme"),
    "mail.event_cancelled": N_("Event cancelled"),
    "mail.event_postponed": N_("Event postponed"),
    "mail.cancelled": N_("Withdrawal"),
    "mail.invitation": N_("Invitation"),
    "mail.reminder": N_("Reminder"),
    "mail.message": N_("Message"),
    "mail.message_test": N_("Test of a message"),
}

STATUSES = {  # the look of `status` in templates/_components.html, and the word
    MailStatus.SENT: ("confirmed", N_("Sent")),
    MailStatus.KEPT: ("invited", N_("Kept here")),
    MailStatus.QUEUED: ("waiting", N_("On its way")),
    MailStatus.FAILED: ("refused", N_("Not delivered")),
    MailStatus.DROPPED: ("withdrawn", N_("Not sent: it no longer held")),
}
