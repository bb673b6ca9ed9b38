"""The demo: ten events, the Monkey Time full with a waiting list and wishes, and never over real data."""

from events_app.commands.demo import first_steps, prepare
from events_app.features.accounts.service import ensure_first_body
from events_app.features.events.queries import event_by_slug
from events_app.features.networking.reporting import outcome_of
from events_app.features.operations.demo import fill
from events_app.features.operations.demo.programme import EVENTS, MONKEY_TIME, PAST_EVENING
from events_app.infra.database import execute, row, rows
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM


async def test_the_territory_is_there(database: str, world: World) -> None:
    assert await prepare(world, reset=False) is None
    events = await rows("SELECT format, status FROM event")
    assert len(events) == len(EVENTS) + 1 == 11  # one evening is over
    assert len({event["format"] for event in events}) == 10
    people = await rows(
        "SELECT r.status, count(*) AS n FROM registration r JOIN event e ON e.id = r.event"
        " WHERE e.slug = {} GROUP BY r.status",
        MONKEY_TIME,
    )
    assert {found["status"]: found["n"] for found in people} == {"confirmed": 40, "waiting": 3}
    wishes = await row("SELECT count(*) AS n FROM preference p JOIN session s ON s.id = p.session")
    assert wishes is not None
    assert wishes["n"] >= 43 * 3


async def test_an_evening_that_is_over_has_its_report(database: str, world: World) -> None:
    await prepare(world, reset=False)
    event = await event_by_slug(PAST_EVENING.slug)
    assert event is not None
    assert event.ends_at < world.now()
    outcome = await outcome_of(world, SYSTEM, event, "tables")
    report = outcome.report
    assert 0.7 * report.planned < report.held < report.planned
    assert 0 < report.both < report.again < report.held
    assert len(outcome.pairs) == report.both


async def test_the_coach_with_an_account_leads_a_workshop(database: str, world: World) -> None:
    await prepare(world, reset=False)
    led = await rows("SELECT s.coach, a.name FROM session s JOIN account a ON a.id = s.coach_account_id")
    assert led == [{"coach": "Sylvie Marchal", "name": "Sylvie Marchal"}]


async def test_a_second_start_changes_nothing(database: str, world: World) -> None:
    await prepare(world, reset=False)
    before = await rows("SELECT id FROM registration ORDER BY id")
    assert await prepare(world, reset=False) is None
    assert await rows("SELECT id FROM registration ORDER BY id") == before


async def test_reset_starts_over(database: str, world: World) -> None:
    await prepare(world, reset=False)
    await execute("UPDATE event SET title = {}", "changed by hand")
    assert await prepare(world, reset=True) is None
    assert await rows("SELECT id FROM event WHERE title = {}", "changed by hand") == []
    assert await fill.is_demo()


async def test_real_data_is_never_thrown_away(database: str, world: World) -> None:
    await prepare(world, reset=False)
    await execute("DELETE FROM counter WHERE name = {}", "demo")  # an installation that is not a demo
    before = await rows("SELECT id FROM event ORDER BY id")
    assert await prepare(world, reset=True) is not None
    assert await rows("SELECT id FROM event ORDER BY id") == before


async def test_the_first_steps_name_each_role(database: str, world: World) -> None:
    await ensure_first_body(world)
    await prepare(world, reset=False)
    words = "\n".join(await first_steps(world))
    assert all(f"  {role} " in words for role in ("administrator", "organiser", "door", "coach"))
    assert f"/events/{MONKEY_TIME}" in words
