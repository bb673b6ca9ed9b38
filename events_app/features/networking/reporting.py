"""What came of a networking session: the four figures of the trade, and whose contacts have passed."""

from datetime import datetime
from uuid import UUID

import msgspec

from events_app.features.events.access import may_edit, may_read_registrations
from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.networking.arrangement import round_times
from events_app.features.networking.contacts import held_pairs, passed, released_pairs, said_in
from events_app.features.networking.errors import NothingPublished
from events_app.features.networking.model import Guest, PlanRecord
from events_app.features.networking.mutual import Pair, Report, begun_rounds, passes_at, report_of
from events_app.features.networking.now import RoomNow, room_now
from events_app.features.networking.queries import (
    announced_of,
    networking_session,
    planned_in,
    published_plan,
    rounds_of,
)
from events_app.features.networking.sides import scores_of, sides_of
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotAllowed


class Outcome(msgspec.Struct, frozen=True):
    """`pairs`: whose contacts have passed to each other; nobody before."""

    event: EventRecord
    session: SessionRecord
    report: Report
    passes_at: datetime
    passed_at: datetime | None
    pairs: list[tuple[Guest, Guest]]
    in_pairs: bool


async def outcome_of(world: World, actor: Actor, event: EventRecord, code: str) -> Outcome:
    """In a snapshot. Raises `NotAllowed`, `NotFound`, `NothingPublished`."""
    if not may_read_registrations(actor, event):
        raise NotAllowed
    session = await networking_session(event, code)
    plan = await published_plan(session.id)
    if plan is None:
        raise NothingPublished
    now = await room_now(event, session)
    held = await held_pairs(world, session, plan)
    wished = _wished(now, plan)
    passed_at = await passed(plan.id)
    pairs = await released_pairs(session.id) if may_edit(actor, event) else []
    known = now.known
    return Outcome(
        event=event,
        session=session,
        report=report_of(
            wishes=len(wished),
            fulfilled=sum(any(pair in held for pair in ways) for ways in wished),
            planned=await planned_in(plan.id),
            held=held,
            said=await said_in(session.id),
            there=await _there(world, session, plan),
        ),
        passes_at=passes_at(session),
        passed_at=passed_at,
        pairs=[(known[one], known[other]) for one, other in pairs if one in known and other in known],
        in_pairs=now.meets_in_pairs,
    )


def _wished(now: RoomNow, plan: PlanRecord) -> list[set[Pair]]:
    """For each wish, the meetings that would fulfil it: of a structure any of its people will do."""
    if plan.settings.sides is None:
        wishes = [rule.registrations for rule in plan.settings.rules if rule.kind == "wish"]
        return [{(min(one, other), max(one, other))} for one, other in wishes]
    two = sides_of(now.guests, plan.settings.sides)
    members: dict[int, list[UUID]] = {}
    for post, structure in zip(two.posts, two.structure_of, strict=True):
        members.setdefault(structure, []).append(post.registration_id)
    return [
        {(min(person, post), max(person, post)) for post in members[structure]}
        for person, structure in scores_of(two, plan.settings, now.wishes)
    ]


async def _there(world: World, session: SessionRecord, plan: PlanRecord) -> set[UUID]:
    announced = (await announced_of([plan.id])).get(plan.id, {})
    times = round_times(plan.settings, session.starts_at, announced)
    begun = begun_rounds(times, announced, world.now())
    rounds = await rounds_of(plan)
    return {person for number in begun for table in rounds[number - 1] for person in table}
