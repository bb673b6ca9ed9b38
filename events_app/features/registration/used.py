"""What of an event and its sessions is in use by people who are registered."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from events_app.features.events.hooks import Beyond, SessionUse
from events_app.features.events.model import ConsentPurpose, Question
from events_app.features.events.renaming import Renames
from events_app.features.registration.model import Answer
from events_app.infra.database import row, rows

_ACTIVE = "r.status IN ('pending', 'confirmed', 'waiting')"


async def wishes_for(session_id: UUID) -> SessionUse:
    found = await row(
        "SELECT count(*) AS n FROM preference p JOIN registration r ON r.id = p.registration"
        f" WHERE p.session = {{}} AND {_ACTIVE}",
        session_id,
    )
    return SessionUse(wishes=found["n"] if found else 0)


async def answers_lost(event_id: UUID, questions: Sequence[Question], renames: Renames) -> int:
    """People with an answer to a question, or with a choice, that is not among these; `renames` follow."""
    asked = {question.code: question for question in questions}
    found = await rows(
        f"SELECT r.answers FROM registration r WHERE r.event = {{}} AND {_ACTIVE} AND r.answers <> {{}}",
        event_id,
        "{}",
    )
    return sum(
        any(
            not _is_shown(answer, asked.get(code), renames.get(code, {}))
            for code, answer in msgspec.json.decode(each["answers"], type=dict[str, Answer]).items()
        )
        for each in found
    )


def _is_shown(answer: Answer, question: Question | None, renames: Mapping[str, str]) -> bool:
    if question is None:
        return answer in ("", [])
    if not question.choices:
        return True
    chosen = answer if isinstance(answer, list) else [answer]
    return all(renames.get(str(each), each) in question.choices for each in chosen if each)


async def agreed_otherwise(event_id: UUID, purposes: Sequence[ConsentPurpose]) -> int:
    words = {purpose.code: purpose.purpose for purpose in purposes}
    found = await rows(
        "SELECT c.registration, c.code, c.purpose FROM consent c JOIN registration r ON r.id = c.registration"
        f" WHERE r.event = {{}} AND {_ACTIVE} AND c.withdrawn_at IS NULL",
        event_id,
    )
    return len(
        {
            each["registration"]
            for each in found
            if words.get(each["code"], each["purpose"]) != each["purpose"]
        }
    )


async def beyond_limits(event_id: UUID, companions: int, wishes: int) -> Beyond:
    groups = await row(
        f"SELECT count(*) AS n FROM (SELECT r.group_id FROM registration r WHERE r.event = {{}} AND {_ACTIVE}"
        " GROUP BY r.group_id HAVING count(*) > {}) g",
        event_id,
        companions + 1,
    )
    wishing = await row(
        "SELECT count(*) AS n FROM (SELECT r.id FROM registration r"
        " JOIN preference p ON p.registration = r.id"
        f" WHERE r.event = {{}} AND {_ACTIVE} GROUP BY r.id HAVING count(*) > {{}}) w",
        event_id,
        wishes,
    )
    return Beyond(groups["n"] if groups else 0, wishing["n"] if wishing else 0)
