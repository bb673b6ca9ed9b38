"""The figures of a period, over all events that one may read: how many were held, who registered, who came.

From what is kept of each event. Of other bodies, which whoever looks after the site may add up, no group of
fewer than five people is shown: they stand together, without a name.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.accounts.bodies import administers_site
from events_app.infra.database import read_snapshot, rows
from events_app.infra.world import World
from events_app.kernel.actor import Actor, Role
from events_app.kernel.civil_time import DEFAULT_ZONE, to_wall, zone
from events_app.kernel.errors import N_, InvalidInput

LEAST_SHOWN = 5
MOST_DAYS = 3660
MOST_EVENTS = 2_000
_READERS = (Role.ADMINISTRATOR, Role.ORGANISER, Role.READER)
_UNKNOWN = N_("Please choose one of the values offered.")


class Asked(msgspec.Struct, frozen=True):
    """Both days belong to it. `body`: a slug, "" for all of one's own; `format`: "" for every one."""

    first: date
    last: date
    body: str = ""
    format: str = ""


class EventFigures(msgspec.Struct, frozen=True):
    slug: str
    title: str
    starts_at: datetime
    timezone: str
    registered: int | None
    present: int | None


class Group(msgspec.Struct, frozen=True):
    name: str
    registered: int
    present: int | None


class Period(msgspec.Struct, frozen=True):
    """`hidden`: small groups stand together, without a name, and other small numbers are None. Where nothing
    is hidden, no name is "not said"."""

    registered: int
    present: int
    events: list[EventFigures]
    by_commune: list[Group]
    by_organisation: list[Group]
    by_profile: list[Group]
    hidden: bool


def this_year(world: World) -> Asked:
    today = to_wall(world.now(), DEFAULT_ZONE).date()
    return Asked(date(today.year, 1, 1), date(today.year, 12, 31))


async def period(actor: Actor, asked: Asked) -> Period:
    """Raises `InvalidInput` for days that are none, and for a body that is not known or not theirs."""
    _check_days(asked)
    async with read_snapshot():
        bodies, own = await _bodies(actor, asked.body)
        found = await _events(actor, asked, bodies)
        ids = [each["id"] for each in found]
        hidden = not own
        return Period(
            registered=sum(each["registered"] or 0 for each in found),
            present=sum(each["present"] or 0 for each in found),
            events=[
                EventFigures(
                    each["slug"],
                    each["title"],
                    each["starts_at"],
                    each["timezone"],
                    _cell(each["registered"] or 0, hidden=hidden),
                    _cell(each["present"] or 0, hidden=hidden),
                )
                for each in found
            ],
            by_commune=shown(await _groups(ids, "commune"), hidden=hidden),
            by_organisation=shown(await _groups(ids, "organisation"), hidden=hidden),
            by_profile=shown(await _profiles(ids), hidden=hidden),
            hidden=hidden,
        )


def shown(groups: Sequence[Group], *, hidden: bool) -> list[Group]:
    """The largest first; with `hidden`, the small ones in one without a name."""
    ordered = sorted(groups, key=lambda group: (-group.registered, group.name))
    if not hidden:
        return ordered
    small = [group for group in ordered if group.registered < LEAST_SHOWN or not group.name]
    large = [group for group in ordered if group not in small]
    if not small:
        return [_with_small_hidden(group) for group in large]
    together = Group("", sum(group.registered for group in small), sum(group.present or 0 for group in small))
    return [_with_small_hidden(group) for group in (*large, together)]


def _with_small_hidden(group: Group) -> Group:
    return msgspec.structs.replace(group, present=_cell(group.present or 0, hidden=True))


def _cell(people: int, *, hidden: bool) -> int | None:
    return None if hidden and 0 < people < LEAST_SHOWN else people


def _check_days(asked: Asked) -> None:
    if asked.last < asked.first:
        raise InvalidInput.one("/to", "before-start", N_("The end must come after the start."))
    if (asked.last - asked.first).days > MOST_DAYS:
        raise InvalidInput.one("/to", "too-long", N_("Please choose ten years at most."))


async def _bodies(actor: Actor, slug: str) -> tuple[list[UUID], bool]:
    """Whose events are counted, and whether all of these are the actor's own."""
    own = {body for body, role in actor.roles.items() if role in _READERS}
    if not slug:
        return sorted(own), True
    found = await rows("SELECT id FROM body WHERE slug = {}", slug[:80])
    body = found[0]["id"] if found else None
    if body in own:
        return [body], True
    if body is None or not await administers_site(actor):
        raise InvalidInput.one("/body", "unknown", _UNKNOWN)
    return [body], False


async def _events(actor: Actor, asked: Asked, bodies: Sequence[UUID]) -> list[dict[str, Any]]:
    """Announced and not called off, in order of time (index event_agenda; kept counts by primary key)."""
    if not bodies:
        return []
    begin = datetime.combine(asked.first, time(), zone(DEFAULT_ZONE))
    end = datetime.combine(asked.last + timedelta(days=1), time(), zone(DEFAULT_ZONE))
    conditions = [f"e.body IN ({', '.join('{}' for _ in bodies)})", "e.starts_at >= {}", "e.starts_at < {}"]
    args: list[object] = [*bodies, begin, end]
    for condition, value in (("e.format = {}", asked.format), ("e.id = {}", actor.only_event)):
        if value:
            conditions.append(condition)
            args.append(value)
    return await rows(
        "SELECT e.id, e.slug, e.title, e.starts_at, e.timezone, c.confirmed AS registered, p.present"
        " FROM event e LEFT JOIN event_count c ON c.event = e.id"
        " LEFT JOIN presence_count p ON p.event = e.id AND p.kind = 'registered' AND p.name = ''"
        f" WHERE e.status = 'published' AND {' AND '.join(conditions)}"
        f" ORDER BY e.starts_at, e.id LIMIT {MOST_EVENTS}",
        *args,
    )


async def _groups(events: Sequence[object], kind: str) -> list[Group]:
    """`kind`: commune or organisation, as they are kept."""
    if not events:
        return []
    marks = ", ".join("{}" for _ in events)
    found = await rows(
        "SELECT g.name, sum(g.people) AS registered, sum(coalesce(p.present, 0)) AS present"
        " FROM registered_group g LEFT JOIN presence_count p"
        " ON p.event = g.event AND p.kind = g.kind AND p.name = g.name"
        f" WHERE g.kind = {{}} AND g.event IN ({marks}) GROUP BY g.name",
        kind,
        *events,
    )
    return [Group(each["name"], int(each["registered"]), int(each["present"])) for each in found]


async def _profiles(events: Sequence[object]) -> list[Group]:
    """Counted: who holds a place from an index alone (registration_profile), who came from the presences."""
    if not events:
        return []
    marks = ", ".join("{}" for _ in events)
    registered = await rows(
        "SELECT r.profile AS name, count(*) AS people FROM registration r"
        f" WHERE r.event IN ({marks}) AND r.status = 'confirmed' AND r.profile <> '' GROUP BY r.profile",
        *events,
    )
    came = await rows(
        "SELECT r.profile AS name, count(*) AS people FROM presence p"
        " JOIN registration r ON r.id = p.registration AND r.status = 'confirmed' AND r.profile <> ''"
        f" WHERE p.event IN ({marks}) AND p.point = '' GROUP BY r.profile",
        *events,
    )
    present = {each["name"]: int(each["people"]) for each in came}
    return [Group(each["name"], int(each["people"]), present.get(each["name"], 0)) for each in registered]
