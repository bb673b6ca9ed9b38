"""Notes of the organisers on somebody, by the public contract (v1)."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from events_app.features.events.access import may_read_registrations
from events_app.features.registration.notes import Note, add_note, delete_note, notes_of
from events_app.features.registration.reading import readable
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotAllowed
from events_app.web.guards import ORGANISING, READING, requires
from events_app.web.idempotency import answer_once

NOTES = "/registrations/{registration_id:uuid}/notes"


class NoteIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: str


class NoteView(msgspec.Struct, frozen=True):
    id: UUID
    text: str
    author: str
    written_at: datetime


class NoteList(msgspec.Struct, frozen=True):
    items: list[NoteView]
    next_cursor: str | None


@get(NOTES, guards=[requires(*READING)], tags=["registrations"], operation_id="listNotes")
async def list_notes(registration_id: FromPath[UUID], actor: NamedDependency[Actor]) -> NoteList:
    """Notes of the organisers on somebody, the newest first."""
    registration, event = await readable(actor, registration_id)
    if not may_read_registrations(actor, event):
        raise NotAllowed
    return NoteList([_view(note) for note in await notes_of(registration.id)], None)


@post(
    NOTES,
    guards=[requires(*ORGANISING)],
    tags=["registrations"],
    operation_id="addNote",
    responses={201: ResponseSpec(NoteView, description="The note", media_type="application/json")},
)
async def write_note(
    request: Request,  # type: ignore[type-arg]
    registration_id: FromPath[UUID],
    data: JSONBody[NoteIn],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """Note something on somebody, who reads it in the data that they may download, and nowhere else."""

    async def work() -> NoteView:
        return _view(await add_note(world, actor, registration_id, data.text))

    return await answer_once(request, world, work)


@delete(
    NOTES + "/{note_id:uuid}",
    guards=[requires(*ORGANISING)],
    tags=["registrations"],
    operation_id="deleteNote",
)
async def remove_note(
    registration_id: FromPath[UUID],
    note_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> None:
    """Delete a note."""
    await delete_note(world, actor, registration_id, note_id)


def _view(note: Note) -> NoteView:
    return NoteView(note.id, note.text, note.author, note.written_at)


ROUTES = [list_notes, write_note, remove_note]
