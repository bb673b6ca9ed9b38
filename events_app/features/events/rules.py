"""What an event and its sessions must be like. All errors are found at once; nothing here reads a clock."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from events_app.features.events.content import EventContent, SessionContent
from events_app.features.events.model import (
    PROFILES,
    TEXTS,
    EventRecord,
    EventTexts,
    SessionKind,
    SessionRecord,
    Visibility,
    chosen_by,
)
from events_app.features.events.questions import cleaned_consents, cleaned_questions, form_errors
from events_app.kernel.civil_time import NonexistentTime, UnknownZone, to_instant, to_wall, zone
from events_app.kernel.errors import N_, FieldError
from events_app.kernel.text import clean_block, clean_line, has_letters, is_slug

EVENT_LANGUAGES = ("fr", "en")
LONGEST_EVENT = timedelta(days=366)
MOST_PEOPLE = 1_000_000
MOST_COMPANIONS = 20
MOST_WISHES = 20
MOST_REMINDERS = 6
THANKS_MINUTES = -24 * 60
"""Among the reminders: thanks to those who came, a day after the end."""
MOST_REMINDER_MINUTES = 30 * 24 * 60
YEARS = range(2000, 2201)  # beyond them, arithmetic on dates overflows somewhere

_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38}[A-Za-z0-9])?")

_WEB_ADDRESS = re.compile(r"https?://[^\s/<>\"]+\.[^\s<>\"]+", re.IGNORECASE)
RESERVED = ("new", "enrol")  # addresses of pages that are no event's
RESERVED_CODES = (*RESERVED, "import")  # ...and no session's

_LINES = {
    "title": 200,
    "online_url": 500,
    "venue_name": 200,
    "venue_address": 300,
    "venue_commune": 120,
    "image_alt": 300,
}
_BLOCKS = {"summary": 1_000, "description": 20_000}
_SESSION_LINES = {"title": 200, "room": 120, "coach": 200, "slot": 40}
_SESSION_BLOCKS = {"description": 5_000}
_MOMENTS = ("starts_at", "ends_at", "registration_opens_at", "registration_closes_at", "doors_open_at")

TAKEN = N_("This address is already taken by another event.")
CODE_TAKEN = N_("Another session of this event has this code.")
_REQUIRED = N_("This field is needed.")
_LENGTH = N_("Please shorten this to {most} characters.")
_LETTERS = N_("Please write it in letters, so that it can be read aloud.")
_CHOICE = N_("Please choose one of the values offered.")
_RANGE = N_("Please enter a whole number from {low} to {high}.")
WRONG_YEAR = N_("Please choose a date from 2000 to 2200.")
_END = N_("The end must come after the start.")


class Errors(list[FieldError]):
    """Collects; `/venue/name` is where the API's body holds the column `venue_name`."""

    def add(self, field: str, code: str, message: str, **params: str | int) -> None:
        pointer = field.replace("venue_", "venue/", 1) if field.startswith("venue_") else field
        self.append(FieldError("/" + pointer, code, message, params))

    def about(self, field: str) -> bool:
        return any(error.field == field for error in self)


def cleaned_event(content: EventContent) -> EventContent:
    """Texts without control characters and stray spaces, instants in UTC to the second."""
    changes: dict[str, object] = {name: clean_line(getattr(content, name)) for name in _LINES}
    changes |= {name: clean_block(getattr(content, name)) for name in _BLOCKS}
    changes |= {name: _cleaned_instant(getattr(content, name)) for name in _MOMENTS}
    changes["format"] = content.format.strip()
    changes["reminders"] = sorted(set(content.reminders), reverse=True)
    changes["questions"] = cleaned_questions(content.questions)
    changes["consents"] = cleaned_consents(content.consents)
    changes["translations"] = _cleaned_translations(content)
    return msgspec.structs.replace(content, **changes)


def _cleaned_translations(content: EventContent) -> dict[str, EventTexts]:
    """Without what is empty and without the event's own language, which its own texts speak."""
    found = {
        language: EventTexts(
            title=clean_line(texts.title),
            summary=clean_block(texts.summary),
            description=clean_block(texts.description),
        )
        for language, texts in content.translations.items()
    }
    return {
        language: texts
        for language, texts in found.items()
        if language != content.language and texts != EventTexts()
    }


def cleaned_session(content: SessionContent) -> SessionContent:
    changes: dict[str, object] = {name: clean_line(getattr(content, name)) for name in _SESSION_LINES}
    changes |= {name: clean_block(getattr(content, name)) for name in _SESSION_BLOCKS}
    changes |= {name: _cleaned_instant(getattr(content, name)) for name in ("starts_at", "ends_at")}
    changes["choice"] = "" if content.choice == chosen_by(content.kind, "") else content.choice
    return msgspec.structs.replace(content, **changes)


