"""The figures of one event, for its organisers: from what is kept, and a few rows looked up by number."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from events_app.features.admission.counters import GroupCount, Statistics, statistics
from events_app.features.events.queries import counts_of_one
from events_app.features.territory.communes import commune_by_name, communes
from events_app.features.territory.outlines import outlines
from events_app.infra.database import rows

POINTS = 40  # of the curve of registrations
SHADES = 5


class Area(msgspec.Struct, frozen=True):
    """One commune of the map; `shade` from 0 (nobody) to `SHADES`."""

    name: str
    outline: str
    people: int
    shade: int


class Figures(msgspec.Struct, frozen=True):
    """`asked`: everybody who ever registered. `grown`: how many had, from the first moment to the last."""

    asked: int
    counted: Statistics
    grown: list[tuple[datetime, int]]

    @property
    def absent(self) -> int:
        return self.counted.registered - self.counted.present


async def figures(event_id: UUID) -> Figures:
    counts = await counts_of_one(event_id)
    return Figures(counts.all, await statistics(event_id), await _grown(event_id, counts.last_arrival))


async def _grown(event_id: UUID, last: int) -> list[tuple[datetime, int]]:
    """Read at some numbers of arrival (index registration_arrival): as fast for 100,000 people as for 50.
    Whoever registered again has a new number and the first date, so the curve never goes back."""
    wanted = steps(last)
    if not wanted:
        return []
    marks = ", ".join("{}" for _ in wanted)
    found = await rows(
        "SELECT arrival, created_at FROM registration"
        f" WHERE event = {{}} AND arrival IN ({marks}) ORDER BY arrival",
        event_id,
        *wanted,
    )
    return rising([(each["created_at"], each["arrival"]) for each in found])


def steps(last: int) -> list[int]:
    """Up to `POINTS` numbers from 1 to the last, evenly."""
    if last <= POINTS:
        return list(range(1, last + 1))
    return sorted({1 + (last - 1) * step // (POINTS - 1) for step in range(POINTS)})


def rising(points: Sequence[tuple[datetime, int]]) -> list[tuple[datetime, int]]:
    """One point a moment, the highest, in order of time."""
    found: list[tuple[datetime, int]] = []
    for moment, number in points:
        at = max(moment, found[-1][0]) if found else moment
        if found and found[-1][0] == at:
            found.pop()
        found.append((at, number))
    return found


def areas(by_commune: Sequence[GroupCount]) -> list[Area]:
    """Every commune of the territory, in the order of the alphabet; people from elsewhere are not drawn."""
    people: dict[str, int] = {}
    for group in by_commune:
        commune = commune_by_name(group.name)
        if commune is not None:
            people[commune.insee] = people.get(commune.insee, 0) + group.registered
    most = max(people.values(), default=0)
    drawn = outlines().outlines
    return [
        Area(
            commune.name,
            drawn[commune.insee],
            people.get(commune.insee, 0),
            -(-SHADES * people.get(commune.insee, 0) // most) if most else 0,
        )
        for commune in communes()
    ]
