"""What programs send and get."""

import msgspec

from events_app.features.counting.model import Answer, Direction, HourFigures, Site, SiteFigures, Tally
from events_app.features.events.content import Instant


class TallyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    tally_id: str
    site: str
    direction: Direction
    count: int = 1
    gate: str = ""
    at: Instant | None = None

    def tally(self) -> Tally:
        return Tally(self.tally_id, self.site, self.direction, self.count, self.gate, self.at)


class TallyBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`device` names a program; a borrowed phone is known."""

    tallies: list[TallyIn]
    device: str = ""


class TallyAnswers(msgspec.Struct, frozen=True):
    tallies: list[Answer]
    inside: int
    """In all sites, after these."""


class TallyFigures(msgspec.Struct, frozen=True):
    entered: int
    inside: int
    sites: list[SiteFigures]
    hours: list[HourFigures]


class CountingSites(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sites: list[Site]
