"""A programme from a file: each line answered by itself, looked at first, taken in one transaction."""

from collections.abc import Sequence

import msgspec

from events_app.features.events import programme
from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.events.programme_lines import (
    NEEDED,
    LineOutcome,
    SessionLine,
    as_sessions,
    look_at,
    recognise,
)
from events_app.features.events.queries import sessions_of
from events_app.features.events.sent_tables import read_table
from events_app.features.events.sessions import programmable
from events_app.infra import audit
from events_app.infra.database import retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput

MOST_LINES = 1_000
IMPORT_BYTES = 4_000_000  # of a file sent in


class ProgrammeImport(msgspec.Struct, frozen=True):
    """`sessions`: the whole programme as it is then, with what was added."""

    event: EventRecord
    lines: list[SessionLine]
    sessions: list[SessionRecord]

    def number(self, outcome: LineOutcome) -> int:
        return sum(each.outcome == outcome for each in self.lines)


@retried
async def import_programme(
    world: World,
    actor: Actor,
    slug: str,
    content: bytes,
    *,
    dry_run: bool,
    columns: Sequence[str] | None = None,
) -> ProgrammeImport:
    """`columns`: what each column is, where the organiser said it; otherwise by their heads.

    Sessions that are there stay as they are. Raises `InvalidInput` where the file as a whole cannot be taken,
    `NotFound`, `NotAllowed`, `WrongStatus`.
    """
    heads, lines = await read_table(content, MOST_LINES)
    wanted = recognise(heads) if columns is None else list(columns)
    if any(name not in wanted for name in NEEDED):
        message = N_(
            "The columns with the title, the start and the end are needed. Say below which they are."
        )
        raise InvalidInput.one("/file", "no_title", message)
    cells = [{name: cell for name, cell in zip(wanted, line, strict=False) if name} for line in lines]
    async with unit_of_work():
        event = await programmable(actor, slug)
        present = await sessions_of(event.id)
        result = ProgrammeImport(event, look_at(cells, event, present), present)
        added = as_sessions(result.lines, event)
        if added and not dry_run:
            for line in result.lines:
                if line.content is not None:
                    await programme.insert_session(world, event, line.content)
            await audit.record(
                world,
                actor,
                "programme.imported",
                body_id=event.body_id,
                event_id=event.id,
                created=result.number("created"),
                errors=result.number("error"),
            )
    return msgspec.structs.replace(result, sessions=[*present, *added])
