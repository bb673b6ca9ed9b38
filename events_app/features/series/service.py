"""Series: made, changed, their meetings added, the next one convened."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from events_app.features.events.access import may_create_in, may_edit, may_read_in
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import event_by_slug, free_slug
from events_app.features.events.service import clone_event
from events_app.features.registration.invitations import invite
from events_app.features.series.matrix import Meeting, Member, last_representatives
from events_app.features.series.queries import (
    SeriesRecord,
    SeriesView,
    events_in,
    series_by_slug,
    view_of,
)
from events_app.features.series.tables import Series, SeriesEvent
from events_app.features.territory.communes import commune_by_insee, commune_by_name
from events_app.infra import audit
from events_app.infra.database import execute, lock, read_snapshot, retried, row, rows, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, Conflict, FieldError, InvalidInput, NotAllowed, NotFound
from events_app.kernel.text import clean_line, slugify

MOST_MEMBERS, MOST_MEETINGS = 500, 100


class SeriesInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`members`: communes by `insee` or name, structures by name. `events`: slugs of the meetings."""

    title: str
    members: list[Member] = []
    events: list[str] = []


class NothingToRepeat(Conflict):
    type = "nothing-to-repeat"
    title = N_("No meeting yet")
    detail = N_("The next meeting is made from the last one; please add the first one to the series.")


class NobodyToInvite(Conflict):
    type = "nobody-to-invite"
    title = N_("Nobody to invite")
    detail = N_("No member of this series has had anybody registered who could be invited again.")


async def seen_series(actor: Actor, slug: str) -> SeriesRecord:
    """Raises `NotFound`, also for another body's."""
    found = await series_by_slug(slug)
    if found is None or not may_read_in(actor, found.body_id):
        raise NotFound
    return found


async def changeable_series(actor: Actor, slug: str) -> SeriesRecord:
    """Raises `NotFound`, `NotAllowed`."""
    found = await seen_series(actor, slug)
    if not may_create_in(actor, found.body_id):
        raise NotAllowed
    return found


async def seen_view(world: World, actor: Actor, slug: str) -> SeriesView:
    async with read_snapshot():
        return await view_of(await seen_series(actor, slug), world.now())


@retried
async def create(world: World, actor: Actor, body_id: UUID, wanted: SeriesInput) -> SeriesRecord:
    """Raises `NotAllowed`, `InvalidInput`."""
    if not may_create_in(actor, body_id):
        raise NotAllowed
    cleaned = _checked(wanted)
    async with unit_of_work():
        slug = await _free_slug(cleaned.title)
        series_id = world.new_id()
        await Series(
            id=series_id,
            body=body_id,
            slug=slug,
            title=cleaned.title,
            members=msgspec.json.encode(cleaned.members).decode(),
            created_at=world.now(),
        ).save()
        await _set_events(world, actor, series_id, body_id, cleaned.events)
        await audit.record(world, actor, "series.created", body_id=body_id, object_id=series_id)
        return await changeable_series(actor, slug)


@retried
async def change(world: World, actor: Actor, slug: str, wanted: SeriesInput) -> SeriesRecord:
    """Title, members and meetings as they are from now on. Raises as `create`, and `NotFound`."""
    cleaned = _checked(wanted)
    async with unit_of_work():
        series = await changeable_series(actor, slug)
        await lock(Series, series.id)
        await execute(
            "UPDATE series SET title = {}, members = {}, revision = revision + 1 WHERE id = {}",
            cleaned.title,
            msgspec.json.encode(cleaned.members).decode(),
            series.id,
        )
        await _set_events(world, actor, series.id, series.body_id, cleaned.events)
        await audit.record(world, actor, "series.changed", body_id=series.body_id, object_id=series.id)
        return await changeable_series(actor, slug)


