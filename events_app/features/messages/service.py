"""Writing, changing, sending, stopping a message."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.events.access import may_edit
from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import event_by_id
from events_app.features.messages import audience as people
from events_app.features.messages.errors import MessageLeft, MessageStopped, NobodyMeant, OtherNumber
from events_app.features.messages.job_kinds import BEGIN, COPY, TEST, AboutMessage, MessageTo, MessageTried
from events_app.features.messages.model import (
    SUBJECT_MOST,
    TEXT_MOST,
    MessageDraft,
    MessageRecord,
    MessageStatus,
)
from events_app.features.messages.placeholders import NAMES, unknown
from events_app.features.messages.queries import message_by_id
from events_app.features.messages.tables import Message
from events_app.infra import audit, jobs
from events_app.infra.database import Rows, execute, insert_together, retried, unit_of_work
from events_app.infra.jobs import enqueue
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Actor
from events_app.kernel.errors import N_, FieldError, InvalidInput, NotAllowed, NotFound, RevisionMismatch
from events_app.kernel.text import clean_block, clean_email, clean_line, email_problem, has_letters

_AT_A_TIME = 100
_EMPTY = N_("Please write something here.")
_TOO_LONG = N_("This is too long: {most} characters at most.")
_UNKNOWN = N_("{written} is not one of the placeholders. There are: {names}.")


async def readable_message(actor: Actor, message_id: UUID) -> tuple[MessageRecord, EventRecord]:
    """For whoever may edit its event; raises `NotFound` to all others."""
    message = await message_by_id(message_id)
    event = await event_by_id(message.event_id) if message else None
    if message is None or event is None or not may_edit(actor, event):
        raise NotFound
    return message, event


@retried
async def write(world: World, actor: Actor, event: EventRecord, draft: MessageDraft) -> MessageRecord:
    """A draft, or scheduled where it says when. Raises `InvalidInput`, `NotAllowed`."""
    if not may_edit(actor, event):
        raise NotAllowed
    async with unit_of_work():
        await held(event.id)
        draft = await _checked(world, event, draft)
        message_id = world.new_id()
        await Message(
            id=message_id,
            event=event.id,
            **_columns(draft),
            created_at=world.now(),
            created_by=actor.name,
        ).save()
        await audit.record(
            world, actor, "message.written", body_id=event.body_id, event_id=event.id, object_id=message_id
        )
        await _schedule(world, event, message_id, draft.send_at)
        return await _known(message_id)


@retried
async def change(
    world: World, actor: Actor, message_id: UUID, draft: MessageDraft, expected_revision: int | None = None
) -> MessageRecord:
    """Before it leaves. Raises `InvalidInput`, `NotFound`, `MessageLeft`, `RevisionMismatch`."""
    async with unit_of_work():
        message, event = await _held(actor, message_id)
        draft = await _checked(world, event, draft)
        if expected_revision is not None and expected_revision != message.revision:
            raise RevisionMismatch(revision=message.revision)
        if not message.may_change:
            raise MessageLeft
        columns = _columns(draft)
        named = ", ".join(f"{name} = {{}}" for name in columns)
        await execute(
            f"UPDATE message SET {named}, revision = revision + 1 WHERE id = {{}}",
            *columns.values(),
            message_id,
        )
        await _note(world, actor, event, "message.changed", message_id)
        await _schedule(world, event, message_id, draft.send_at)
        return await _known(message_id)


@retried
async def delete(world: World, actor: Actor, message_id: UUID) -> None:
    """Raises `NotFound`, `MessageLeft`."""
    async with unit_of_work():
        message, event = await _held(actor, message_id)
        if not message.may_change:
            raise MessageLeft
        await execute("DELETE FROM message WHERE id = {}", message_id)
        await _note(world, actor, event, "message.deleted", message_id)


@retried
async def send(
    world: World, actor: Actor, message_id: UUID, expected_recipients: int | None = None
) -> MessageRecord:
    """At once: one job for each person, all written in this transaction, so that nobody gets it twice and a
    crash loses nobody. Raises `NotFound`, `MessageLeft`, `NobodyMeant`, `OtherNumber`."""
    async with unit_of_work():
        message, event = await _held(actor, message_id)
        if not message.may_change:
            raise MessageLeft
        readers = await people.readers(event, message.audience)
        if not readers:
            raise NobodyMeant
        if expected_recipients is not None and expected_recipients != len(readers):
            raise OtherNumber(recipients=len(readers))
        for start in range(0, len(readers), _AT_A_TIME):
            part = readers[start : start + _AT_A_TIME]
            payloads = [(COPY, MessageTo(each.id, message_id)) for each in part]
            asked = jobs.rows_of(world, payloads, event_id=event.id)
            copies = [
                (world.new_id(), message_id, each.id, job[0])
                for each, job in zip(part, asked.values, strict=True)
            ]
            await insert_together(
                asked, Rows("message_copy", ("id", "message", "registration", "job_id"), copies)
            )
        await execute(
            "UPDATE message SET status = {}, started_at = {}, revision = revision + 1 WHERE id = {}",
            MessageStatus.SENDING.value,
            world.now(),
            message_id,
        )
        await audit.record(
            world,
            actor,
            "message.sent",
            body_id=event.body_id,
            event_id=event.id,
            object_id=message_id,
            recipients=len(readers),
        )
        return await _known(message_id)


async def begin_if_due(world: World, message_id: UUID) -> None:
    """At the hour that was set; a message that was changed meanwhile has a job of its own."""
    message = await message_by_id(message_id)
    due = (
        message is not None
        and message.stored_status is MessageStatus.SCHEDULED
        and message.send_at is not None
        and message.send_at <= world.now()
    )
    if not due:
        return
    try:
        await send(world, SYSTEM, message_id)
    except (MessageLeft, NotFound):  # another worker was faster, or it was deleted
        return
    except NobodyMeant:
        await _set_status(message_id, MessageStatus.CANCELLED)


@retried
async def stop(world: World, actor: Actor, message_id: UUID) -> MessageRecord:
    """What has not left stays here. Raises `NotFound`, `MessageStopped`."""
    async with unit_of_work():
        message, event = await _held(actor, message_id)
        if message.status in (MessageStatus.SENT, MessageStatus.CANCELLED):
            raise MessageStopped
        await _set_status(message_id, MessageStatus.CANCELLED)
        await _note(world, actor, event, "message.stopped", message_id)
        return await _known(message_id)


@retried
async def send_test(world: World, actor: Actor, message_id: UUID, to: str) -> None:
    """As the first of its readers would get it, without their secret link. Raises `InvalidInput`."""
    address = clean_email(to)
    if address is None:
        raise InvalidInput.one("/to", "invalid", email_problem(to))
    async with unit_of_work():
        _, event = await _held(actor, message_id)
        await enqueue(world, TEST, MessageTried(message_id, address), event_id=event.id)
        await _note(world, actor, event, "message.tried", message_id)


async def _held(actor: Actor, message_id: UUID) -> tuple[MessageRecord, EventRecord]:
    _, event = await readable_message(actor, message_id)
    await held(event.id)
    return await readable_message(actor, message_id)


async def _known(message_id: UUID) -> MessageRecord:
    message = await message_by_id(message_id)
    if message is None:
        raise NotFound
    return message


async def _set_status(message_id: UUID, status: MessageStatus) -> None:
    await execute(
        "UPDATE message SET status = {}, revision = revision + 1 WHERE id = {}", status.value, message_id
    )


async def _note(world: World, actor: Actor, event: EventRecord, action: str, message_id: UUID) -> None:
    await audit.record(world, actor, action, body_id=event.body_id, event_id=event.id, object_id=message_id)


async def _schedule(world: World, event: EventRecord, message_id: UUID, at: datetime | None) -> None:
    if at is not None:
        await enqueue(world, BEGIN, AboutMessage(message_id), event_id=event.id, run_at=at)


async def _checked(world: World, event: EventRecord, draft: MessageDraft) -> MessageDraft:
    """Cleaned; raises `InvalidInput` with all that is wrong."""
    subject, text = clean_line(draft.subject), clean_block(draft.text)
    errors = [*_errors_in("/subject", subject, SUBJECT_MOST), *_errors_in("/text", text, TEXT_MOST)]
    if draft.send_at is not None and draft.send_at <= world.now():
        errors.append(FieldError("/send_at", "range", N_("Please choose a time to come.")))
    try:
        await people.check(event, draft.audience)
    except InvalidInput as refused:
        errors += refused.errors
    if errors:
        raise InvalidInput(errors)
    return msgspec.structs.replace(draft, subject=subject, text=text)


def _errors_in(pointer: str, text: str, most: int) -> list[FieldError]:
    if not has_letters(text):
        return [FieldError(pointer, "required", _EMPTY)]
    if len(text) > most:
        return [FieldError(pointer, "too-long", _TOO_LONG, {"most": most})]
    names = ", ".join(f"{{{words[0]}}}" for words in NAMES.values())
    return [
        FieldError(pointer, "unknown-placeholder", _UNKNOWN, {"written": written[:60], "names": names})
        for written in unknown(text)[:1]
    ]


def _columns(draft: MessageDraft) -> dict[str, Any]:
    status = MessageStatus.DRAFT if draft.send_at is None else MessageStatus.SCHEDULED
    return {
        "kind": draft.kind.value,
        "subject": draft.subject,
        "text": draft.text,
        "audience": msgspec.json.encode(draft.audience).decode(),
        "status": status.value,
        "send_at": draft.send_at,
    }
