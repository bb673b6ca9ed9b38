"""Numbers and dates as people write them, and as our own pages print them, in French and English. Pure.

All raise `ValueError` for what cannot be read without guessing.
"""

import re
import unicodedata
from datetime import date, datetime, time
from typing import Final

_MONTHS: Final = (
    ("janvier", "january"),
    ("fevrier", "february"),
    ("mars", "march"),
    ("avril", "april"),
    ("mai", "may"),
    ("juin", "june"),
    ("juillet", "july"),
    ("aout", "august"),
    ("septembre", "september"),
    ("octobre", "october"),
    ("novembre", "november"),
    ("decembre", "december"),
)
_WEEKDAYS: Final = (
    ("lundi", "monday"),
    ("mardi", "tuesday"),
    ("mercredi", "wednesday"),
    ("jeudi", "thursday"),
    ("vendredi", "friday"),
    ("samedi", "saturday"),
    ("dimanche", "sunday"),
)
_SHORTEST: Final = 3  # letters of "avr." and "Tue"

_SPACES: Final = re.compile(r"\s")  # also the no-break ones that French sets between thousands
# One kind of mark between groups of three: 1'000 (Swiss), 1,000 (English), 1.000 (German).
_GROUPED: Final = re.compile(r"\d{1,3}(?:(['’,.])\d{3})(?:\1\d{3})*")
_FRACTION: Final = re.compile(r"(\d+)(?:[.,](\d{1,9}))?")

# What our pages set behind a number: « 10 min », « 60 % », « 40 places », « 3ᵉ », "3rd".
_UNIT: Final = re.compile(
    r"(?<=\d)(?:\s*(?:%|min|minutes?|places?|personnes?|people|person)|ᵉʳ|ᵉ|er|e|st|nd|rd|th)$"
)

_ISO_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_IN_WORDS: Final = re.compile(r"(?:([a-z]+) )?(\d{1,2})(?:er|st|nd|rd|th)? ([a-z]+) (\d{4})")
_MONTH_FIRST: Final = re.compile(r"(?:([a-z]+) )?([a-z]+) (\d{1,2})(?:er|st|nd|rd|th)? (\d{4})")
_HOUR: Final = re.compile(
    r"(\d{1,2}) ?(?:h|:|\.)? ?(\d{2})?(?::(\d{2})(?:\.0+)?)? ?(?:min|heures?)? ?(am|pm|noon|midnight)?"
)


def whole_number(text: str) -> int:
    """A thousand is "1000", "1 000" with any kind of space, "1'000", "1,000" and "1.000"; a unit or the
    ending of a rank may follow."""
    sign, digits = _unsigned(_UNIT.sub("", text.strip()))
    if _GROUPED.fullmatch(digits):
        digits = re.sub(r"\D", "", digits)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        raise ValueError(text)
    return sign * int(digits)


def decimal_number(text: str, language: str = "fr") -> int | float:
    """A comma or a point before the fraction. In English a comma before three digits stands between
    thousands, as our English pages print them; in French it is the decimal comma."""
    sign, digits = _unsigned(text)
    grouped = re.fullmatch(r"(\d{1,3}(?:[,'’]\d{3})+)(\.\d{1,9})?", digits)
    if grouped and (language == "en" or "," not in digits or digits.count(",") > 1 or grouped[2]):
        digits = re.sub(r"[,'’]", "", digits)
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d{1,9}", digits):  # 1.000,5
        digits = digits.replace(".", "")
    found = _FRACTION.fullmatch(digits)
    if found is None or not digits.isascii() or len(found[1]) > 15:
        raise ValueError(text)
    whole, fraction = found.groups()
    return sign * (int(whole) if fraction is None else float(f"{whole}.{fraction}"))


def day(text: str) -> date:
    """2018-04-10, 10/04/2018, "mardi 10 avril 2018", "10 Apr 2018". A weekday must be that of the date."""
    words = _words(text)
    for pattern in (_ISO_DAY, _DAY_FIRST):
        if found := pattern.fullmatch(words):
            numbers = [int(number) for number in found.groups()]
            year, month, number = numbers if pattern is _ISO_DAY else reversed(numbers)
            return date(year, month, number)
    if found := _IN_WORDS.fullmatch(words):
        return _dated(found[1], int(found[2]), found[3], int(found[4]), text)
    if found := _MONTH_FIRST.fullmatch(words):
        return _dated(found[1], int(found[3]), found[2], int(found[4]), text)
    raise ValueError(text)


def moment(text: str) -> datetime:
    """A day and a time of day, without a zone: 2018-04-10T14:00, "10/04/2018 14 h", "mardi 10 avril 2018,
    14 h 30", "10 April 2018, 2:30 pm"."""
    words = _words(text)
    if found := re.fullmatch(r"(\d{4}-\d{2}-\d{2})t(.+)", words):
        return datetime.combine(day(found[1]), _time(found[2]))
    # The day ends with its year (or the ISO day): what follows is the time.
    found = re.fullmatch(r"(\d{4}-\d{2}-\d{2}|.*?\d{4})(?: (?:a|at))? (.+)", words)
    if found is None:
        raise ValueError(text)
    return datetime.combine(day(found[1]), _time(found[2]))


def time_of_day(text: str) -> time:
    """14:00, "14 h", "9h30", "2:30 pm"; a bare number is none."""
    return _time(_words(text))


def _time(words: str) -> time:
    if words in ("noon", "midi"):
        return time(12)
    found = _HOUR.fullmatch(words)
    if found is None or (found[2] is None and found[4] is None and not re.search(r"h", words)):
        raise ValueError(words)  # a bare number is no time
    hour, half = int(found[1]), found[4]
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            raise ValueError(words)
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, int(found[2] or 0), int(found[3] or 0))


def _dated(weekday: str | None, number: int, month: str, year: int, text: str) -> date:
    found = date(year, 1 + _index(month, _MONTHS), number)
    if weekday and _index(weekday, _WEEKDAYS) != found.weekday():
        raise ValueError(text)
    return found


def _index(word: str, names: tuple[tuple[str, str], ...]) -> int:
    """By a beginning that only one has: "jui" is June or July."""
    fitting = [
        place
        for place, both in enumerate(names)
        if len(word) >= _SHORTEST and any(name.startswith(word) for name in both)
    ]
    exact = [place for place, both in enumerate(names) if word in both]
    if len(exact or fitting) != 1:
        raise ValueError(word)
    return (exact or fitting)[0]


def _words(text: str) -> str:
    """Small letters without accents, commas and points behind words; single spaces."""
    decomposed = unicodedata.normalize("NFKD", text[:100].casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    plain = re.sub(r"(?<=[a-z])\.(?!\d)|,", " ", plain.replace("a.m.", "am").replace("p.m.", "pm"))
    return re.sub(r"\s+", " ", plain).strip()


def _unsigned(text: str) -> tuple[int, str]:
    digits = _SPACES.sub("", text[:60])
    negative = digits.startswith(("-", "\u2212"))
    return (-1 if negative else 1), digits[1:] if negative else digits
