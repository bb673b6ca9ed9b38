"""What a coach sees: own sessions, and who comes to them once the placement is published."""

from datetime import datetime, timedelta

import msgspec

from events_app.features.events.access import may_see_session_people
from events_app.features.events.model import EventRecord, EventStatus, SessionRecord
from events_app.features.events.queries import event_by_id, session_record
from events_app.features.workshops.model import SeatedPerson
from events_app.features.workshops.queries import people_in
from events_app.infra.database import rows
from events_app.kernel.actor import Actor

SHOWN_AFTERWARDS = timedelta(days=30)


class CoachedSession(msgspec.Struct, frozen=True):
    event: EventRecord
    session: SessionRecord
    people: list[SeatedPerson]


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
            coached.append(CoachedSession(event, session, await people_in(session.id)))
    return coached
