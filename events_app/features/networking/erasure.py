"""What networking sessions keep of somebody whose data are erased: where they sat, without a name."""

from events_app.features.registration.model import RegistrationRecord
from events_app.infra.database import execute
from events_app.infra.world import World


async def forget_wishes(world: World, registration: RegistrationRecord) -> None:
    """Handed to registration's hooks by `app.py`; runs in the transaction of the erasure."""
    person = registration.id
    await execute("DELETE FROM meeting_wish WHERE registration = {} OR about = {}", person, person)
