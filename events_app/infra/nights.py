"""Which nights are believed: what is deleted by time waits when the clock jumps.

A machine whose clock stands years ahead for a minute must not erase the people of an event to come. A night
that follows the last believed one within `PLAUSIBLE_DAYS` is believed. After a longer gap (a jump, a server
that was off for weeks) the work waits for one more night: a clock that was wrong is put right by then, and a
right one goes on by a day. Days are the territory's (docs/decisions/0078-nights-that-jump.md).
"""

import logging
from datetime import date

import msgspec

from events_app.infra.database import execute, row, rows

PLAUSIBLE_DAYS = 7
log = logging.getLogger("convive.jobs")

_BELIEVED, _DOUBTED = "night.believed", "night.doubted"


class Nights(msgspec.Struct, frozen=True):
    """Days as ordinals. `believed`: the last night that was; `doubted`: the one that waits for another."""

    believed: int | None = None
    doubted: int | None = None


def judged(nights: Nights, today: int) -> Nights:
    """What is known after looking at today: it is believed when `believed` is today. Pure."""
    if nights.believed is None or -1 <= today - nights.believed <= PLAUSIBLE_DAYS:
        return Nights(believed=max(today, nights.believed or today))
    if nights.doubted is not None and 1 <= today - nights.doubted <= PLAUSIBLE_DAYS:
        return Nights(believed=today)
    if nights.doubted == today:
        return nights
    return Nights(believed=nights.believed, doubted=today)


async def kept_nights() -> Nights:
    found = await rows("SELECT name, value FROM counter WHERE name IN ({}, {})", _BELIEVED, _DOUBTED)
    kept = {each["name"]: int(each["value"]) for each in found}
    return Nights(kept.get(_BELIEVED), kept.get(_DOUBTED))


async def believe(today: int) -> bool:
    """Whether what is deleted by time may go now; noted, and said in the log, when it is news."""
    kept = await kept_nights()
    last = kept.believed if kept.believed is not None else await _newest_trace()
    after = judged(Nights(last, kept.doubted), today)
    if after != kept:
        await _keep(_BELIEVED, after.believed)
        await _keep(_DOUBTED, after.doubted)
        if after.doubted is not None:
            log.warning(
                "the clock went from %s to %s: what is deleted by time waits for one more night",
                date.fromordinal(after.believed or today),
                date.fromordinal(after.doubted),
            )
    return after.believed == today


async def still_believed(today: int) -> bool:
    """As the last look at the clock left it: a job of the night may come to its turn after a jump."""
    kept = await kept_nights()
    return kept.believed is None or judged(kept, today).believed == today


async def doubted_night() -> tuple[date, date] | None:
    """The last believed night and the one that is doubted; None when all is well."""
    nights = await kept_nights()
    if nights.doubted is None or nights.believed is None:
        return None
    return date.fromordinal(nights.believed), date.fromordinal(nights.doubted)


async def _newest_trace() -> int | None:
    """Of an installation from before nights were remembered; None: nothing was ever done here."""
    found = await row('SELECT max(at) AS "newest [timestamptz]" FROM audit_entry')
    newest = next(iter(found.values())) if found else None
    return newest.date().toordinal() if newest is not None else None


async def _keep(name: str, value: int | None) -> None:
    if value is None:
        await execute("DELETE FROM counter WHERE name = {}", name)
    else:
        await execute(
            "INSERT INTO counter (name, value) VALUES ({}, {})"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE counter.value <> excluded.value",
            name,
            value,
        )
