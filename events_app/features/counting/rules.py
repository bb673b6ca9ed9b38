"""What is counted and how: additions in any order give the same figures. Pure."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from events_app.features.counting.model import Site, Tally
from events_app.kernel.errors import N_, FieldError
from events_app.kernel.text import clean_line, fold

MOST_AT_ONCE = 1_000
MOST_SITES = 100
MOST_GATES = 30
MOST_PEOPLE = 1_000_000
LONGEST_NAME = 80

Step = tuple[datetime, int]
"""When, and how many more are inside (fewer: negative)."""


def peak_of(steps: Iterable[Step]) -> tuple[int, int, datetime | None]:
    """Inside at the end, the most at one time and since when. Steps of one moment count together, and nobody
    is ever fewer than none: whoever leaves an empty place came in uncounted."""
    inside = most = 0
    since: datetime | None = None
    together: dict[datetime, int] = {}
    for moment, change in steps:
        together[moment] = together.get(moment, 0) + change
    for moment in sorted(together):
        inside = max(0, inside + together[moment])
        if inside > most:
            most, since = inside, moment
    return inside, most, since


def faults_of(tally: Tally) -> FieldError | None:
    """The first thing that keeps a tally from being counted."""
    if not 1 <= len(tally.tally_id) <= LONGEST_NAME:
        return FieldError("/tally_id", "length", N_("Please give an id of 1 to 80 characters."))
    if not 1 <= tally.count <= MOST_AT_ONCE:
        return FieldError("/count", "range", N_("Please enter a whole number from 1 to 1,000."))
    if not 1 <= len(clean_line(tally.site)) <= LONGEST_NAME:
        return FieldError("/site", "length", N_("Please name the site in 1 to 80 characters."))
    if len(clean_line(tally.gate)) > LONGEST_NAME:
        return FieldError("/gate", "length", N_("Please shorten this to 80 characters."))
    if tally.at is not None and tally.at.tzinfo is None:
        return FieldError("/at", "invalid", N_("Please give the time with its zone."))
    return None


def checked_sites(sites: list[Site]) -> tuple[list[Site], list[FieldError]]:
    """Cleaned, with every error found."""
    errors: list[FieldError] = []
    if len(sites) > MOST_SITES:
        return [], [FieldError("/sites", "range", N_("At most 100 sites can be counted."))]
    cleaned: list[Site] = []
    seen: set[str] = set()
    for at, site in enumerate(sites):
        name = clean_line(site.name)
        gates = list(dict.fromkeys(gate for each in site.gates if (gate := clean_line(each))))
        if not 1 <= len(name) <= LONGEST_NAME:
            text = N_("Please name the site in 1 to 80 characters.")
            errors.append(FieldError(f"/sites/{at}/name", "length", text))
        elif fold(name) in seen:
            errors.append(FieldError(f"/sites/{at}/name", "taken", N_("This site is there already.")))
        if len(gates) > MOST_GATES or any(len(gate) > LONGEST_NAME for gate in gates):
            text = N_("At most 30 gates of 80 characters each.")
            errors.append(FieldError(f"/sites/{at}/gates", "length", text))
        if site.most is not None and not 1 <= site.most <= MOST_PEOPLE:
            text = N_("Please enter a whole number from 1 to 1,000,000, or nothing.")
            errors.append(FieldError(f"/sites/{at}/most", "range", text))
        seen.add(fold(name))
        cleaned.append(msgspec.structs.replace(site, name=name, gates=gates))
    return cleaned, errors
