"""Notes of the organisers on somebody: read by whoever may read the list, not shown to the person.

They are kept about the person all the same: who downloads their data has them, and they go with the person.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from events_app.features.registration import storage
from events_app.features.registration.access import may_decide
from events_app.features.registration.reading import locked
from events_app.infra import audit
from events_app.infra.database import execute, retried, row, rows, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput, NotAllowed, NotFound
from events_app.kernel.text import clean_block

NOTE_LENGTH = 2_000
MOST_NOTES = 100


class Note(msgspec.Struct, frozen=True):
    id: UUID
    text: str
    author: str
    written_at: datetime


@retried
async def add_note(world: World, actor: Actor, registration_id: UUID, typed: str) -> Note:
    """Raises `InvalidInput`, `NotFound`, `NotAllowed`."""
    text = clean_block(typed)
    if not text:
        raise InvalidInput.one("/text", "required", N_("Please write the note."))
    if len(text) > NOTE_LENGTH:
        message = N_("Please shorten this to {most} characters.")
        raise InvalidInput.one("/text", "length", message, most=NOTE_LENGTH)
    async with unit_of_work():
        registration, event = await locked(actor, registration_id)
        if not may_decide(actor, event):
            raise NotAllowed
        if registration.erased_at is not None:
            raise NotFound
        if len(await notes_of(registration.id)) >= MOST_NOTES:
            message = N_("There are {most} notes already. Please delete one.")
            raise InvalidInput.one("/text", "too-many", message, most=MOST_NOTES)
        note = Note(world.new_id(), text, actor.name[:200], world.now())
        await storage.insert_rows(
            "registration_note",
            ("id", "registration", "text", "author", "written_at"),
            [(note.id, registration.id, note.text, note.author, note.written_at)],
        )
        await audit.record(
            world,
            actor,
            "registration.noted",
            body_id=event.body_id,
            event_id=event.id,
            object_id=registration.id,
        )
    return note


@retried
async def delete_note(world: World, actor: Actor, registration_id: UUID, note_id: UUID) -> None:
    """Raises `NotFound`, `NotAllowed`."""
    async with unit_of_work():
        registration, event = await locked(actor, registration_id)
        if not may_decide(actor, event):
            raise NotAllowed
        found = await row(
            "SELECT id FROM registration_note WHERE id = {} AND registration = {}", note_id, registration.id
        )
        if found is None:
            raise NotFound
        await execute("DELETE FROM registration_note WHERE id = {}", note_id)
        await audit.record(
            world,
            actor,
            "registration.note_deleted",
            body_id=event.body_id,
            event_id=event.id,
            object_id=registration.id,
        )


async def notes_of(registration_id: UUID) -> Sequence[Note]:
    """The newest first (index on registration)."""
    found = await rows(
        "SELECT id, text, author, written_at FROM registration_note WHERE registration = {}"
        " ORDER BY written_at DESC, id DESC",
        registration_id,
    )
    return [msgspec.convert(each, Note, strict=False) for each in found]
