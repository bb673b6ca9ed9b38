"""How many came, are inside, by gate and by session: for the door's live counters and the statistics."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from events_app.features.admission.facts import EVENT_DOOR
from events_app.features.events.queries import counts_of_one
from events_app.features.registration.groups import GroupKind, confirmed_by
from events_app.infra.database import read_snapshot, rows

LEAST_STEPS: Final = 6  # of a chart of arrivals: one bar alone over its whole width says nothing


class GateCount(Struct, frozen=True):
    gate: str
    present: int


class SessionCount(Struct, frozen=True):
    session: str
    title: str
    room: str
    present: int
    """Ever came in."""
    inside: int
    capacity: int | None


class DoorCounters(Struct, frozen=True):
    registered: int
    present: int
    """Who hold a place and came in at least once."""
    present_without_place: int
    """Who came in and hold no place: withdrawn since, or let in by a supervisor."""
    inside: int
    """Everybody, with a place or without."""
    refused: int
    conflicts: int
    by_gate: list[GateCount]
    by_session: list[SessionCount]


class GroupCount(Struct, frozen=True):
    name: str
    registered: int
    present: int


class Statistics(Struct, frozen=True):
    """`registered`: confirmed. `present`: who of these came in at least once at the event's own door;
    `present_without_place`: who came in and is not (or no longer) confirmed. `inside`, gates and sessions
    count everybody."""

    registered: int
    waiting: int
    pending: int
    cancelled: int
    present: int
    present_without_place: int
    walk_ins: int
    """Who of all these were entered at a door, without having registered before."""
    inside: int
    by_session: list[SessionCount]
    by_gate: list[GateCount]
    by_organisation: list[GroupCount]
    by_commune: list[GroupCount]


async def door_counters(event_id: UUID) -> DoorCounters:
    """One state of all figures, from what is kept: the same few rows for 50 people and for 100,000."""
    async with read_snapshot():
        registered = await counts_of_one(event_id)
        seen = await _seen(event_id)
        by_session = await _by_session(event_id, seen)
    return DoorCounters(
        registered=registered.confirmed,
        present=seen.number("registered"),
        present_without_place=seen.number("point", EVENT_DOOR) - seen.number("registered"),
        inside=seen.inside(EVENT_DOOR),
        refused=seen.number("refused"),
        conflicts=seen.number("flagged"),
        by_gate=_by_gate(seen),
        by_session=by_session,
    )


async def walk_ins(event_id: UUID) -> int:
    """Who came without having registered (partial index registration_door)."""
    found = await rows(
        "SELECT count(*) AS number FROM registration WHERE event = {} AND source = 'door'", event_id
    )
    return int(found[0]["number"])


async def statistics(event_id: UUID) -> Statistics:
    async with read_snapshot():
        registered = await counts_of_one(event_id)
        seen = await _seen(event_id, *GROUPS)
        by_session = await _by_session(event_id, seen)
        by_organisation = await _by_group(event_id, "organisation", seen)
        by_commune = await _by_group(event_id, "commune", seen)
        came_so = await walk_ins(event_id)
    return Statistics(
        registered=registered.confirmed,
        waiting=registered.waiting,
        pending=registered.pending,
        cancelled=registered.cancelled + registered.refused,
        present=seen.number("registered"),
        present_without_place=seen.number("point", EVENT_DOOR) - seen.number("registered"),
        walk_ins=came_so,
        inside=seen.inside(EVENT_DOOR),
        by_session=by_session,
        by_gate=_by_gate(seen),
        by_organisation=by_organisation,
        by_commune=by_commune,
    )


async def arrivals(event_id: UUID, minutes: int = 10) -> list[tuple[datetime, int]]:
    """First entries in steps of `minutes`, from the first one to the last, empty steps included."""
    found = await rows(  # primary key
        "SELECT name, present FROM presence_count WHERE event = {} AND kind = 'arrival'", event_id
    )
    counted = {datetime.fromisoformat(each["name"]).replace(tzinfo=UTC): each["present"] for each in found}
    return in_steps(counted, minutes)


def in_steps(counted: Mapping[datetime, int], minutes: int) -> list[tuple[datetime, int]]:
    """Step lengths double while there are more than 60 steps: a chart of some days stays readable.

    `counted`: how many came in the ten minutes that begin at each moment.
    """
    if not counted:
        return []
    start, last = min(counted), max(counted)
    while (last - start) / timedelta(minutes=minutes) > 60:
        minutes *= 2
    step = timedelta(minutes=minutes)
    steps: Counter[int] = Counter()
    for moment, people in counted.items():
        steps[(moment - start) // step] += people
    return [(start + index * step, steps[index]) for index in range(max(LEAST_STEPS, max(steps) + 1))]


class _Seen:
    """Rows of `presence_count`, by kind and name."""

    def __init__(self, found: Sequence[dict[str, Any]]) -> None:
        self._rows = {(each["kind"], each["name"]): each for each in found}

    def number(self, kind: str, name: str = "") -> int:
        found = self._rows.get((kind, name))
        return int(found["present"]) if found else 0

    def inside(self, point: str) -> int:
        found = self._rows.get(("point", point))
        return int(found["inside"]) if found else 0

    def of_kind(self, kind: str) -> dict[str, int]:
        return {name: int(each["present"]) for (found, name), each in self._rows.items() if found == kind}


GROUPS: Final = ("organisation", "commune")


async def _seen(event_id: UUID, *also: str) -> _Seen:
    """Without the arrivals, and without the groups unless they are asked for (primary key)."""
    kinds = ("point", "gate", "registered", "refused", "flagged", *also)
    marks = ", ".join("{}" for _ in kinds)
    return _Seen(
        await rows(
            "SELECT kind, name, present, inside FROM presence_count"
            f" WHERE event = {{}} AND kind IN ({marks})",
            event_id,
            *kinds,
        )
    )


def _by_gate(seen: _Seen) -> list[GateCount]:
    return [GateCount(gate, present) for gate, present in sorted(seen.of_kind("gate").items())]


async def _by_session(event_id: UUID, seen: _Seen) -> list[SessionCount]:
    """Every session of the programme, also those that nobody scanned at."""
    sessions = await rows(
        "SELECT id, code, title, room, capacity_max FROM session WHERE event = {}"
        " ORDER BY starts_at, position, code",
        event_id,
    )
    return [
        SessionCount(
            session=session["code"],
            title=session["title"],
            room=session["room"],
            present=seen.number("point", session["id"].hex),
            inside=seen.inside(session["id"].hex),
            capacity=session["capacity_max"],
        )
        for session in sessions
    ]


async def _by_group(event_id: UUID, kind: GroupKind, seen: _Seen) -> list[GroupCount]:
    """Those who hold a place, and who of them came. The largest groups first."""
    return [
        GroupCount(name, people, seen.number(kind, name))
        for name, people in (await confirmed_by(event_id, kind)).items()
    ]
