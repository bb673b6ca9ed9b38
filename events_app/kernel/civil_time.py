"""Wall time of a place <-> instants, safe on the two nights when clocks change."""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

DEFAULT_ZONE = "Europe/Paris"


class UnknownZone(ValueError):
    pass


class NonexistentTime(ValueError):
    """The clocks jump over this wall time (in March, 02:30 in Paris)."""


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """Raises `UnknownZone`. Only names of the IANA list pass, so a path cannot."""
    if name not in available_timezones():
        raise UnknownZone(name)
    return ZoneInfo(name)


def to_instant(wall: datetime, zone_name: str) -> datetime:
    """The UTC instant of a naive wall time.

    A time that happens twice (in October) is the first of the two; one that never happens raises
    `NonexistentTime`, since guessing would move somebody's appointment by an hour.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall time carries no zone")
    instant = wall.replace(tzinfo=zone(zone_name), fold=0).astimezone(UTC)
    if instant.astimezone(zone(zone_name)).replace(tzinfo=None) != wall:
        raise NonexistentTime(wall.isoformat())
    return instant


def to_wall(instant: datetime, zone_name: str) -> datetime:
    """The naive wall time at which this instant is shown."""
    return instant.astimezone(zone(zone_name)).replace(tzinfo=None)
