"""Creating, changing and announcing events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.accounts.service import body_by_slug, body_ids
from events_app.features.events import hooks, programme
from events_app.features.events.access import may_create_in, may_edit
from events_app.features.events.consequences import Saving, confirm, event_consequences
from events_app.features.events.content import (
    EventChanges,
    EventContent,
    NewEvent,
    event_content,
    new_event_content,
    with_changes,
)
from events_app.features.events.errors import WrongStatus
from events_app.features.events.formats import SessionTemplate
from events_app.features.events.holding import held
from events_app.features.events.hooks import Announced
from events_app.features.events.involved import people_involved
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.queries import sessions_of, visible_event
from events_app.features.events.records import insert_event, located, search_text, update_event
from events_app.features.events.renaming import renamed_choices, with_renames
from events_app.features.events.rules import (
    WRONG_YEAR,
    YEARS,
    Errors,
    cleaned_event,
    event_errors,
    moved_as_a_whole,
    shifted,
)
from events_app.infra import audit
from events_app.infra.database import execute, retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput, NotAllowed, RevisionMismatch
from events_app.kernel.text import clean_block, is_slug

# A change of one of these is a change of the calendar entry.
_IN_CALENDAR = (
    "title", "slug", "summary", "language", "starts_at", "ends_at", "timezone", "venue_name",
    "venue_address", "venue_commune", "venue_latitude", "venue_longitude", "online_url",
)  # fmt: skip
# ...and of these, something that people must be told.
_TOLD = (
    "title",
    "starts_at",
    "ends_at",
    "timezone",
    "venue_name",
    "venue_address",
    "venue_commune",
    "online_url",
)


async def create_event(
    world: World, actor: Actor, new: NewEvent, sessions: Sequence[SessionTemplate] = ()
) -> EventRecord:
    """A draft. `sessions` are laid out from its start. Raises `InvalidInput`, `NotAllowed`."""
    body_id = await _body(actor, new.body if isinstance(new.body, str) else None)
    content = located(cleaned_event(new_event_content(new)), Errors())
    async with unit_of_work():
        event = await insert_event(world, body_id, content)
        await programme.lay_out(world, event, sessions)
        await audit.record(world, actor, "event.created", body_id=body_id, event_id=event.id, slug=event.slug)
    return event


@retried
async def edit_event(
    world: World,
    actor: Actor,
    slug: str,
    changes: EventChanges,
    expected_revision: int | None = None,
    saving: Saving | None = None,
) -> EventRecord:
    """Moved as a whole, the event takes its sessions, its registration window and its doors along.

    Raises `InvalidInput`, `NotFound`, `NotAllowed`, `RevisionMismatch`, `WrongStatus` when cancelled,
    `Unconfirmed`.
    """
    saving = saving or Saving()
    async with unit_of_work():
        event = await locked_event(actor, slug)
        expect_revision(event.revision, expected_revision)
        if event.status is EventStatus.CANCELLED:
            raise WrongStatus(status=event.status.value)
        old = event_content(event)
        errors = Errors()
        new = located(cleaned_event(with_changes(old, changes)), errors, old)
        renames = renamed_choices(old.questions, new.questions)
        new = msgspec.structs.replace(new, questions=with_renames(new.questions, renames))
        sessions = await sessions_of(event.id)
        moves = not errors and _times_are_sound(new) and moved_as_a_whole(old, new)
        if moves:
            new = _with_window_moved(old, new, changes)
        errors.extend(event_errors(new, () if moves else sessions))
        if errors:
            raise InvalidInput(list(errors))
        if new == old:
            return event
        if event.status is not EventStatus.DRAFT:
            involved = await people_involved(event.id, old, new, renames)
            confirm(event_consequences(old, new, involved, world.now()), saving)
        if moves:
            await programme.move(world, sessions, old.starts_at, new.starts_at, old.timezone)
        before, changed = event, _changed_columns(old, new, event.body_name)
        event = await update_event(
            world, event, changed, in_calendar=not changed.keys().isdisjoint(_IN_CALENDAR)
        )
        await audit.record(
            world, actor, "event.changed", body_id=event.body_id, event_id=event.id, fields=sorted(changed)
        )
        if renames:
            await hooks.choices_renamed(event, renames)
        if saving.tell and event.status is EventStatus.PUBLISHED and not changed.keys().isdisjoint(_TOLD):
            await hooks.announce(world, event, Announced.CHANGED, before)
        if "capacity" in changed:
            await hooks.places_changed(world, event)
    return event


def _changed_columns(old: EventContent, new: EventContent, body_name: str) -> dict[str, Any]:
    changed = {
        name: getattr(new, name)
        for name in EventContent.__struct_fields__
        if getattr(new, name) != getattr(old, name)
    }
    if not changed.keys().isdisjoint(("title", "summary", "venue_name", "venue_commune", "translations")):
        changed["search_text"] = search_text(new, body_name)
    return changed


@retried
async def publish_event(world: World, actor: Actor, slug: str) -> EventRecord:
    """A draft goes online; a postponed event is on again at the date it now has, and people are told.

    Publishing twice changes nothing. Raises `WrongStatus` for a cancelled event.
    """
    async with unit_of_work():
        event = await locked_event(actor, slug)
        if event.status is EventStatus.PUBLISHED:
            return event
        if event.status is EventStatus.CANCELLED:
            raise WrongStatus(status=event.status.value)
        postponed = event.status is EventStatus.POSTPONED
        event = await update_event(
            world,
            event,
            {
                "status": EventStatus.PUBLISHED.value,
                "status_reason": "",
                "published_at": event.published_at or world.now(),
            },
            in_calendar=True,
        )
        await audit.record(world, actor, "event.published", body_id=event.body_id, event_id=event.id)
        if postponed:
            await hooks.announce(world, event, Announced.RESCHEDULED, event)
            await hooks.places_changed(world, event)
    return event


@retried
async def cancel_event(world: World, actor: Actor, slug: str, reason: str) -> EventRecord:
    """Everybody registered is told, with the reason. Raises `WrongStatus` unless it was announced."""
    cancelled_at = {"cancelled_at": world.now()}
    return await _call_off(world, actor, slug, reason, EventStatus.CANCELLED, cancelled_at)


@retried
async def postpone_event(world: World, actor: Actor, slug: str, reason: str) -> EventRecord:
    """The date falls, registrations stay; `publish_event` announces the new date once it is set."""
    return await _call_off(world, actor, slug, reason, EventStatus.POSTPONED, {"postponed_at": world.now()})


@retried
async def clone_event(
    world: World, actor: Actor, slug: str, new_slug: str, starts_at: datetime
) -> EventRecord:
    """A draft of the same event from another start; its sessions keep their codes and their distance from the
    start by the clock of the place. Nobody's registration is copied."""
    async with unit_of_work():
        original = await locked_event(actor, slug)
        if not may_create_in(actor, original.body_id):
            raise NotAllowed
        old = event_content(original)
        if starts_at.year not in YEARS:
            raise InvalidInput.one("/starts_at", "range", WRONG_YEAR)
        new = cleaned_event(msgspec.structs.replace(old, slug=new_slug, starts_at=starts_at))
        times = {
            name: shifted(value, old.starts_at, new.starts_at, old.timezone)
            for name in ("ends_at", "registration_opens_at", "registration_closes_at", "doors_open_at")
            if (value := getattr(old, name)) is not None
        }
        event = await insert_event(
            world,
            original.body_id,
            msgspec.structs.replace(new, **times),
            {"image_id": original.image_id},
        )
        await programme.copy(world, original, event)
        await audit.record(
            world,
            actor,
            "event.cloned",
            body_id=event.body_id,
            event_id=event.id,
            object_id=original.id,
            slug=event.slug,
        )
    return event


