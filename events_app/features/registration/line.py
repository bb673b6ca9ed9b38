"""The waiting list as it stands: who is in front, who stands where. Index registration_line."""

from collections.abc import Sequence
from uuid import UUID

from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.promotion import WaitingGroup
from events_app.infra.database import row, rows

_LEADS = "event = {} AND status = 'waiting' AND id = group_id"
_FRONT_AT_LEAST = 50


async def front(event_id: UUID, places: int | None = 1) -> list[WaitingGroup]:
    """The groups in front, in order of arrival: more people than `places`, or everybody who waits (None)."""
    limit = "" if places is None else f" LIMIT {max(places + 1, _FRONT_AT_LEAST)}"
    people = await rows(  # index registration_queue
        "SELECT group_id, arrival FROM registration WHERE event = {} AND status = 'waiting'"
        f" ORDER BY arrival{limit}",
        event_id,
    )
    arrivals: dict[UUID, int] = {}
    for each in people:
        arrivals.setdefault(each["group_id"], each["arrival"])
    groups = list(arrivals)
    sizes: dict[UUID, int] = {}
    for start in range(0, len(groups), 500):
        part = groups[start : start + 500]
        marks = ", ".join("{}" for _ in part)
        counted = await rows(  # index registration_group
            "SELECT group_id, count(*) AS n FROM registration"
            f" WHERE group_id IN ({marks}) AND status = 'waiting' GROUP BY group_id",
            *part,
        )
        sizes |= {each["group_id"]: int(each["n"]) for each in counted}
    return [WaitingGroup(group, arrivals[group], sizes[group]) for group in groups]


async def waiting_position(registration: RegistrationRecord) -> int | None:
    """1 for the group that is served next; None when it does not wait."""
    if registration.status is not RegistrationStatus.WAITING:
        return None
    found = await row(
        f"SELECT count(*) AS n FROM registration WHERE {_LEADS} AND arrival < "
        " (SELECT min(arrival) FROM registration WHERE group_id = {} AND status = 'waiting')",
        registration.event_id,
        registration.group_id,
    )
    return int(found["n"]) + 1 if found else None


async def places_in_line(event_id: UUID, registrations: Sequence[RegistrationRecord]) -> dict[UUID, int]:
    """By group, for those of these registrations that wait: one count, then a walk along their stretch."""
    waiting = [each for each in registrations if each.status is RegistrationStatus.WAITING]
    if not waiting:
        return {}
    groups = list({each.group_id for each in waiting})
    marks = ", ".join("{}" for _ in groups)
    ends = await row(
        f"SELECT min(arrival) AS first, max(arrival) AS last FROM registration WHERE id IN ({marks})",
        *groups,
    )
    if ends is None or ends["first"] is None:
        return {}
    before = await row(
        f"SELECT count(*) AS n FROM registration WHERE {_LEADS} AND arrival < {{}}", event_id, ends["first"]
    )
    leads = await rows(
        f"SELECT id FROM registration WHERE {_LEADS} AND arrival BETWEEN {{}} AND {{}} ORDER BY arrival",
        event_id,
        ends["first"],
        ends["last"],
    )
    ahead = int(before["n"]) if before else 0
    place = {each["id"]: ahead + index for index, each in enumerate(leads, start=1)}
    return {group: place[group] for group in groups if group in place}
