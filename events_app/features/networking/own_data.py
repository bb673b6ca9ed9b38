"""What networking sessions keep of somebody, as it is handed to them through registration's hooks."""

from events_app.features.events.model import EventRecord, SessionKind, SessionRecord
from events_app.features.events.queries import sessions_of
from events_app.features.networking.contacts import contacts_of
from events_app.features.networking.now import room_now
from events_app.features.networking.queries import seats_of
from events_app.features.networking.wishes import cards_for
from events_app.features.registration.model import RegistrationRecord
from events_app.infra.database import rows


async def own_meetings(event: EventRecord, registration: RegistrationRecord) -> dict[str, object]:
    """A structure's wishes name candidates by the number that it knows them by, as on its page."""
    person = registration.id
    kinds = SessionKind.NETWORKING, SessionKind.SPEED_DATING
    sessions = [each for each in await sessions_of(event.id) if each.kind in kinds]
    speed = [each for each in sessions if each.kind is SessionKind.SPEED_DATING]
    seats = (await seats_of([person])).get(person, [])
    return {
        "tables": [
            {"round": seat.round, "table": seat.table, "starts_at": seat.starts_at, "ends_at": seat.ends_at}
            for seat in seats
        ],
        "meeting_wishes": [wish for each in speed for wish in await _wishes(event, each, registration)],
        "would_meet_again": await rows(
            "SELECT s.title AS session, o.given_name, o.family_name, t.at FROM contact_tick t"
            " JOIN session s ON s.id = t.session JOIN registration o ON o.id = t.about"
            " WHERE t.registration = {} ORDER BY t.at, t.id",
            person,
        ),
        "contacts": [contact for session in sessions for contact in await contacts_of(session.id, person)],
        "in_the_room": await rows(
            "SELECT s.title AS session, p.state, p.at FROM room_presence p JOIN session s ON s.id = p.session"
            " WHERE p.registration = {} ORDER BY p.at",
            person,
        ),
    }


async def _wishes(
    event: EventRecord, session: SessionRecord, registration: RegistrationRecord
) -> list[dict[str, object]]:
    cards = cards_for(await room_now(event, session), registration.id) or []
    return [
        {"session": session.title, "number": card.number, "about": card.name, "wish": card.value}
        for card in cards
        if card.value is not None
    ]
