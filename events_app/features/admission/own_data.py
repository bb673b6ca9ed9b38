"""What the doors keep of somebody, as it is handed to them through registration's hooks."""

from events_app.features.events.model import EventRecord
from events_app.features.registration.model import RegistrationRecord
from events_app.infra.database import rows


async def own_entrances(_event: EventRecord, registration: RegistrationRecord) -> dict[str, object]:
    """Without who stood at the door."""
    return {
        "entrances": await rows(  # index scan_registration
            "SELECT n.scanned_at, n.direction, n.gate, s.title AS session, n.outcome, n.reason FROM scan n"
            " LEFT JOIN session s ON s.id = n.session_id WHERE n.registration_id = {}"
            " ORDER BY n.scanned_at, n.id",
            registration.id,
        )
    }
