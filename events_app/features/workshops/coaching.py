"""What a coach sees: own sessions, and who comes to them once the placement is published."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from events_app.features.events.access import may_see_session_people
from events_app.features.events.model import EventRecord, EventStatus, SessionRecord
from events_app.features.events.queries import event_by_id, session_record
from events_app.features.registration.model import Answer
from events_app.features.registration.queries import answers_of
from events_app.features.workshops.model import SeatedPerson
from events_app.features.workshops.queries import people_in
from events_app.infra.database import rows
from events_app.kernel.actor import Actor

SHOWN_AFTERWARDS = timedelta(days=30)


class CoachedSession(msgspec.Struct, frozen=True):
    event: EventRecord
    session: SessionRecord
    people: list[SeatedPerson]
    answers: dict[UUID, list[tuple[str, Answer]]] = {}
    """By registration: question and answer, of the questions that are meant for the coach."""


async def sessions_of_coach(actor: Actor, now: datetime) -> list[CoachedSession]:
    """Coming ones first, and those of the last month, in order of time; without cancelled events."""
    found = await rows(
        "SELECT * FROM session WHERE coach_account_id = {} AND ends_at > {} ORDER BY starts_at, code",
        actor.id,
        now - SHOWN_AFTERWARDS,
    )
    coached = []
    for session in (session_record(line) for line in found):
        event = await event_by_id(session.event_id)
        if event is None or event.status is EventStatus.CANCELLED:
            continue
        if may_see_session_people(actor, event, session):
            people = await people_in(session.id)
            coached.append(CoachedSession(event, session, people, await _answers_for_coach(event, people)))
    return coached


async def _answers_for_coach(
    event: EventRecord, people: list[SeatedPerson]
) -> dict[UUID, list[tuple[str, Answer]]]:
    meant = [question for question in event.questions if question.for_coach]
    if not meant:
        return {}
    given = await answers_of([person.registration_id for person in people])
    return {
        registration_id: [(each.label, answers[each.code]) for each in meant if each.code in answers]
        for registration_id, answers in given.items()
    }
