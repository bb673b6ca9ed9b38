"""Papers for the door: badges, the list to tick on a day without phones, sheets to sign."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from events_app.features.admission.letters import UNDRAWN_NOTE
from events_app.features.admission.places import BookedPlace
from events_app.features.admission.tickets import Keyring
from events_app.features.events.model import PROFILES, EventRecord, SessionRecord
from events_app.features.registration.wording import PROFILE_NAMES
from events_app.infra.database import rows
from events_app.infra.i18n import Translator
from events_app.kernel.civil_time import to_instant, to_wall
from events_app.kernel.short_code import display_short_code
from events_app.kernel.text import fold
from events_app.outputs.badges import Badge, BadgePaper, BadgeSize
from events_app.outputs.lists import ListColumn, ListPaper, ListSheet

_COLOURS: Final = ("#1d5d86", "#2c6a3d", "#9d3a25", "#5c5550", "#8f4a00", "#5b3a86")
"""Of profiles, each dark enough for white letters; the word stands beside it."""
_NOON: Final = time(13)


class Listed(Struct, frozen=True):
    """Somebody with a place, as papers need them. `inside` None: never came."""

    id: UUID
    given: str
    family: str
    organisation: str
    profile: str
    ticket_id: int
    generation: int
    short_code: str
    inside: bool | None

    @property
    def name(self) -> str:
        return f"{self.family.upper()} {self.given}".strip()


async def people_listed(event_id: UUID, only: Sequence[UUID] | None = None) -> list[Listed]:
    """Who holds a place, by family name as one looks for it; all of them, or these."""
    marks = ", ".join("{}" for _ in only or ()) or "NULL"
    found = await rows(
        "SELECT r.id, r.given_name, r.family_name, r.organisation, r.profile, r.ticket_id,"
        " r.ticket_generation, r.short_code, p.inside FROM registration r"
        " LEFT JOIN presence p ON p.registration = r.id AND p.point = ''"
        " WHERE r.event = {} AND r.status = 'confirmed' AND r.erased_at IS NULL"
        f"{'' if only is None else f' AND r.id IN ({marks})'}",
        event_id,
        *(only or ()),
    )
    people = [_listed(each) for each in found]
    return sorted(people, key=lambda person: (fold(person.family), fold(person.given), person.short_code))


def _listed(row: dict[str, Any]) -> Listed:
    return Listed(
        id=row["id"],
        given=row["given_name"],
        family=row["family_name"],
        organisation=row["organisation"],
        profile=row["profile"],
        ticket_id=row["ticket_id"],
        generation=row["ticket_generation"],
        short_code=display_short_code(row["short_code"]),
        inside=None if row["inside"] is None else bool(row["inside"]),
    )


def badge_paper(
    event: EventRecord,
    people: Sequence[Listed],
    places: Mapping[UUID, Sequence[BookedPlace]],
    keys: Keyring,
    size: BadgeSize,
    with_profile: bool,
    words: Translator,
) -> BadgePaper:
    """With each person's own ticket: whoever has the badge needs nothing else. What somebody said of
    themselves (looking for work) is read by everybody only where the organiser wants it."""
    _ = words.gettext
    return BadgePaper(
        language=words.language,
        size=size,
        event=event.title,
        title=_("Badges: {event}").replace("{event}", event.title),
        qr_description=_("Ticket for {event}").replace("{event}", event.title),
        badges=tuple(
            Badge(
                given=person.given,
                family=person.family,
                organisation=person.organisation,
                profile=_said_of(person, words) if with_profile else "",
                colour=_colour(person.profile if with_profile else ""),
                lines=tuple(_expected_at(place) for place in places.get(person.id, ())),
                code=keys.code(event.number, person.ticket_id, person.generation),
                short_code=person.short_code,
            )
            for person in people
        ),
        undrawn_note=_(UNDRAWN_NOTE),
    )


def _said_of(person: Listed, words: Translator) -> str:
    name = PROFILE_NAMES.get(person.profile)
    return words.gettext(name) if name else person.profile


def _colour(profile: str) -> str:
    return _COLOURS[PROFILES.index(profile) % len(_COLOURS)] if profile in PROFILES else "#211d1b"


def _expected_at(place: BookedPlace) -> str:
    return " · ".join(part for part in (place.shown.title, place.shown.room) if part)


def door_list_paper(event: EventRecord, people: Sequence[Listed], words: Translator) -> ListPaper:
    """For the day on which the phones fail: ticked by hand, entered afterwards."""
    _ = words.gettext
    columns = (
        ListColumn(_("Came"), "box"),
        ListColumn(_("Name"), "wide"),
        ListColumn(_("Organisation"), "wide"),
        ListColumn(_("Code")),
    )
    lines = tuple(("", each.name, each.organisation, each.short_code) for each in people)
    when = words.when(event.starts_at, event.ends_at, event.timezone)
    sheet = ListSheet(_("Door list"), f"{event.title} · {when}", lines)
    return _paper(event, _("Door list"), columns, (sheet,), words)


def half_day_sheets(event: EventRecord, people: Sequence[Listed], words: Translator) -> ListPaper:
    """A sheet to sign for each half-day of the event."""
    lines = tuple((each.name, each.organisation, "") for each in people)
    sheets = [ListSheet(_half_day(day, part, words), event.title, lines) for day, part in half_days(event)]
    return _paper(event, words.gettext("Sheet to sign"), _signed(words), tuple(sheets), words)


def session_sheets(
    event: EventRecord,
    sessions: Sequence[SessionRecord],
    people: Sequence[Listed],
    places: Mapping[UUID, Sequence[BookedPlace]],
    words: Translator,
) -> ListPaper:
    """A sheet to sign for each session: of those who have a place in it, of everybody where none is given."""
    sheets = []
    for session in sessions:
        booked = [each for each in people if _is_booked(session, places.get(each.id, ()))]
        lines = tuple((each.name, each.organisation, "") for each in booked or people)
        when = words.when(session.starts_at, session.ends_at, event.timezone)
        sheets.append(ListSheet(session.title, " · ".join(filter(None, (when, session.room))), lines))
    return _paper(event, words.gettext("Sheet to sign"), _signed(words), tuple(sheets), words)


def _is_booked(session: SessionRecord, places: Sequence[BookedPlace]) -> bool:
    return any(place.session_id == session.id for place in places)


def half_days(event: EventRecord) -> list[tuple[date, str]]:
    """("am" or "pm") in which the event takes place, by the clock on its wall; noon is one o'clock here."""
    found = []
    day = to_wall(event.starts_at, event.timezone).date()
    while day <= to_wall(event.ends_at, event.timezone).date():
        noon = _instant(day, _NOON, event.timezone)
        begins, ends = (
            _instant(day, time(0), event.timezone),
            _instant(day + timedelta(1), time(0), event.timezone),
        )
        found += [(day, "am")] if event.starts_at < noon and event.ends_at > begins else []
        found += [(day, "pm")] if event.starts_at < ends and event.ends_at > noon else []
        day += timedelta(1)
    return found


def _instant(day: date, at: time, zone: str) -> datetime:
    return to_instant(datetime.combine(day, at), zone)


def _half_day(day: date, part: str, words: Translator) -> str:
    text = words.gettext("{day}, morning") if part == "am" else words.gettext("{day}, afternoon")
    return text.replace("{day}", words.date(day))


def _signed(words: Translator) -> tuple[ListColumn, ...]:
    _ = words.gettext
    return (
        ListColumn(_("Name"), "wide"),
        ListColumn(_("Organisation"), "wide"),
        ListColumn(_("Signature"), "sign"),
    )


def _paper(
    event: EventRecord,
    title: str,
    columns: tuple[ListColumn, ...],
    sheets: tuple[ListSheet, ...],
    words: Translator,
) -> ListPaper:
    return ListPaper(
        language=words.language,
        event=event.title,
        title=f"{title} – {event.title}",
        columns=columns,
        sheets=sheets,
        undrawn_note=words.gettext(UNDRAWN_NOTE),
    )
