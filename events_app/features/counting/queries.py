"""Reads: the sites of an event, and its board."""

from collections import defaultdict
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from events_app.features.counting.model import Board, Direction, HourFigures, Site, SiteFigures
from events_app.features.counting.rules import Step, peak_of
from events_app.infra.database import row, rows
from events_app.kernel.text import fold


async def setup_of(event_id: UUID) -> tuple[list[Site], int]:
    """Sites and revision; none and 0 before anything was set up."""
    found = await row("SELECT sites, revision FROM counting_setup WHERE event = {}", event_id)
    if found is None:
        return [], 0
    return msgspec.json.decode(found["sites"], type=list[Site]), int(found["revision"])


async def board_of(event_id: UUID) -> Board:
    """Every minute with a count is one row: the cost grows with the hours, not with the people."""
    sites, _ = await setup_of(event_id)
    found = await rows(  # index tally_once: by event
        "SELECT site, gate, direction, at, sum(people) AS people FROM tally WHERE event = {}"
        " GROUP BY site, gate, direction, at",
        event_id,
    )
    named = {fold(site.name): site for site in sites}
    steps: dict[str, list[Step]] = defaultdict(list)
    sums: dict[tuple[str, str], int] = defaultdict(int)
    gates: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    hours: dict[tuple[str, datetime], list[int]] = defaultdict(lambda: [0, 0])
    for each in found:
        known = named.get(fold(each["site"]))
        site, entering = known.name if known else each["site"], each["direction"] == Direction.IN
        people, moment = int(each["people"]), each["at"].astimezone(UTC)
        steps[site].append((moment, people if entering else -people))
        sums[site, each["direction"]] += people
        gates[site][each["gate"]] += people if entering else 0
        hour = moment.replace(minute=0, second=0, microsecond=0)
        hours[site, hour][0 if entering else 1] += people
    names = [site.name for site in sites]
    names += sorted(set(steps) - set(names))
    figures = []
    for name in names:
        inside, peak, peak_at = peak_of(steps[name])
        limit = named[fold(name)].most if fold(name) in named else None
        entered, left = sums[name, "in"], sums[name, "out"]
        by_gate = {gate: count for gate, count in sorted(gates[name].items()) if count}
        figures.append(SiteFigures(name, entered, left, inside, peak, peak_at, limit, by_gate))
    by_hour = [HourFigures(site, hour, *both) for (site, hour), both in sorted(hours.items())]
    return Board(figures, by_hour)
