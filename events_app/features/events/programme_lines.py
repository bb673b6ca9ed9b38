"""Which column of a programme's file is which field of a session, and what each line says. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, Literal
from uuid import UUID

import msgspec

from events_app.features.events.content import SessionContent, session_content
from events_app.features.events.model import EventRecord, SessionKind, SessionRecord
from events_app.features.events.rules import CODE_TAKEN, RESERVED_CODES, cleaned_session, session_errors
from events_app.features.events.wording import CHOICE_NAMES, KIND_NAMES
from events_app.infra.i18n import LANGUAGES, translator
from events_app.kernel import written
from events_app.kernel.civil_time import NonexistentTime, to_instant, to_wall
from events_app.kernel.errors import N_, FieldError
from events_app.kernel.text import fold, slugify
from events_app.outputs.sheets import head_key, recognised

FIELDS = {
    "code": N_("Code"),
    "title": N_("Title"),
    "kind": N_("Kind"),
    "slot": N_("Slot"),
    "day": N_("Day"),
    "starts_at": N_("Start"),
    "ends_at": N_("End"),
    "room": N_("Room"),
    "speakers": N_("Speakers"),
    "capacity_min": N_("Minimum"),
    "capacity_max": N_("Maximum"),
    "choice": N_("Choice"),
    "description": N_("Description"),
}
"""What a file may say of a session, by the name that programs use."""
NEEDED = ("title", "starts_at", "ends_at")

# How else people name these columns.
_ALSO = {
    "title": ("intitulé", "séance", "session", "nom"),
    "kind": ("type", "nature", "catégorie", "category"),
    "day": ("date",),
    "starts_at": ("heure de début", "horaire de début", "début", "start time", "starts", "from", "de"),
    "ends_at": ("heure de fin", "horaire de fin", "end time", "ends", "to", "à"),
    "room": ("lieu", "place", "location"),
    "speakers": ("intervenant", "intervenante", "speaker", "coach", "animateur", "animatrice", "orateurs"),
    "capacity_min": ("capacity min", "minimum de places"),
    "capacity_max": ("capacity max", "capacité", "capacity", "jauge", "places", "nombre de places"),
    "choice": ("mode de choix", "comment on y vient"),
    "description": ("texte", "résumé", "text", "abstract"),
}

LineOutcome = Literal["created", "duplicate", "error"]


class SessionLine(msgspec.Struct, frozen=True):
    """`line` as a spreadsheet counts, the heads being 1. `content`: what it says, where it can be taken."""

    line: int
    outcome: LineOutcome
    code: str
    errors: list[FieldError]
    cells: Mapping[str, str]
    content: SessionContent | None = None


def recognise(heads: Sequence[str]) -> list[str]:
    names: dict[str, str] = {}
    for field, others in _ALSO.items():
        names |= {head_key(name): field for name in others}
    for field, label in FIELDS.items():
        names |= {head_key(translator(language).gettext(label)): field for language in LANGUAGES}
        names[head_key(field)] = field
    return recognised(heads, names)


def look_at(
    lines: Sequence[Mapping[str, str]], event: EventRecord, present: Sequence[SessionRecord]
) -> list[SessionLine]:
    """What each line would do to this programme, in the order of the file."""
    taken = {session.code: session_content(session) for session in present}
    found = []
    for number, cells in enumerate(lines, 2):
        line = _looked_at(number, cells, event, taken, len(taken))
        if line.content is not None:
            taken[line.code] = line.content
        found.append(line)
    return found


def as_sessions(lines: Sequence[SessionLine], event: EventRecord) -> list[SessionRecord]:
    """As the sessions that they would become."""
    return [
        SessionRecord(
            id=UUID(int=line.line),
            event_id=event.id,
            revision=1,
            calendar_sequence=0,
            calendar_changed_at=event.starts_at,
            **msgspec.structs.asdict(line.content) | {"kind": SessionKind(line.content.kind)},
        )
        for line in lines
        if line.content is not None
    ]


def _looked_at(
    number: int,
    cells: Mapping[str, str],
    event: EventRecord,
    taken: Mapping[str, SessionContent],
    position: int,
) -> SessionLine:
    errors: list[FieldError] = []
    starts_at, ends_at = _hours(cells, event, errors)
    low, high = (_number(cells, name, errors) for name in ("capacity_min", "capacity_max"))
    title, code = cells.get("title", ""), cells.get("code", "")
    kind = _kind(cells.get("kind", ""), errors)
    if errors:
        return SessionLine(number, "error", code, errors, cells)
    content = cleaned_session(
        SessionContent(
            code=code or free_code(title, taken),
            title=title,
            kind=kind,
            slot=cells.get("slot", ""),
            starts_at=starts_at,
            ends_at=ends_at,
            room=cells.get("room", ""),
            coach=cells.get("speakers", ""),
            choice=_choice(cells.get("choice", "")),
            description=cells.get("description", ""),
            position=position,
            capacity_min=low,
            capacity_max=high,
        )
    )
    if (known := _same(content, taken, by_code=bool(code))) is not None:
        return SessionLine(number, "duplicate", known, [], cells)
    errors += [_by_column(error) for error in session_errors(content, event)]
    if code in taken and not errors:
        errors.append(FieldError("/code", "taken", CODE_TAKEN))
    if errors:
        return SessionLine(number, "error", code, errors, cells)
    return SessionLine(number, "created", content.code, [], cells, content)


def _same(content: SessionContent, taken: Mapping[str, SessionContent], *, by_code: bool) -> str | None:
    """Which session it is already: one of its title at its hour, in its room."""
    for code, other in taken.items():
        same = (other.title, other.starts_at, other.room) == (content.title, content.starts_at, content.room)
        if same and (not by_code or code == content.code):
            return code
    return None


def _hours(
    cells: Mapping[str, str], event: EventRecord, errors: list[FieldError]
) -> tuple[datetime, datetime]:
    """The end may be a time of day alone; so may the start, where its day is known."""
    days = None if event.several_days else to_wall(event.starts_at, event.timezone).date()
    if cells.get("day"):
        try:
            days = written.day(cells["day"])
        except ValueError:
            errors.append(FieldError("/day", "invalid", N_("Please enter a date, for example 2018-04-10.")))
    if not cells.get("ends_at") and len(parts := cells.get("starts_at", "").split("–")) == 2:
        cells = {**cells, "starts_at": parts[0].strip(), "ends_at": parts[1].strip()}  # « 14 h – 16 h »
    starts_at = _instant(cells, "starts_at", days, event, errors)
    if starts_at is None:
        return event.starts_at, event.ends_at
    ends_at = _instant(cells, "ends_at", to_wall(starts_at, event.timezone).date(), event, errors)
    if ends_at and ends_at <= starts_at and _is_time(cells.get("ends_at", "")):
        ends_at += timedelta(days=1)  # 22:00 to 01:00
    return starts_at, ends_at or event.ends_at


def _instant(
    cells: Mapping[str, str], name: str, on: date | None, event: EventRecord, errors: list[FieldError]
) -> datetime | None:
    text = cells.get(name, "")
    if not text:
        errors.append(FieldError(f"/{name}", "required", N_("This field is needed.")))
        return None
    try:
        found = datetime.combine(on, written.time_of_day(text)) if on and _is_time(text) else _moment(text)
        return found if found.tzinfo else to_instant(found, event.timezone)
    except NonexistentTime:
        message = N_("The clocks skip this hour that night. Please choose another time.")
    except (ValueError, OverflowError):
        message = N_("Please enter a date and a time, for example 2018-04-10 14:00.")
    errors.append(FieldError(f"/{name}", "invalid", message))
    return None


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)  # with its offset, as programs write it
    except ValueError:
        return written.moment(text)


def _is_time(text: str) -> bool:
    try:
        written.time_of_day(text)
    except ValueError:
        return False
    return True


def _number(cells: Mapping[str, str], name: str, errors: list[FieldError]) -> int | None:
    if not (text := cells.get(name, "")):
        return None
    try:
        return written.whole_number(text)
    except ValueError:
        errors.append(FieldError(f"/{name}", "invalid", N_("Please enter a whole number.")))
        return None


def _kind(text: str, errors: list[FieldError]) -> str:
    """Its code, or its name in one of our languages."""
    for kind, name in KIND_NAMES.items():
        said = {fold(kind.value), *(fold(translator(language).gettext(name)) for language in LANGUAGES)}
        if fold(text) in said:
            return kind.value
    if text:
        message = N_("Not known. There are: plenary, workshop, networking, speed-dating, break, other.")
        errors.append(FieldError("/kind", "unknown", message))
    return SessionKind.OTHER.value


def _choice(text: str) -> str:
    """The same; what is not known is refused later, as typed."""
    for choice, name in CHOICE_NAMES.items():
        said = {fold(choice), *(fold(translator(language).gettext(name)) for language in LANGUAGES)}
        if fold(text) in said:
            return choice
    return text


def _by_column(error: FieldError) -> FieldError:
    return msgspec.structs.replace(error, pointer="/speakers") if error.field == "coach" else error


def free_code(title: str, taken: Any) -> str:
    """From the title; `taken` and the words of our own addresses are passed over."""
    wanted = slugify(title, "seance")[:36].strip("-")
    numbered = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(code for code in numbered if code not in taken and code not in RESERVED_CODES)
