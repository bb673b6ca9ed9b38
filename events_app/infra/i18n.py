"""Words in two languages: catalogues, dates, hours, numbers.

Message ids are English; `locale/fr/*.po` holds the French, one file per part of the program.
"""

import datetime as dt
import gettext
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path

from events_app.kernel.civil_time import DEFAULT_ZONE, to_wall, zone
from events_app.kernel.errors import N_

LANGUAGES = ("fr", "en")
DEFAULT_LANGUAGE = "fr"
LOCALE_DIR = Path(__file__).parent.parent / "locale"
NARROW_SPACE = "\u202f"

# The language of the request (or of the mail) being answered; templates read it.
current_language: ContextVar[str] = ContextVar("current_language", default=DEFAULT_LANGUAGE)


def best_language(accept_language: str) -> str | None:
    """The first of our languages in an Accept-Language header; None when none is wanted."""
    wanted: list[tuple[float, str]] = []
    for part in accept_language[:200].split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            wanted.append((-float(quality or 1), name[:2].lower()))
        except ValueError:
            continue
    return next((name for _, name in sorted(wanted, key=lambda pair: pair[0]) if name in LANGUAGES), None)


class Translator:
    """All that depends on the reader's language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = _catalogue(language)

    def gettext(self, message: str) -> str:
        return self._catalogue.gettext(message) if message else ""

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return self._catalogue.ngettext(singular, plural, count)

    def number(self, value: float) -> str:
        from babel.numbers import format_decimal

        return format_decimal(value, locale=self.language)

    def date(self, day: dt.date, *, year: bool = True) -> str:
        """« mardi 10 avril 2018 », "Tuesday 10 April 2018"."""
        from babel.dates import format_date

        pattern = "EEEE d MMMM y" if year else "EEEE d MMMM"
        words = format_date(day, pattern, locale=self.language)
        return words.replace(" 1 ", " 1er ", 1) if self.language == "fr" and day.day == 1 else words

    def short_date(self, day: dt.date) -> str:
        """« 10 avr. 2018 », "10 Apr 2018"."""
        from babel.dates import format_date

        return format_date(day, "d MMM y", locale=self.language)

    def time(self, wall: dt.datetime) -> str:
        """« 14 h 30 », "2.30 pm" as a wall clock shows it: French in 24 hours, English in 12."""
        if self.language == "fr":
            minutes = f"{NARROW_SPACE}{wall.minute:02}" if wall.minute else ""
            return f"{wall.hour}{NARROW_SPACE}h{minutes}"
        minutes = f":{wall.minute:02}" if wall.minute else ""
        return f"{wall.hour % 12 or 12}{minutes}\u00a0{'am' if wall.hour < 12 else 'pm'}"

    def times(self, starts_at: dt.datetime, ends_at: dt.datetime, zone_name: str) -> str:
        """« 14 h – 16 h » in the event's own zone, a line never begins with the dash."""
        start, end = to_wall(starts_at, zone_name), to_wall(ends_at, zone_name)
        return f"{self.time(start)}\u00a0– {self.time(end)}"

    def when(self, starts_at: dt.datetime, ends_at: dt.datetime, zone_name: str) -> str:
        """« mardi 10 avril 2018, 14 h – 16 h »; over several days, both days."""
        start, end = to_wall(starts_at, zone_name), to_wall(ends_at, zone_name)
        if start.date() == end.date():
            return f"{self.date(start)}, {self.times(starts_at, ends_at, zone_name)}{self.zone(zone_name)}"
        first = self.date(start, year=start.year != end.year)
        return f"{first}, {self.time(start)} – {self.date(end)}, {self.time(end)}{self.zone(zone_name)}"

    def moment(self, instant: dt.datetime, zone_name: str) -> str:
        """« 10 avr. 2018, 14 h 30 »."""
        wall = to_wall(instant, zone_name)
        return f"{self.short_date(wall)}, {self.time(wall)}{self.zone(zone_name)}"

    def zone(self, zone_name: str) -> str:
        """« (heure de Martinique) » where the clocks are not those of the territory, else nothing."""
        if zone_name == DEFAULT_ZONE:
            return ""
        from babel.dates import get_timezone_location

        place = "UTC"
        if zone_name != "UTC":
            place = get_timezone_location(zone(zone_name), locale=self.language, return_city=True)
        return "\u00a0" + self.gettext(N_("({place} time)")).replace("{place}", place)

    def ordinal(self, value: int) -> str:
        """« 1ᵉʳ », « 2ᵉ », "1st", "2nd"."""
        if self.language == "fr":
            return "1ᵉʳ" if value == 1 else f"{value}ᵉ"
        suffix = (
            {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th") if value % 100 not in (11, 12, 13) else "th"
        )
        return f"{value}{suffix}"


@cache
def translator(language: str) -> Translator:
    return Translator(language if language in LANGUAGES else DEFAULT_LANGUAGE)


def current_translator() -> Translator:
    return translator(current_language.get())


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    merged: gettext.GNUTranslations | None = None
    for po in sorted((LOCALE_DIR / language).glob("*.po")):
        with BytesIO(_compiled(po)) as file:
            catalogue = gettext.GNUTranslations(file)
        if merged is None:
            merged = catalogue
        else:
            # One look-up instead of a chain of fallbacks; the plural rule is the same in all files.
            merged._catalog.update(catalogue._catalog)  # type: ignore[attr-defined]
    return merged or gettext.NullTranslations()


def _compiled(po: Path) -> bytes:
    """The compiled catalogue; made on the spot where `make setup` has not run since the last change."""
    mo = po.with_suffix(".mo")
    if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
        return mo.read_bytes()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    out = BytesIO()
    with po.open("rb") as file:
        write_mo(out, read_po(file, locale=po.parent.name))
    return out.getvalue()
