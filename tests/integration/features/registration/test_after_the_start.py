"""Once the event has begun, the waiting list moves by the organiser's hand alone."""

from datetime import timedelta

from events_app.features.registration import approval, withdrawal
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import again, make_event, make_registration
from tests.world import make_world


async def test_a_place_that_becomes_free_during_the_event_calls_nobody(world: World, database: str) -> None:
    event = await make_event(world, capacity=2, registration_closes_at=world.now() + timedelta(days=1))
    first, second, third, fourth = [await make_registration(world, event) for _ in range(4)]
    closed = make_world(world.settings.data_dir, event.starts_at - timedelta(minutes=5))
    await withdrawal.cancel(closed, SYSTEM, first.id)
    assert (await again(third)).status == "confirmed"
    begun = make_world(world.settings.data_dir, event.starts_at)
    await withdrawal.cancel(begun, SYSTEM, second.id)
    assert (await again(fourth)).status == "waiting"
    promoted = await db.rows("SELECT id FROM job WHERE kind = 'mail.promoted'")
    assert len(promoted) == 1
    await approval.approve(begun, SYSTEM, fourth.id)
    assert (await again(fourth)).status == "confirmed"
