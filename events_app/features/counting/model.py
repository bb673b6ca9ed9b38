"""Sites, tallies and what follows from them."""

from datetime import datetime
from enum import StrEnum

import msgspec


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class Site(msgspec.Struct, frozen=True):
    """`most`: how many people it may hold; None: nobody is warned."""

    name: str
    gates: list[str] = []
    most: int | None = None


class Tally(msgspec.Struct, frozen=True):
    """So many people through one gate. `at` None: now."""

    tally_id: str
    site: str
    direction: Direction
    count: int
    gate: str = ""
    at: datetime | None = None


class Fate(StrEnum):
    KEPT = "kept"
    KNOWN = "known"  # sent before: counted once
    REFUSED = "refused"


class Answer(msgspec.Struct, frozen=True):
    """What became of one tally; `detail` says why it was refused."""

    tally_id: str
    status: Fate
    detail: str = ""


class SiteFigures(msgspec.Struct, frozen=True):
    """`inside` never falls below zero: who left uncounted came uncounted too. `peak`: the most at once."""

    site: str
    entered: int
    left: int
    inside: int
    peak: int
    peak_at: datetime | None
    most: int | None
    gates: dict[str, int]

    @property
    def share(self) -> float:
        return self.inside / self.most if self.most else 0.0


class HourFigures(msgspec.Struct, frozen=True):
    """`starts_at`: an hour of Greenwich. `site` empty: all of them together."""

    site: str
    starts_at: datetime
    entered: int
    left: int


class Board(msgspec.Struct, frozen=True):
    sites: list[SiteFigures]
    hours: list[HourFigures]

    @property
    def entered(self) -> int:
        return sum(site.entered for site in self.sites)

    @property
    def inside(self) -> int:
        return sum(site.inside for site in self.sites)