async def _set_events(
    world: World, actor: Actor, series_id: UUID, body_id: UUID, slugs: Sequence[str]
) -> None:
    errors, wanted = [], {}
    for index, slug in enumerate(slugs):
        event = await event_by_slug(slug)
        if event is None or event.body_id != body_id or not may_edit(actor, event):
            message = N_("There is no such event in this organisation: {slug}.")
            errors.append(FieldError(f"/events/{index}", "unknown", message, {"slug": slug}))
            continue
        other = await row("SELECT series FROM series_event WHERE event = {}", event.id)
        if other is not None and other["series"] != series_id:
            message = N_("This event belongs to another series: {slug}.")
            errors.append(FieldError(f"/events/{index}", "taken", message, {"slug": slug}))
        wanted[event.id] = event
    if errors:
        raise InvalidInput(errors)
    found = await rows("SELECT event FROM series_event WHERE series = {}", series_id)
    before = {each["event"] for each in found}
    for gone in before - wanted.keys():
        await execute("DELETE FROM series_event WHERE series = {} AND event = {}", series_id, gone)
    for event_id in wanted.keys() - before:
        await SeriesEvent(id=world.new_id(), series=series_id, event=event_id).save()


async def repeat(world: World, actor: Actor, slug: str, starts_at: datetime) -> EventRecord:
    """A draft like the last meeting at another time, in the series. Raises as `change`, `NothingToRepeat`."""
    async with unit_of_work():
        series = await changeable_series(actor, slug)
        events = await events_in(series.id)
        if not events:
            raise NothingToRepeat
        last = events[-1]
        wanted = await free_slug(slugify(f"{last.title} {last.venue_commune}"))
        made = await clone_event(world, actor, last.slug, wanted, starts_at)
        await SeriesEvent(id=world.new_id(), series=series.id, event=made.id).save()
        return made


async def convene(world: World, actor: Actor, slug: str, event_slug: str) -> int:
    """Invites to one meeting whoever was last registered for each member; how many invitations are new.

    Raises `NotFound`, `NotAllowed`, `NobodyToInvite`."""
    view = await seen_view(world, actor, slug)
    meeting = next((each for each in view.matrix.meetings if each.slug == event_slug), None)
    event = await event_by_slug(event_slug)
    if meeting is None or event is None:
        raise NotFound
    addresses = to_invite(view, meeting)
    if not addresses:
        raise NobodyToInvite
    return await invite(world, actor, event, "\n".join(addresses))


def to_invite(view: SeriesView, meeting: Meeting) -> list[str]:
    """Whoever was last registered for each member at another meeting."""
    others = [each for each in view.matrix.meetings if each.id != meeting.id]
    last = last_representatives(view.series.members, others, view.people)
    return sorted({address for each in last.values() for address in each})


def members_in(lines: str) -> list[Member]:
    """A line a member: a commune by its name or INSEE code, or a structure."""
    found = []
    for line in lines.splitlines():
        if name := clean_line(line):
            found.append(_known(Member(name)))
    return found


def _known(member: Member) -> Member:
    commune = commune_by_insee(member.insee or member.name) or (
        None if member.insee else commune_by_name(member.name)
    )
    return Member(commune.name, commune.insee) if commune else member


def _checked(wanted: SeriesInput) -> SeriesInput:
    title = clean_line(wanted.title)
    errors = []
    if not title or len(title) > 200:
        errors.append(FieldError("/title", "required", N_("Please give a title of 200 characters at most.")))
    members = [_known(Member(clean_line(each.name), clean_line(each.insee))) for each in wanted.members]
    for index, member in enumerate(members):
        if not member.name or len(member.name) > 200 or not member.key:
            errors.append(FieldError(f"/members/{index}/name", "required", N_("This field is needed.")))
        elif member.insee and commune_by_insee(member.insee) is None:
            message = N_("This is no commune of the territory: {insee}.")
            errors.append(FieldError(f"/members/{index}/insee", "unknown", message, {"insee": member.insee}))
    if len(members) > MOST_MEMBERS:
        message = N_("A series has {most} members at most.")
        errors.append(FieldError("/members", "range", message, {"most": MOST_MEMBERS}))
    if len(wanted.events) > MOST_MEETINGS:
        message = N_("A series has {most} meetings at most.")
        errors.append(FieldError("/events", "range", message, {"most": MOST_MEETINGS}))
    if errors:
        raise InvalidInput(errors)
    once = list({member.key: member for member in members}.values())
    return SeriesInput(title, once, list(dict.fromkeys(wanted.events)))


async def _free_slug(title: str) -> str:
    taken = {each["slug"] for each in await rows("SELECT slug FROM series")}
    wished = slugify(title, "cycle")
    candidates = [wished, *(f"{wished}-{number}" for number in range(2, len(taken) + 2))]
    return next(slug for slug in candidates if slug not in taken)
