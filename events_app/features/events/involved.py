"""How many people a change of an event concerns, counted before it is saved."""

from uuid import UUID

from events_app.features.events import hooks
from events_app.features.events.consequences import Involved
from events_app.features.events.content import EventContent
from events_app.features.events.queries import counts_of_one
from events_app.features.events.renaming import Renames


async def people_involved(event_id: UUID, old: EventContent, new: EventContent, renames: Renames) -> Involved:
    """What only some changes concern is counted for these alone."""
    counts = await counts_of_one(event_id)
    beyond = await hooks.beyond(event_id, new.max_companions, new.preferences_count)
    asked_else = new.questions != old.questions
    before = {each.code: each.purpose for each in old.consents}
    reworded = [each for each in new.consents if before.get(each.code, each.purpose) != each.purpose]
    return Involved(
        confirmed=counts.confirmed,
        registered=counts.active,
        waiting=counts.waiting,
        pending=counts.pending,
        groups_beyond=beyond.groups,
        wishing_beyond=beyond.wishing,
        answers_lost=await hooks.answers_lost(event_id, new.questions, renames) if asked_else else 0,
        agreed_otherwise=await hooks.agreed_otherwise(event_id, reworded) if reworded else 0,
    )
