"""The cycle of the demo: fourteen communes, of which most are represented at the meeting to come."""

from events_app.features.events.model import EventRecord
from events_app.features.series.matrix import Member
from events_app.features.series.service import SeriesInput, create
from events_app.features.territory.communes import communes
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM

MEMBERS = 14


async def make_series(world: World, event: EventRecord) -> None:
    """The largest communes: invented people live there most often."""
    largest = sorted(communes(), key=lambda commune: -commune.population)[: MEMBERS - 1]
    named = [Member(commune.name, commune.insee) for commune in largest]
    wanted = SeriesInput("Cycle solaire", [*named, Member("Beugin")], [event.slug])
    await create(world, SYSTEM, event.body_id, wanted)
