"""What follows, without hurry, when an organising body has another name."""

from events_app.features.accounts.job_kinds import BODY_CHANGED, ChangedBody
from events_app.features.events.content import event_content
from events_app.features.events.holding import held
from events_app.features.events.records import search_text
from events_app.infra.database import execute, rows, unit_of_work
from events_app.infra.job_kinds import ClaimedJob
from events_app.infra.world import World


async def body_changed(world: World, _: ClaimedJob, changed: ChangedBody) -> None:
    """Its events are found by the new name, and whoever keeps a copy of one reads it again. An event a
    transaction: nobody waits for all of them."""
    for found in await rows("SELECT id FROM event WHERE body = {} ORDER BY id", changed.body_id):
        async with unit_of_work():
            event = await held(found["id"])
            await execute(
                "UPDATE event SET search_text = {}, revision = revision + 1, updated_at = {} WHERE id = {}",
                search_text(event_content(event), event.body_name),
                world.now(),
                event.id,
            )


HANDLERS = (BODY_CHANGED.done_by(body_changed),)
