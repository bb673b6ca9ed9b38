"""An address that was mistyped a moment ago, put right on the page after the form before a mail was opened.

Whoever typed it learns nothing about who is registered: see docs/decisions/0211-a-mistyped-address.md.
"""

from uuid import UUID

import msgspec

from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord
from events_app.features.registration import address, rules, service, withdrawal
from events_app.features.registration.access import participant
from events_app.features.registration.applicant import check_email
from events_app.features.registration.intake import remind
from events_app.features.registration.model import (
    RegistrationAnswer,
    RegistrationRecord,
    RegistrationRequest,
    Source,
)
from events_app.features.registration.queries import active_lead, registration_by_id
from events_app.infra.database import retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import FieldError, InvalidInput
from events_app.kernel.text import fold_email


class Receipt(msgspec.Struct, frozen=True):
    """Of a form that was sent: `id` as it was answered, for a new person that of the registration."""

    id: UUID
    request: RegistrationRequest


async def put_right(
    world: World, actor: Actor, event: EventRecord, receipt: Receipt, email: str
) -> RegistrationAnswer:
    """The registration that this form made keeps its place and gets the other address, with new links; where
    it made none, the form counts as sent with the other address. Raises what `service.register` raises."""
    errors: list[FieldError] = []
    cleaned = check_email(email, "/email", errors)
    if errors:
        raise InvalidInput(errors)
    if (reason := rules.closed_because(event, world.now())) is not None:
        raise rules.RegistrationClosed(reason=reason)
    made = await _moved(world, actor, event, receipt, cleaned)
    if made is not None:
        return RegistrationAnswer(made.id, made.status, None, None)
    wanted = msgspec.structs.replace(receipt.request, email=cleaned)
    return await service.register(world, actor, event, wanted, Source.PAGE)


@retried
async def _moved(
    world: World, actor: Actor, event: EventRecord, receipt: Receipt, email: str
) -> RegistrationRecord | None:
    """None where the form made no registration, or where that one is no longer as the form left it."""
    async with unit_of_work():
        fresh = await held(event.id)
        made = await registration_by_id(receipt.id)
        if made is None or made.event_id != event.id or not made.leads or not made.status.is_active:
            return None
        if fold_email(made.email) != fold_email(receipt.request.email):
            return None
        if fold_email(email) == fold_email(made.email):
            return made
        known = await active_lead(event.id, email)
        if known is not None:  # that one keeps what it has, and the mistaken one goes
            await withdrawal.cancel(world, participant(made.id), made.id)
            await remind(world, actor, fresh, known.id)
        else:
            await address.replace(world, actor, fresh, made, email)
        return made
