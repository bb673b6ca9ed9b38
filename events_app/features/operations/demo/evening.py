"""A networking evening of the demo that is over: played by its own services at its own time."""

from collections import defaultdict
from datetime import timedelta
from random import Random
from uuid import UUID

from msgspec.structs import replace

from events_app.features.events.formats.workshops import AT_MY_TABLE
from events_app.features.events.model import EventRecord, SessionKind
from events_app.features.events.queries import sessions_of
from events_app.features.networking import contacts, live, proposing, publication, service
from events_app.features.networking.arrangement import suggested
from events_app.features.networking.live import board_of
from events_app.features.networking.model import PairRule
from events_app.features.networking.mutual import passes_at
from events_app.features.networking.queries import guests_of
from events_app.features.registration.access import participant
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.clock import FixedClock

ABSENT, LATE = 0.12, 0.05
WISHES = 18


async def play_evening(world: World, rng: Random, event: EventRecord) -> None:
    """`world`: with a clock of its own, which is moved to the end of the evening and the day after."""
    clock = world.clock
    if not isinstance(clock, FixedClock):
        raise TypeError("the evening is played by a clock that can be moved")
    session = next(s for s in await sessions_of(event.id) if s.kind is SessionKind.NETWORKING)
    people = [guest.registration_id for guest in await guests_of(event.id)]
    pairs = {tuple(sorted(rng.sample(people, 2))) for _ in range(WISHES)}
    settings = replace(
        suggested(len(people), session.ends_at - session.starts_at),
        rules=[PairRule("wish", list(pair)) for pair in sorted(pairs)],
        names_by=AT_MY_TABLE.code,
    )
    await service.configure(world, SYSTEM, event, session.code, settings)
    plan = await proposing.propose(world, SYSTEM, event, session.code, seed=7)
    await publication.publish(world, SYSTEM, plan.id)
    clock.advance(session.starts_at - clock.now())
    late = [person for person in people if rng.random() < LATE]
    for person in people:
        if person not in late and rng.random() < ABSENT:
            await live.tap(world, SYSTEM, event, session.code, person, "absent")
    for person in late:
        await live.tap(world, SYSTEM, event, session.code, person, "late")
    for number in range(1, settings.rounds + 1):
        await live.announce(world, SYSTEM, event, session.code, number)
        for person in late if number == 1 else ():
            await live.tap(world, SYSTEM, event, session.code, person, "here")
        clock.advance(timedelta(minutes=settings.minutes + settings.pause_minutes))
    await _say_again(world, rng, event, session.code)
    clock.advance(passes_at(session) - clock.now())
    await contacts.release(world, SYSTEM, event, session.code)


async def _say_again(world: World, rng: Random, event: EventRecord, code: str) -> None:
    """People who like each other say so both, more often than chance would have it."""
    board = await board_of(SYSTEM, event, code)
    met: dict[UUID, set[UUID]] = defaultdict(set)
    for each in board.rounds:
        for table in each.tables:
            seated = [person.id for person in table.people]
            for person in seated:
                met[person] |= {other for other in seated if other != person}
    said: dict[UUID, set[UUID]] = defaultdict(set)
    for person in sorted(met):
        for other in sorted(met[person]):
            if other > person and rng.random() < 0.1:
                said[person].add(other)
                said[other].add(person)
            elif rng.random() < 0.07:
                said[person].add(other)
    for person, others in sorted(said.items()):
        await contacts.say_again(world, participant(person), person, code, sorted(others))