@retried
async def delete_draft(world: World, actor: Actor, slug: str) -> None:
    """Only what was never announced and has nobody on its list. Raises `WrongStatus` otherwise."""
    async with unit_of_work():
        event = await locked_event(actor, slug)
        if event.status is not EventStatus.DRAFT or await hooks.anybody_registered(event.id):
            raise WrongStatus(status=event.status.value)
        await execute("DELETE FROM event WHERE id = {}", event.id)
        await audit.record(world, actor, "event.deleted", body_id=event.body_id, slug=event.slug)


@retried
async def set_image(world: World, actor: Actor, slug: str, image_id: UUID | None) -> EventRecord:
    async with unit_of_work():
        event = await locked_event(actor, slug)
        event = await update_event(world, event, {"image_id": image_id}, in_calendar=True)
        await audit.record(
            world, actor, "event.image_set", body_id=event.body_id, event_id=event.id, object_id=image_id
        )
    return event


async def editable_event(actor: Actor, slug: str) -> EventRecord:
    """Raises `NotFound`, or `NotAllowed` when the actor may only look at it."""
    event = await visible_event(actor, slug)
    if not may_edit(actor, event):
        raise NotAllowed
    return event


async def locked_event(actor: Actor, slug: str) -> EventRecord:
    """The event as it is while this transaction holds it."""
    event = await held((await editable_event(actor, slug)).id)
    if not may_edit(actor, event):
        raise NotAllowed
    return event


def expect_revision(present: int, expected: int | None) -> None:
    if expected is not None and expected != present:
        raise RevisionMismatch(revision=present)


async def _body(actor: Actor, slug: str | None) -> UUID:
    """The body that will own the event: the one named, else the actor's only one, else the oldest."""
    if slug is None:
        ids = await body_ids()
    else:
        found = await body_by_slug(slug) if is_slug(slug) else None
        ids = [found] if found else []
        if not ids:
            raise InvalidInput.one("/body", "unknown", N_("Please choose one of the values offered."))
    allowed = [body_id for body_id in ids if may_create_in(actor, body_id)]
    if not allowed:
        raise NotAllowed
    return allowed[0]


def _times_are_sound(content: EventContent) -> bool:
    return not any(error.field in ("starts_at", "ends_at", "timezone") for error in event_errors(content))


def _with_window_moved(old: EventContent, new: EventContent, changes: EventChanges) -> EventContent:
    moved = {}
    for name in ("registration_opens_at", "registration_closes_at", "doors_open_at"):
        value = getattr(old, name)
        if value is not None and getattr(changes, name) is msgspec.UNSET:
            moved[name] = shifted(value, old.starts_at, new.starts_at, old.timezone)
    return msgspec.structs.replace(new, **moved)


async def _call_off(
    world: World, actor: Actor, slug: str, reason: str, status: EventStatus, columns: dict[str, Any]
) -> EventRecord:
    reason = clean_block(reason)
    if not reason:
        raise InvalidInput.one("/reason", "required", N_("Please say why: everybody registered reads it."))
    if len(reason) > 1_000:
        raise InvalidInput.one(
            "/reason", "length", N_("Please shorten this to {most} characters."), most=1_000
        )
    async with unit_of_work():
        event = await locked_event(actor, slug)
        if event.status is status:
            return event
        if event.status in (EventStatus.DRAFT, EventStatus.CANCELLED):
            raise WrongStatus(status=event.status.value)
        changed = {"status": status.value, "status_reason": reason, **columns}
        event = await update_event(world, event, changed, in_calendar=True)
        await audit.record(world, actor, f"event.{status}", body_id=event.body_id, event_id=event.id)
        await hooks.announce(world, event, Announced(status), event)
    return event
