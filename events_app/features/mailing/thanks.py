"""Thanks to those who came, a day after the end: looked for every minute, written once whatever restarts."""

from datetime import datetime, timedelta
from uuid import UUID

from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.rules import THANKS_MINUTES
from events_app.features.events.telling import at_a_civil_hour
from events_app.features.mailing.job_kinds import THANKS
from events_app.features.mailing.reminders import note_written, was_written
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.infra.database import retried, rows, unit_of_work
from events_app.infra.jobs import enqueue_many
from events_app.infra.world import World

AFTER = timedelta(minutes=-THANKS_MINUTES)
_NOT_LATER = timedelta(days=2)  # after a long outage nobody is thanked for what is long ago


async def thank(world: World) -> None:
    found = await rows(
        "SELECT id FROM event WHERE status = 'published' AND reminders LIKE {} AND ends_at <= {}"
        " AND ends_at > {}",
        f"%{THANKS_MINUTES}%",
        world.now() - AFTER,
        world.now() - AFTER - _NOT_LATER,
    )
    for each in found:
        await _write(world, each["id"])


def is_due(event: EventRecord, now: datetime) -> bool:
    """Pure."""
    wanted = event.status is EventStatus.PUBLISHED and THANKS_MINUTES in event.reminders
    due = at_a_civil_hour(event.ends_at + AFTER, event.timezone)
    return wanted and due <= now < event.ends_at + AFTER + _NOT_LATER


@retried
async def _write(world: World, event_id: UUID) -> None:
    async with unit_of_work():
        event = await held(event_id)
        if not is_due(event, world.now()) or await was_written(event, THANKS_MINUTES):
            return
        await note_written(world, event, THANKS_MINUTES)
        came = await rows(  # index registration_queue, presence_once
            "SELECT r.id FROM registration r WHERE r.event = {} AND r.status = 'confirmed' AND r.email <> ''"
            " AND EXISTS (SELECT 1 FROM presence p WHERE p.registration = r.id)"
            " AND NOT EXISTS (SELECT 1 FROM no_reminders n WHERE n.registration = r.id) ORDER BY r.arrival",
            event.id,
        )
        await enqueue_many(world, THANKS, [AboutRegistration(each["id"]) for each in came], event_id=event.id)
