"""Use cases of the sessions of a programme."""

import msgspec

from events_app.features.events import hooks, programme
from events_app.features.events.consequences import Saving, confirm, session_consequences
from events_app.features.events.content import (
    EventChanges,
    NewSession,
    SessionChanges,
    SessionContent,
    new_session_content,
    session_content,
    with_session_changes,
)
from events_app.features.events.errors import SessionInUse, WrongStatus
from events_app.features.events.model import EventRecord, EventStatus, SessionRecord, chosen_by
from events_app.features.events.queries import session_by_code, sessions_of, visible_event
from events_app.features.events.rules import CODE_TAKEN, Errors, cleaned_session, session_errors
from events_app.features.events.service import edit_event, expect_revision, locked_event
from events_app.infra import audit
from events_app.infra.database import UniqueViolation, execute, retried, row, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, FieldError, InvalidInput, NotFound

IN_USE = N_("People have places in this session. Move or withdraw them before it is open to everybody.")
_IN_CALENDAR = ("title", "description", "starts_at", "ends_at", "room", "coach")


async def one_session(actor: Actor, slug: str, code: str) -> tuple[EventRecord, SessionRecord]:
    event = await visible_event(actor, slug)
    return event, await _session(event, code)


@retried
async def add_session(
    world: World, actor: Actor, slug: str, new: NewSession
) -> tuple[EventRecord, SessionRecord]:
    """Raises `InvalidInput`, `NotFound`, `NotAllowed`, `WrongStatus`."""
    content = cleaned_session(new_session_content(new))
    async with unit_of_work():
        event = await programmable(actor, slug)
        await _check(event, content, None)
        try:
            await programme.insert_session(world, event, content)
        except UniqueViolation as violation:
            raise InvalidInput.one("/code", "taken", CODE_TAKEN) from violation
        session = await _session(event, content.code)
        await _note(world, actor, "session.added", event, session)
    return event, session


@retried
async def edit_session(
    world: World,
    actor: Actor,
    slug: str,
    code: str,
    changes: SessionChanges,
    expected_revision: int | None = None,
    saving: Saving | None = None,
) -> tuple[EventRecord, SessionRecord]:
    """Whom it concerns is told when time, room or coach of a session change. Raises as `edit_event`."""
    saving = saving or Saving()
    async with unit_of_work():
        event = await programmable(actor, slug)
        session = await _session(event, code)
        expect_revision(session.revision, expected_revision)
        old = session_content(session)
        new = cleaned_session(with_session_changes(old, changes))
        await _check(event, new, session)
        names = SessionContent.__struct_fields__
        changed = {name: getattr(new, name) for name in names if getattr(new, name) != getattr(old, name)}
        if not changed:
            return event, session
        use = await hooks.use_of_session(session.id)
        if use.placed and "choice" in changed and chosen_by(new.kind, new.choice) == "open":
            raise InvalidInput.one("/choice", "in-use", IN_USE)
        if event.status is not EventStatus.DRAFT:
            confirm(session_consequences(old, new, use.wishes, use.placed), saving)
        in_calendar = not changed.keys().isdisjoint(_IN_CALENDAR)
        await programme.update_session(world, session, changed, in_calendar=in_calendar)
        before, session = session, await _session(event, new.code)
        await _note(world, actor, "session.changed", event, session, fields=sorted(changed))
        if in_calendar:
            await hooks.session_changed(world, event, before, session, saving.tell)
    return event, session


@retried
async def save_programme(
    world: World,
    actor: Actor,
    slug: str,
    event_changes: EventChanges,
    changes: dict[str, SessionChanges],
) -> EventRecord:
    """The event and several sessions at once, all or nothing; for drafts, so nobody is told.

    Errors of a session carry its code: `/sessions/<code>/title`. Raises as `edit_event` and `edit_session`.
    """
    errors: list[FieldError] = []
    async with unit_of_work():
        event = await programmable(actor, slug)
        if event.status is not EventStatus.DRAFT:
            raise WrongStatus(status=event.status.value)
        try:
            event = await edit_event(world, actor, slug, event_changes)
        except InvalidInput as refused:
            errors += refused.errors
        for code, session_changes in changes.items():
            try:
                await edit_session(world, actor, slug, code, session_changes, saving=Saving(tell=False))
            except InvalidInput as refused:
                errors += [
                    msgspec.structs.replace(error, pointer=f"/sessions/{code}{error.pointer}")
                    for error in refused.errors
                ]
        if errors:
            raise InvalidInput(errors)
    return event


@retried
async def swap_sessions(world: World, actor: Actor, slug: str, code: str, down: bool) -> None:
    """Change places with the neighbour among the sessions that start at the same time."""
    async with unit_of_work():
        event = await programmable(actor, slug)
        session = await _session(event, code)
        together = [s for s in await sessions_of(event.id) if s.starts_at == session.starts_at]
        here = together.index(session)
        there = here + (1 if down else -1)
        if not 0 <= there < len(together):
            return
        together[here], together[there] = together[there], together[here]
        for position, moved in enumerate(together):
            if moved.position != position:
                await programme.update_session(world, moved, {"position": position}, in_calendar=False)
        await _note(world, actor, "session.moved", event, session)


@retried
async def delete_session(
    world: World, actor: Actor, slug: str, code: str, expected_revision: int | None = None
) -> EventRecord:
    """Wishes for it go with it; people placed in it must be moved first: `SessionInUse`."""
    async with unit_of_work():
        event = await programmable(actor, slug)
        session = await _session(event, code)
        expect_revision(session.revision, expected_revision)
        if placed := (await hooks.use_of_session(session.id)).placed:
            raise SessionInUse(people=placed)
        await execute("DELETE FROM session WHERE id = {}", session.id)
        await _note(world, actor, "session.deleted", event, session, code=session.code)
    return event


async def programmable(actor: Actor, slug: str) -> EventRecord:
    event = await locked_event(actor, slug)
    if event.status is EventStatus.CANCELLED:
        raise WrongStatus(status=event.status.value)
    return event


async def _session(event: EventRecord, code: str) -> SessionRecord:
    session = await session_by_code(event.id, code)
    if session is None:
        raise NotFound
    return session


async def _check(event: EventRecord, content: SessionContent, present: SessionRecord | None) -> None:
    errors: Errors = session_errors(content, event)
    new_code = present is None or present.code != content.code
    if new_code and not errors.about("code") and await session_by_code(event.id, content.code):
        errors.add("code", "taken", CODE_TAKEN)
    coach = content.coach_account_id
    if coach is not None and (present is None or present.coach_account_id != coach):
        known = await row(
            "SELECT 1 AS one FROM membership WHERE body = {} AND account = {} AND role = 'coach'",
            event.body_id,
            coach,
        )
        if known is None:
            errors.add("coach_account_id", "unknown", N_("Please choose one of the values offered."))
    if errors:
        raise InvalidInput(list(errors))


async def _note(
    world: World, actor: Actor, action: str, event: EventRecord, session: SessionRecord, **details: object
) -> None:
    await audit.record(
        world,
        actor,
        action,
        body_id=event.body_id,
        event_id=event.id,
        object_id=session.id,
        **details,
    )
