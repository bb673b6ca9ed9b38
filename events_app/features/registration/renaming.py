"""Answers follow the choices that were given another name."""

from collections.abc import Mapping

import msgspec

from events_app.features.events.model import EventRecord
from events_app.features.events.renaming import Renames
from events_app.features.registration.model import Answer
from events_app.infra.database import execute, rows


async def follow(event: EventRecord, renames: Renames) -> None:
    """In the transaction of the change, which holds the event."""
    found = await rows(
        "SELECT id, answers FROM registration WHERE event = {} AND answers <> {}", event.id, "{}"
    )
    for each in found:
        answers: dict[str, Answer] = msgspec.json.decode(each["answers"])
        followed = {code: _followed(answer, renames.get(code, {})) for code, answer in answers.items()}
        if followed != answers:
            await execute(
                "UPDATE registration SET answers = {}, revision = revision + 1 WHERE id = {}",
                msgspec.json.encode(followed).decode(),
                each["id"],
            )


def _followed(answer: Answer, names: Mapping[str, str]) -> Answer:
    if isinstance(answer, list):
        return [names.get(each, each) for each in answer]
    return names.get(answer, answer) if isinstance(answer, str) else answer
