"""What a door says: for each reason one word to shout and one sentence that tells staff what to do."""

from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from events_app.features.admission.news import ScanConflict
from events_app.features.admission.scan import Outcome, Reason
from events_app.features.admission.schemas import DoorPlace, ScanAnswer
from events_app.features.events.model import EventRecord
from events_app.infra.i18n import Translator
from events_app.kernel.civil_time import to_wall
from events_app.kernel.errors import N_
from events_app.kernel.text import fill

WORDS: Final = {
    Outcome.ADMITTED: N_("Welcome"),
    Outcome.ALREADY_ADMITTED: N_("Already in"),
    Outcome.REFUSED: N_("No entry"),
    Outcome.LEFT: N_("Goodbye"),
    Outcome.VOIDED: N_("Undone"),
    Outcome.ERROR: N_("Not recorded"),
}

SENTENCES: Final = {
    Reason.OK: N_("The ticket is valid."),
    Reason.RE_ENTRY: N_("Back after having gone out."),
    Reason.ALREADY_IN: N_(
        "This ticket was used at {time}{gate}. Ask for a name; if in doubt, call a supervisor."
    ),
    Reason.UNKNOWN_CODE: N_("This is not a ticket of ours. Search for the person by name."),
    Reason.MISTYPED: N_("One character of the code is wrong. Type it again, or search by name."),
    Reason.BAD_SIGNATURE: N_("This ticket was not issued here. Search for the person by name."),
    Reason.OTHER_EVENT: N_("This ticket is for another event. Check the title and the date on it."),
    Reason.REVOKED: N_(
        "This ticket was replaced by a newer one. Ask for the latest mail, or search by name."
    ),
    Reason.CANCELLED: N_(
        "This registration was withdrawn. The person may register again if there is a place."
    ),
    Reason.DECLINED: N_("This registration was declined. Call a supervisor."),
    Reason.WAITING: N_("Still on the waiting list. Call a supervisor: a place may be free now."),
    Reason.PENDING: N_("This registration waits for approval. Call a supervisor."),
    Reason.EVENT_CANCELLED: N_("This event is cancelled."),
    Reason.EVENT_POSTPONED: N_("This event is postponed. The ticket stays valid for the new date."),
    Reason.NOT_PUBLISHED: N_("This event is not published yet. Call the organiser."),
    Reason.TOO_EARLY: N_("The doors open at {opens}. Ask the person to wait."),
    Reason.ENDED: N_("The event ended at {closes}."),
    Reason.UNKNOWN_SESSION: N_(
        "This session is not in the programme. Choose the session again on this device."
    ),
    Reason.WRONG_SESSION: N_("Expected elsewhere: {place}."),
    Reason.SESSION_FULL: N_("This room is full. Call a supervisor."),
    Reason.EVENT_FULL: N_("All places are taken. Call a supervisor."),
    Reason.NOT_INSIDE: N_("This person was not counted as inside: the exit is noted."),
    Reason.UNDONE: N_("The last scan is undone."),
    Reason.WITHDRAWN_SINCE: N_(
        "Came in before this was withdrawn or replaced, and is counted. Tell a supervisor."
    ),
    Reason.LET_IN_OFFLINE: N_(
        "Was let in without network, and is counted; the ticket is not good here. Tell a supervisor."
    ),
    Reason.TURNED_AWAY: N_("Was sent away without network, but the ticket is good. Let this person in."),
    Reason.NOT_RECORDED: N_("This scan could not be recorded."),
}

CONFLICTS: Final = {
    Reason.ALREADY_IN: N_(
        "Let in by two doors with one ticket, first at {time}{gate}. Find out who holds the ticket."
    ),
}


class DoorTimes(Struct, frozen=True):
    """What the sentences say of an event."""

    opens_at: datetime
    closes_at: datetime
    timezone: str


def with_sentence(answer: ScanAnswer, event: EventRecord, words: Translator) -> ScanAnswer:
    """The answer with its `detail` in the reader's language."""
    times = DoorTimes(event.doors_from, event.ends_at, event.timezone)
    return replace(answer, detail=sentence(answer, times, words))


def with_conflict_sentence(conflict: ScanConflict, event: EventRecord, words: Translator) -> ScanConflict:
    """What happened, in a supervisor's words."""
    text = words.gettext(CONFLICTS.get(conflict.reason, SENTENCES[conflict.reason]))
    gate = f" ({conflict.first_gate})" if conflict.first_gate else ""
    time = words.time(to_wall(conflict.first_at, event.timezone)) if conflict.first_at else ""
    return replace(conflict, detail=fill(text, {"time": time, "gate": gate}))


def sentence(answer: ScanAnswer, event: DoorTimes, words: Translator) -> str:
    if answer.problem is not None:
        return answer.detail  # made where the problem was found
    text = words.gettext(SENTENCES[answer.reason])
    if "{" not in text:
        return text
    values = {
        "opens": words.time(to_wall(event.opens_at, event.timezone)),
        "closes": words.time(to_wall(event.closes_at, event.timezone)),
        "place": _place(answer, words),
        "time": "",
        "gate": "",
    }
    if first := answer.first_scan:
        values["time"] = words.time(to_wall(first.scanned_at, event.timezone))
        values["gate"] = f" ({first.gate})" if first.gate else ""
    return fill(text, values)


def _place(answer: ScanAnswer, words: Translator) -> str:
    places = answer.registration.places if answer.registration else []
    return " · ".join(_said(place, words) for place in places)


def _said(place: DoorPlace, words: Translator) -> str:
    said = f"{place.title} ({place.room})" if place.room else place.title
    return f"{said}, {_table(place.table, words)}" if place.table else said


def _table(number: int, words: Translator) -> str:
    return words.gettext(N_("table {number}")).replace("{number}", str(number))
