"""The secret links of a registration. Derived, so that any later mail can say them again; stored hashed."""

from uuid import UUID

from events_app.features.registration.model import RegistrationRecord
from events_app.infra.world import World


def manage_token(world: World, registration_id: UUID, generation: int = 0) -> str:
    return world.derived_token("manage", f"{registration_id}:{generation}")


def feed_token(world: World, registration_id: UUID, generation: int = 0) -> str:
    return world.derived_token("feed", f"{registration_id}:{generation}")


def invitation_token(world: World, invitation_id: UUID) -> str:
    return world.derived_token("invitation", str(invitation_id))


def address_token(world: World, registration: RegistrationRecord, email: str) -> str:
    subject = f"{registration.id}:{registration.token_generation}:{email}"
    return world.derived_token("address", subject)


def address_url(world: World, registration: RegistrationRecord, email: str) -> str:
    return world.url(f"/address/{registration.id}/{address_token(world, registration, email)}")


def manage_path(world: World, registration: RegistrationRecord) -> str:
    return "/me/" + manage_token(world, registration.id, registration.token_generation)


def manage_url(world: World, registration: RegistrationRecord) -> str:
    return world.url(manage_path(world, registration))


def calendar_url(world: World, registration: RegistrationRecord) -> str:
    token = feed_token(world, registration.id, registration.token_generation)
    return world.url(f"/me/{token}/calendar.ics")