def _cleaned_instant(value: datetime | None) -> datetime | None:
    # Years that cannot be converted stay as they are and are refused by `_check_moments`.
    if value is None or value.year not in YEARS:
        return value
    return value.astimezone(UTC).replace(microsecond=0)


def event_errors(content: EventContent, sessions: Iterable[SessionRecord] = ()) -> Errors:
    """Of cleaned content. `sessions`: those that stay where they are and must still fit."""
    errors = Errors()
    if content.slug in RESERVED:
        errors.add("slug", "taken", TAKEN)
    elif not is_slug(content.slug):
        errors.add("slug", "invalid", N_("Small letters without accents, digits and hyphens only."))
    _check_texts(errors, content, _LINES | _BLOCKS)
    if content.online_url and not _WEB_ADDRESS.fullmatch(content.online_url):
        errors.add("online_url", "invalid", N_("Please enter a web address that begins with https://"))
    _check_translations(errors, content)
    _check_choices(errors, content)
    _check_place(errors, content)
    _check_numbers(errors, content)
    _check_moments(errors, content)
    errors.extend(form_errors(content.questions, content.consents))
    if not errors:
        _check_sessions_inside(errors, content, sessions)
    return errors


def session_errors(content: SessionContent, event: EventRecord) -> Errors:
    errors = Errors()
    if content.code in RESERVED_CODES:
        errors.add("code", "taken", CODE_TAKEN)
    elif not _CODE.fullmatch(content.code):
        errors.add("code", "invalid", N_("Letters, digits and hyphens only, 40 at most."))
    _check_texts(errors, content, _SESSION_LINES | _SESSION_BLOCKS)
    if content.kind not in list(SessionKind):
        errors.add("kind", "unknown", _CHOICE)
    if content.choice == "wishes":
        errors.add("choice", "no-workshop", N_("Wishes are ranked for workshops only."))
    elif content.choice not in ("", "open", "places"):
        errors.add("choice", "unknown", _CHOICE)
    _check_range(errors, "capacity_min", content.capacity_min, 0, MOST_PEOPLE)
    _check_range(errors, "capacity_max", content.capacity_max, 1, MOST_PEOPLE)
    _check_range(errors, "position", content.position, 0, 10_000)
    low, high = content.capacity_min, content.capacity_max
    if (
        low is not None
        and high is not None
        and low > high
        and not {"capacity_min", "capacity_max"} & {error.field for error in errors}
    ):
        errors.add("capacity_min", "above-maximum", N_("The minimum cannot be above the maximum."))
    if _check_order(errors, content.starts_at, content.ends_at):
        if content.starts_at < event.starts_at:
            errors.add("starts_at", "outside-event", N_("The session starts before its event."))
        if content.ends_at > event.ends_at:
            errors.add("ends_at", "outside-event", N_("The session ends after its event."))
    return errors


def _check_texts(errors: Errors, content: EventContent | SessionContent, limits: Mapping[str, int]) -> None:
    for name, most in limits.items():
        text = getattr(content, name)
        if len(text) > most:
            errors.add(name, "length", _LENGTH, most=most)
        elif name == "title" and not text:
            errors.add(name, "required", _REQUIRED)
        elif name == "title" and not has_letters(text):
            errors.add(name, "no-letters", _LETTERS)


def _check_translations(errors: Errors, content: EventContent) -> None:
    for language, texts in content.translations.items():
        if language not in EVENT_LANGUAGES:
            errors.add("translations", "unknown", _CHOICE)
            continue
        for name in TEXTS:
            text, field = getattr(texts, name), f"translations/{language}/{name}"
            if len(text) > (most := (_LINES | _BLOCKS)[name]):
                errors.add(field, "length", _LENGTH, most=most)
            elif name == "title" and text and not has_letters(text):
                errors.add(field, "no-letters", _LETTERS)


def _check_choices(errors: Errors, content: EventContent) -> None:
    # A label: programs may have formats of their own; ours are templates that the pages offer.
    if not _CODE.fullmatch(content.format):
        errors.add("format", "invalid", N_("Letters, digits and hyphens only, 40 at most."))
    if content.language not in EVENT_LANGUAGES:
        errors.add("language", "unknown", _CHOICE)
    if content.visibility not in list(Visibility):
        errors.add("visibility", "unknown", _CHOICE)
    try:
        zone(content.timezone)
    except UnknownZone:
        errors.add("timezone", "unknown", N_("This time zone is not known. An example: Europe/Paris."))
    for position, profile in enumerate(content.profiles):
        if profile not in PROFILES or profile in content.profiles[:position]:
            errors.add(f"profiles/{position}", "unknown", _CHOICE)


