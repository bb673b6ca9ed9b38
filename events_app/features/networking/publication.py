"""A seat plan is published, and taken back: from when on people are told where they sit."""

from uuid import UUID

from events_app.features.events.holding import held
from events_app.features.events.model import EventStatus
from events_app.features.events.queries import event_by_id
from events_app.features.networking.arrangement import round_times
from events_app.features.networking.errors import NotAnnounced, PlanOver, PlanStale, RoundsAnnounced
from events_app.features.networking.job_kinds import RELEASE, SessionToRelease
from events_app.features.networking.model import PlanRecord, PlanStatus
from events_app.features.networking.mutual import begun_rounds, met, passes_at
from events_app.features.networking.now import room_now
from events_app.features.networking.queries import announced_of, published_plan, rounds_of, session_by_id
from events_app.features.networking.service import existing_plan, note, plan_for_editing, two_sides
from events_app.infra import jobs
from events_app.infra.database import execute, retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor


@retried
async def publish(world: World, actor: Actor, plan_id: UUID) -> PlanRecord:
    """Publishing it again changes nothing. Raises `NotFound`, `NotAllowed`, `PlanOver`, `PlanStale`,
    `NotAnnounced`."""
    await plan_for_editing(actor, plan_id)
    plan = await existing_plan(plan_id)
    async with unit_of_work():
        await held(plan.event_id)
        plan, event = await plan_for_editing(actor, plan_id)
        if event.status in (EventStatus.DRAFT, EventStatus.CANCELLED):
            raise NotAnnounced
        if plan.status is PlanStatus.SUPERSEDED:
            raise PlanOver
        if plan.status is PlanStatus.PUBLISHED:
            return plan
        if await is_stale(plan):
            raise PlanStale
        before = await published_plan(plan.session_id)
        if before is not None and await announced_of([before.id]):
            raise RoundsAnnounced
        await execute(
            "UPDATE seating_plan SET status = {}, revision = revision + 1 WHERE session = {} AND status = {}",
            PlanStatus.SUPERSEDED.value,
            plan.session_id,
            PlanStatus.PUBLISHED.value,
        )
        await execute(
            "UPDATE seating_plan SET status = {}, published_at = {}, planned = {}, revision = revision + 1"
            " WHERE id = {}",
            PlanStatus.PUBLISHED.value,
            world.now(),
            len(met(await rounds_of(plan), range(1, plan.settings.rounds + 1), await two_sides(plan))),
            plan.id,
        )
        session = await session_by_id(plan.session_id)
        await jobs.enqueue(
            world, RELEASE, SessionToRelease(session.id), event_id=event.id, run_at=passes_at(session)
        )
        await note(world, actor, event, plan.id, "networking.published")
        return await existing_plan(plan_id)


async def is_stale(plan: PlanRecord) -> bool:
    """Whether people, wishes or settings are no longer those it was made from."""
    event = await event_by_id(plan.event_id)
    if event is None:
        return True
    now = await room_now(event, await session_by_id(plan.session_id))
    return now.digest != plan.digest


@retried
async def take_back(world: World, actor: Actor, plan_id: UUID) -> PlanRecord:
    """The plan, and the one that it replaced, are proposals again. Of a plan that is not published nothing
    changes. Raises `NotFound`, `NotAllowed`; `RoundsAnnounced` once people sit by it."""
    await plan_for_editing(actor, plan_id)
    plan = await existing_plan(plan_id)
    async with unit_of_work():
        await held(plan.event_id)
        plan, event = await plan_for_editing(actor, plan_id)
        if plan.status is not PlanStatus.PUBLISHED:
            return plan
        announced = (await announced_of([plan.id])).get(plan.id, {})
        times = round_times(plan.settings, (await session_by_id(plan.session_id)).starts_at)
        if begun_rounds(times, announced, world.now()):
            raise RoundsAnnounced
        await execute(
            "UPDATE seating_plan SET status = {}, published_at = NULL, planned = 0, revision = revision + 1"
            " WHERE id = {} OR id = (SELECT id FROM seating_plan WHERE session = {} AND status = {}"
            " ORDER BY published_at DESC LIMIT 1)",
            PlanStatus.PROPOSED.value,
            plan.id,
            plan.session_id,
            PlanStatus.SUPERSEDED.value,
        )
        await note(world, actor, event, plan.id, "networking.taken-back")
        return await existing_plan(plan_id)
