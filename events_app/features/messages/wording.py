"""States and audiences of messages in words, translated where they are shown."""

from collections.abc import Sequence

from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.messages.job_kinds import COPY, TEST
from events_app.features.messages.model import Audience, MessageKind, MessageStatus, several
from events_app.features.registration.wording import PROFILE_NAMES
from events_app.infra.i18n import Translator
from events_app.kernel.errors import N_

MAIL_NAMES = {COPY.name: N_("Message"), TEST.name: N_("Test of a message")}

KINDS = {
    MessageKind.INFORMATION: (
        N_("Information"),
        N_("What they must know: also to those who want no reminders."),
    ),
    MessageKind.REMINDER: (
        N_("Reminder"),
        N_("With a link to receive no more reminders of this event."),
    ),
}

STATES = {  # the look of `status` in templates/_components.html, and the word
    MessageStatus.DRAFT: ("draft", N_("Draft")),
    MessageStatus.SCHEDULED: ("waiting", N_("Scheduled")),
    MessageStatus.SENDING: ("waiting", N_("Leaving")),
    MessageStatus.SENT: ("confirmed", N_("Sent")),
    MessageStatus.CANCELLED: ("withdrawn", N_("Stopped")),
}

PRESENCE = {"present": N_("Those who came"), "absent": N_("Those who did not come")}

WHO = {
    "confirmed": N_("have a place"),
    "waiting": N_("are on the waiting list"),
    "pending": N_("asked for a place"),
    "cancelled": N_("cancelled"),
    "refused": N_("were refused"),
}

PLACEHOLDERS = {
    "given_name": N_("given name"),
    "name": N_("given name and family name"),
    "organisation": N_("their organisation"),
    "event": N_("title of the event"),
    "date": N_("day and hours"),
    "place": N_("place"),
    "sessions": N_("their workshops, with hour and room"),
    "link": N_("their personal page, with the ticket"),
}


def audience_in_words(
    audience: Audience, event: EventRecord, sessions: Sequence[SessionRecord], words: Translator
) -> list[str]:
    """One line for each thing that must hold."""
    titles = {each.code: each.title for each in sessions}
    purposes = {each.code: each.purpose for each in event.consents}
    statuses = [str(each) for each in several(audience.status)] or ["confirmed", "waiting", "pending"]
    lines = [", ".join(words.gettext(WHO[each]) for each in statuses)]
    if audience.session:
        lines.append(", ".join(titles.get(each, each) for each in several(audience.session)))
    if audience.commune:
        lines.append(", ".join(several(audience.commune)))
    if audience.profile:
        lines.append(
            ", ".join(words.gettext(PROFILE_NAMES.get(each, each)) for each in several(audience.profile))
        )
    if audience.tag:
        lines.append(audience.tag)
    if audience.presence:
        lines.append(words.gettext(PRESENCE[audience.presence]))
    if audience.consent:
        lines.append(purposes.get(audience.consent, audience.consent))
    return lines