def _check_place(errors: Errors, content: EventContent) -> None:
    latitude, longitude = content.venue_latitude, content.venue_longitude
    for name, value, most in (("venue_latitude", latitude, 90), ("venue_longitude", longitude, 180)):
        if value is not None and not -most <= value <= most:
            errors.add(
                name, "range", N_("Please enter a number of degrees from -{most} to {most}."), most=most
            )
    if (latitude is None) != (longitude is None):
        missing = "venue_latitude" if latitude is None else "venue_longitude"
        errors.add(missing, "required", N_("Latitude and longitude are given together."))


def _check_numbers(errors: Errors, content: EventContent) -> None:
    _check_range(errors, "capacity", content.capacity, 1, MOST_PEOPLE)
    _check_range(errors, "max_companions", content.max_companions, 0, MOST_COMPANIONS)
    _check_range(errors, "preferences_count", content.preferences_count, 0, MOST_WISHES)
    for position, minutes in enumerate(content.reminders):
        if minutes != THANKS_MINUTES:
            _check_range(errors, f"reminders/{position}", minutes, 5, MOST_REMINDER_MINUTES)
    if len(content.reminders) > MOST_REMINDERS:
        errors.add("reminders", "range", _RANGE, low=0, high=MOST_REMINDERS)
    _check_range(errors, "preferences_least", content.preferences_least, 0, MOST_WISHES)


def _check_range(errors: Errors, name: str, value: int | None, low: int, high: int) -> None:
    if value is not None and not low <= value <= high:
        errors.add(name, "range", _RANGE, low=low, high=high)


def _check_order(errors: Errors, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether both can be reckoned with."""
    for name, value in (("starts_at", starts_at), ("ends_at", ends_at)):
        if value.year not in YEARS:
            errors.add(name, "range", WRONG_YEAR)
    if starts_at.year not in YEARS or ends_at.year not in YEARS:
        return False
    if ends_at <= starts_at:
        errors.add("ends_at", "before-start", _END)
        return False
    return True


def _check_moments(errors: Errors, content: EventContent) -> None:
    for name in _MOMENTS[2:]:
        value = getattr(content, name)
        if value is not None and value.year not in YEARS:
            errors.add(name, "range", WRONG_YEAR)
            return
    if not _check_order(errors, content.starts_at, content.ends_at):
        return
    if content.ends_at - content.starts_at > LONGEST_EVENT:
        errors.add("ends_at", "too-long", N_("An event lasts a year at most. Make several of it."))
    opens, closes = content.registration_opens_at, content.registration_closes_at
    if closes is not None and closes > content.ends_at:
        errors.add("registration_closes_at", "after-end", N_("Registration closes when the event ends."))
    if opens is not None and opens >= (closes or content.starts_at):
        errors.add("registration_opens_at", "after-close", N_("Registration must open before it closes."))
    if content.doors_open_at is not None and content.doors_open_at >= content.ends_at:
        errors.add("doors_open_at", "after-end", N_("The doors must open before the event ends."))


def _check_sessions_inside(errors: Errors, content: EventContent, sessions: Iterable[SessionRecord]) -> None:
    for session in sessions:
        if session.starts_at < content.starts_at:
            errors.add(
                "starts_at",
                "session-outside",
                N_("The session “{title}” starts earlier."),
                title=session.title,
            )
            return
        if session.ends_at > content.ends_at:
            errors.add(
                "ends_at", "session-outside", N_("The session “{title}” ends later."), title=session.title
            )
            return


def shifted(instant: datetime, old_start: datetime, new_start: datetime, zone_name: str) -> datetime:
    """The instant as far from the new start, on the clocks of the place, as it was from the old one.

    What was at 14:30 of the first day is at 14:30 of the new first day, also when the clocks change between.
    A wall time that the clocks skip that night becomes the one an hour later.
    """
    by = to_wall(new_start, zone_name) - to_wall(old_start, zone_name)
    wall = to_wall(instant, zone_name) + by
    try:
        return to_instant(wall, zone_name)
    except NonexistentTime:
        return to_instant(wall + timedelta(hours=1), zone_name)


def moved_as_a_whole(old: EventContent, new: EventContent) -> bool:
    """Whether the event lasts as long by the clock from another start: its programme goes along."""
    if old.starts_at == new.starts_at or old.timezone != new.timezone:
        return False
    return shifted(old.ends_at, old.starts_at, new.starts_at, old.timezone) == new.ends_at
