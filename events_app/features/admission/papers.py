"""What a ticket says beside its code, in the holder's language: for the PDF and for the phone."""

from collections.abc import Sequence

from msgspec import Struct

from events_app.features.admission.letters import UNDRAWN_NOTE
from events_app.features.admission.places import BookedPlace
from events_app.features.admission.queries import TicketRecord
from events_app.features.events.model import EventRecord, EventStatus
from events_app.infra.i18n import Translator
from events_app.kernel.errors import N_
from events_app.kernel.short_code import display_short_code
from events_app.outputs.papers import Fact, TicketPaper


class TicketWords(Struct, frozen=True):
    """The words of a ticket. `facts`: icon, label, value."""

    facts: list[tuple[str, str, str]]
    qr_description: str
    short_code: str
    instructions: str


_AT_THE_ENTRANCE = N_("Show this code at the entrance, on paper or on your phone.")
_INSTRUCTIONS = {
    EventStatus.CANCELLED: N_("This event is cancelled: this ticket opens no door."),
    EventStatus.POSTPONED: N_(
        "This event is postponed; the new date is not known yet. The ticket stays valid for the new date."
    ),
}


def ticket_words(
    event: EventRecord, ticket: TicketRecord, places: Sequence[BookedPlace], words: Translator
) -> TicketWords:
    _ = words.gettext
    venue = ", ".join(part for part in (event.venue_name, event.venue_address, event.venue_commune) if part)
    taking_place = event.status is EventStatus.PUBLISHED
    when = _("When") if taking_place else _("Was announced for")
    facts = [("calendar-days", when, words.when(event.starts_at, event.ends_at, event.timezone))]
    if venue:
        facts.append(("map-pin", _("Where"), venue))
    if ticket.organisation:
        facts.append(("building-2", _("Organisation"), ticket.organisation))
    for place in places:
        shown = place.shown
        times = words.times(shown.starts_at, shown.ends_at, event.timezone) if taking_place else ""
        lines = [shown.title, " · ".join(part for part in (times, shown.room, shown.coach) if part)]
        for seat in place.tables if taking_place else ():
            at = words.times(seat.starts_at, seat.ends_at, event.timezone)
            lines.append(_("{time}: table {number}").format(time=at, number=seat.table))
        facts.append(("users", _("Tables") if place.tables else _("Workshop"), "\n".join(lines)))
    return TicketWords(
        facts=facts,
        qr_description=_("Ticket for {event}").replace("{event}", announced_title(event, words)),
        short_code=display_short_code(ticket.short_code),
        instructions=_(_INSTRUCTIONS.get(event.status, _AT_THE_ENTRANCE)),
    )


def announced_title(event: EventRecord, words: Translator) -> str:
    """As calendars show it: what is off says so before its title."""
    marks = {EventStatus.CANCELLED: N_("CANCELLED: {event}"), EventStatus.POSTPONED: N_("POSTPONED: {event}")}
    mark = words.gettext(marks.get(event.status, "{event}"))
    return mark.replace("{event}", event.spoken_in(words.language).title)


def ticket_paper(
    event: EventRecord, ticket: TicketRecord, code: str, places: Sequence[BookedPlace], words: Translator
) -> TicketPaper:
    """What `outputs.papers.ticket_pdf` prints."""
    _ = words.gettext
    said = ticket_words(event, ticket, places, words)
    return TicketPaper(
        language=words.language,
        event=announced_title(event, words),
        holder=ticket.name,
        code=code,
        qr_description=said.qr_description,
        short_code=said.short_code,
        short_code_label=_("Code to type if scanning does not work"),
        facts=tuple(Fact(label, value) for _, label, value in said.facts),
        instructions=said.instructions,
        issuer=event.body_name,
        undrawn_note=_(UNDRAWN_NOTE),
    )
