"""When people are told of a change: several within a short while make one mail, and nobody is woken."""

from datetime import datetime, time, timedelta

from events_app.features.events.model import EventRecord
from events_app.infra.world import World
from events_app.kernel.civil_time import to_instant, to_wall

AT_ONCE_BEFORE = timedelta(hours=48)
"""Near the start whatever changes is told at once: calendars that are subscribed to are a day late."""
FIRST_HOUR, LAST_HOUR = 8, 20


def telling_time(now: datetime, event: EventRecord, gather_minutes: int) -> datetime:
    """Pure. 0 minutes: at once, at any hour."""
    if gather_minutes == 0 or event.starts_at - now <= AT_ONCE_BEFORE:
        return now
    at = at_a_civil_hour(now + timedelta(minutes=gather_minutes), event.timezone)
    return min(at, event.starts_at - AT_ONCE_BEFORE)


def told_at(world: World, event: EventRecord) -> datetime:
    return telling_time(world.now(), event, world.settings.mail_gather_minutes)


def at_a_civil_hour(instant: datetime, zone_name: str) -> datetime:
    wall = to_wall(instant, zone_name)
    if FIRST_HOUR <= wall.hour < LAST_HOUR:
        return instant
    day = wall.date() if wall.hour < FIRST_HOUR else wall.date() + timedelta(days=1)
    return to_instant(datetime.combine(day, time(FIRST_HOUR)), zone_name)
