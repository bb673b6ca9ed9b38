"""Writing to somebody once more."""

from uuid import UUID

from events_app.features.registration.access import may_decide
from events_app.features.registration.intake import MAIL_BY_STATUS
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.features.registration.reading import locked
from events_app.features.registration.rules import NotPossibleNow
from events_app.infra import audit, jobs
from events_app.infra.database import retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotAllowed


@retried
async def send_again(world: World, actor: Actor, registration_id: UUID) -> None:
    """The mail that fits the present status, to whoever leads the group.

    Raises `NotFound`, `NotAllowed`, `NotPossibleNow` once it is withdrawn or refused.
    """
    async with unit_of_work():
        registration, event = await locked(actor, registration_id)
        if not may_decide(actor, event):
            raise NotAllowed
        kind = MAIL_BY_STATUS.get(registration.status)
        if kind is None:
            raise NotPossibleNow(status=registration.status.value)
        await jobs.enqueue(world, kind, AboutRegistration(registration.group_id), event_id=event.id)
        await audit.record(
            world,
            actor,
            "registration.written_to",
            body_id=event.body_id,
            event_id=event.id,
            object_id=registration.id,
        )
