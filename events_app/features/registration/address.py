"""Another address for somebody: new links and tickets, and what was sent to the old one stops working.

The organiser corrects it at once. The person asks for it by the personal link, and opens the link that is
sent to the new address (docs/decisions/0086-corrected-addresses.md).
"""

from hmac import compare_digest
from uuid import UUID

from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.registration import job_kinds, links
from events_app.features.registration.applicant import check_email
from events_app.features.registration.intake import MAIL_BY_STATUS, remind
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.queries import active_lead, group_of, registration_by_id
from events_app.features.registration.reading import locked
from events_app.features.registration.rules import AlreadyRegistered, NotPossibleNow
from events_app.infra import audit, jobs
from events_app.infra.database import execute, row, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import FieldError, InvalidInput, NotFound
from events_app.kernel.ids import token_hash
from events_app.kernel.text import fold_email

_MAIL_BY_EVENT = {
    EventStatus.POSTPONED: job_kinds.EVENT_POSTPONED,
    EventStatus.CANCELLED: job_kinds.EVENT_CANCELLED,
}


async def replace(
    world: World, actor: Actor, event: EventRecord, registration: RegistrationRecord, email: str
) -> None:
    """For all who came with this person too: their tickets went to the old address. In a transaction that
    holds the event. Raises `AlreadyRegistered`."""
    if await active_lead(event.id, email) is not None:
        raise AlreadyRegistered
    await execute(
        "UPDATE registration SET email = {}, email_folded = {}, new_email = '' WHERE id = {}",
        email,
        fold_email(email),
        registration.id,
    )
    for member in await group_of(registration.group_id):
        await _reissue(world, member)
    await audit.record(
        world,
        actor,
        "registration.address_changed",
        body_id=event.body_id,
        event_id=event.id,
        object_id=registration.id,
    )
    if not event.is_over(world.now()):
        kind = _MAIL_BY_EVENT.get(event.status, MAIL_BY_STATUS[registration.status])
        await jobs.enqueue(world, kind, AboutRegistration(registration.id), event_id=event.id)


async def _reissue(world: World, member: RegistrationRecord) -> None:
    """New links and a new ticket code; who opens the former link is told so."""
    generation = member.token_generation + 1
    await execute(
        "UPDATE registration SET former_token_hash = token_hash, token_generation = {}, token_hash = {},"
        " feed_hash = {}, ticket_generation = ticket_generation + 1, ticket_issued_at = {},"
        " revision = revision + 1 WHERE id = {}",
        generation,
        token_hash(links.manage_token(world, member.id, generation)),
        token_hash(links.feed_token(world, member.id, generation)),
        world.now(),
        member.id,
    )


async def ask(world: World, actor: Actor, registration_id: UUID, email: str) -> None:
    """Write to the new address. Where somebody else is registered under it, that person gets the mail that
    says so, and whoever asks is told the same: the list stays private.

    Raises `InvalidInput`, `NotPossibleNow`."""
    async with unit_of_work():
        registration, event = await locked(actor, registration_id)
        if not registration.leads or not registration.status.is_active:
            raise NotPossibleNow(status=registration.status.value)
        errors: list[FieldError] = []
        cleaned = check_email(email, "/email", errors)
        if errors:
            raise InvalidInput(errors)
        await execute("UPDATE registration SET new_email = {} WHERE id = {}", cleaned, registration.id)
        known = await active_lead(event.id, cleaned)
        if known is not None:
            await remind(world, actor, event, known.id)
        else:
            kind = job_kinds.ADDRESS_TO_CONFIRM
            await jobs.enqueue(world, kind, AboutRegistration(registration.id), event_id=event.id)


async def address_asked(registration_id: UUID) -> str:
    """The address that waits to be confirmed, or nothing."""
    found = await row("SELECT new_email FROM registration WHERE id = {}", registration_id)
    return str(found["new_email"]) if found else ""


async def to_confirm(world: World, registration_id: UUID, proof: str) -> tuple[RegistrationRecord, str]:
    """Whose address this link confirms. Raises `NotFound` once it was used or another was asked for."""
    registration = await registration_by_id(registration_id)
    email = await address_asked(registration_id)
    if registration is None or not registration.status.is_active or not email:
        raise NotFound
    if not compare_digest(proof.encode(), links.address_token(world, registration, email).encode()):
        raise NotFound
    return registration, email


async def confirm(world: World, actor: Actor, registration_id: UUID, proof: str) -> RegistrationRecord:
    """Raises `NotFound`, `AlreadyRegistered`: whoever reads that mailbox may know."""
    registration, _ = await to_confirm(world, registration_id, proof)
    async with unit_of_work():
        event = await held(registration.event_id)
        registration, email = await to_confirm(world, registration_id, proof)
        await replace(world, actor, event, registration, email)
        return await registration_by_id(registration_id) or registration


async def was_replaced(token: str) -> bool:
    """Whether this is a personal link that stopped working when the address was corrected."""
    found = await row(
        "SELECT 1 AS one FROM registration WHERE former_token_hash = {} AND erased_at IS NULL",
        token_hash(token),
    )
    return found is not None
