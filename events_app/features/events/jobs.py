"""What follows, without hurry, when an organising body has another name."""

from uuid import UUID

from events_app.features.events.content import event_content
from events_app.features.events.holding import held
from events_app.features.events.records import search_text
from events_app.infra.database import execute, rows, unit_of_work
from events_app.infra.jobs import ClaimedJob, JobHandler
from events_app.infra.world import World


async def body_changed(world: World, job: ClaimedJob) -> None:
    """Its events are found by the new name, and whoever keeps a copy of one reads it again. An event a
    transaction: nobody waits for all of them."""
    body_id = UUID(str(job.payload["body_id"]))
    for found in await rows("SELECT id FROM event WHERE body = {} ORDER BY id", body_id):
        async with unit_of_work():
            event = await held(found["id"])
            await execute(
                "UPDATE event SET search_text = {}, revision = revision + 1, updated_at = {} WHERE id = {}",
                search_text(event_content(event), event.body_name),
                world.now(),
                event.id,
            )


HANDLERS: dict[str, JobHandler] = {"events.body_changed": body_changed}
