"""Wanting no more reminders or news, by one click in a mail. The registration and its ticket stay."""

from hmac import compare_digest
from uuid import UUID

from events_app.features.registration import consents
from events_app.features.registration.access import participant
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.queries import registration_by_id
from events_app.infra.database import execute, row, unit_of_work
from events_app.infra.world import World
from events_app.kernel.errors import NotFound

REMINDERS = "reminders"


def unsubscribe_url(world: World, registration_id: UUID, what: str = REMINDERS) -> str:
    """`what`: reminders, or the code of an agreement to news."""
    return world.url(f"/unsubscribe/{registration_id}/{what}/{_proof(world, registration_id, what)}")


async def asked_by(world: World, registration_id: UUID, what: str, proof: str) -> RegistrationRecord:
    """Raises `NotFound` for a link that we did not write, or of somebody who was erased."""
    registration = await registration_by_id(registration_id)
    if (
        registration is None
        or registration.erased_at
        or not compare_digest(proof.encode(), _proof(world, registration_id, what).encode())
    ):
        raise NotFound
    return registration


async def wants_none(registration_id: UUID, what: str = REMINDERS) -> bool:
    """Of news: whether they agreed is asked when the readers are chosen."""
    if what != REMINDERS:
        return False
    found = await row("SELECT 1 AS one FROM no_reminders WHERE registration = {}", registration_id)
    return found is not None


async def stop(world: World, registration: RegistrationRecord, what: str) -> None:
    """Repeating it changes nothing."""
    if what != REMINDERS:
        await consents.withdraw(world, participant(registration.id), registration.id, what)
        return
    async with unit_of_work():
        await execute(
            "INSERT INTO no_reminders (id, registration, since) VALUES ({}, {}, {})"
            " ON CONFLICT (registration) DO NOTHING",
            world.new_id(),
            registration.id,
            world.now(),
        )


async def begin_again(world: World, registration: RegistrationRecord, what: str) -> None:
    if what != REMINDERS:
        await consents.give(world, participant(registration.id), registration.id, what)
        return
    await execute("DELETE FROM no_reminders WHERE registration = {}", registration.id)


def _proof(world: World, registration_id: UUID, what: str) -> str:
    return world.derived_token("unsubscribe", f"{registration_id}:{what}")
