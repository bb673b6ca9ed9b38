"""Badges as tagged PDF, set by typst from `badges.typ`: see `papers.py`."""

import math
from typing import Final, Literal

import msgspec
from msgspec import Struct

from events_app.kernel.text import clean_line
from events_app.outputs.papers import compiled
from events_app.outputs.qrcodes import qr_svg

BadgeSize = Literal["a6", "card", "label"]
SIZES: Final[tuple[BadgeSize, ...]] = ("a6", "card", "label")
# A name has so many points for the letters of its longest word, between the smallest and the largest.
_ROOM: Final = 340
_LARGEST: Final = 34
_SMALLEST: Final = 11


class Badge(Struct, frozen=True):
    """`lines`: where this person is expected. `colour`: of the profile, #rrggbb."""

    given: str
    family: str
    organisation: str
    profile: str
    colour: str
    lines: tuple[str, ...]
    code: str
    short_code: str


class BadgePaper(Struct, frozen=True, kw_only=True):
    language: str
    size: BadgeSize
    event: str
    title: str
    qr_description: str
    badges: tuple[Badge, ...]
    undrawn_note: str = ""


def badges_pdf(paper: BadgePaper) -> bytes:
    """All of them as one PDF; fonts as of `ticket_pdf`. Some milliseconds a badge."""
    document = {
        "language": clean_line(paper.language),
        "size": paper.size,
        "event": clean_line(paper.event),
        "title": clean_line(paper.title),
        "badges": [_drawn(badge, paper.qr_description) for badge in paper.badges],
    }
    return compiled("badges.typ", {"paper": msgspec.json.encode(document).decode()}, paper.undrawn_note)


def _drawn(badge: Badge, qr_description: str) -> dict[str, object]:
    given, family = clean_line(badge.given), clean_line(badge.family)
    if not given:
        given, family = family, ""
    return {
        "given": given,
        "given_size": _size(given),
        "family": family,
        "family_size": min(_size(family), _size(given)),
        "organisation": clean_line(badge.organisation),
        "profile": clean_line(badge.profile),
        "colour": badge.colour,
        "lines": [clean_line(line) for line in badge.lines],
        "qr": qr_svg(badge.code, qr_description),
        "qr_description": clean_line(qr_description),
        "short_code": clean_line(badge.short_code),
    }


def _size(name: str) -> float:
    """Points: as large as the longest word leaves room for; a name of several lines is a little smaller."""
    longest = max(map(len, name.split()), default=1)
    lines = 1 + len(name) // 18
    largest = min(_LARGEST, _ROOM / max(longest, 1))
    return max(_SMALLEST, largest / math.sqrt(lines))
