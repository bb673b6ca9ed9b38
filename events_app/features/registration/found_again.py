"""Finding one's tickets again: a mail with all that a person is coming to, and no word about it on the page.

Whoever asks learns nothing: for every address the same is read, written and answered. What the mail says is
looked up when it is written.
"""

from events_app.features.events.model import EventRecord
from events_app.features.events.queries import events_by_ids
from events_app.features.registration.job_kinds import FOUND_AGAIN, AboutRegistration
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.queries import registrations_of_address
from events_app.infra import jobs
from events_app.infra.database import unit_of_work
from events_app.infra.world import World
from events_app.kernel.errors import InvalidInput
from events_app.kernel.text import clean_email, email_problem

Coming = tuple[EventRecord, RegistrationRecord]


def address_of(email: str) -> str:
    """Raises `InvalidInput` for what is no address."""
    address = clean_email(email)
    if address is None:
        raise InvalidInput.one("/email", "invalid", email_problem(email))
    return address


async def ask(world: World, address: str) -> None:
    async with unit_of_work():
        found = await registrations_of_address(address, world.now())
        # An id of nobody where nobody is known: the same work, and no address stands in the queue.
        registration_id = found[0].id if found else world.new_id()
        await jobs.enqueue(world, FOUND_AGAIN, AboutRegistration(registration_id))


async def coming(world: World, email: str) -> list[Coming]:
    """What the person of this address is registered for, soonest first."""
    found = {each.event_id: each for each in await registrations_of_address(email, world.now())}
    events = await events_by_ids(list(found))
    return [(event, found[event.id]) for event in sorted(events, key=lambda event: event.starts_at)]
