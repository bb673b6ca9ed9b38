"""What is kept of somebody's places, as it is handed to them through registration's hooks."""

from events_app.features.events.model import EventRecord
from events_app.features.registration.model import RegistrationRecord
from events_app.features.workshops.queries import places_of


async def own_places(_event: EventRecord, registration: RegistrationRecord) -> dict[str, object]:
    return {
        "workshops": [
            {
                "session": place.session.title,
                "starts_at": place.session.starts_at,
                "ends_at": place.session.ends_at,
                "wish": place.rank,
                "assigned_at": place.assigned_at,
            }
            for place in await places_of(registration.id)
        ]
    }
