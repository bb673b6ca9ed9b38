"""Networking sessions by the public contract (v1): settings, proposals, moves, publication."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, patch, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from events_app.features.events.access import may_edit
from events_app.features.events.queries import visible_event
from events_app.features.networking import proposing, publication, service
from events_app.features.networking.model import PlanRecord, RoomSettings
from events_app.features.networking.now import room_now
from events_app.features.networking.pages.plan import pdf_answer
from events_app.features.networking.queries import (
    guests_of,
    locks_of,
    networking_session,
    rounds_of,
    session_by_id,
    wishes_of,
)
from events_app.features.networking.schemas import (
    MeetingWishes,
    PlanAnswer,
    PlanChanges,
    ProposalRequest,
    RoomAnswer,
    plan_answer,
)
from events_app.features.networking.views import plan_view
from events_app.features.networking.wishes import set_wishes
from events_app.infra.database import read_snapshot
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotAllowed
from events_app.web.guards import ORGANISING, requires
from events_app.web.idempotency import answer_once
from events_app.web.pages import language_of
from events_app.web.revisions import etag_of, expected_revision

TAGS = ["rooms"]
_CREATED = {201: ResponseSpec(PlanAnswer, description="The proposal", media_type="application/json")}

AnyRequest = Request[Any, Any, Any]


@get(
    "/events/{slug:str}/sessions/{code:str}/room",
    guards=[requires(*ORGANISING)],
    tags=TAGS,
    operation_id="readRoom",
)
async def read_room(
    slug: FromPath[str], code: FromPath[str], actor: NamedDependency[Actor]
) -> Response[RoomAnswer]:
    """How a networking session is held; sensible values where nothing was set."""
    return await _room(actor, slug, code)


@put(
    "/events/{slug:str}/sessions/{code:str}/room",
    guards=[requires(*ORGANISING)],
    tags=TAGS,
    operation_id="setRoom",
)
async def set_room(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    data: JSONBody[RoomSettings],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[RoomAnswer]:
    """Rounds, tables, what is mixed, who is kept apart or wants to meet. A published plan stays as it is."""
    event = await visible_event(actor, slug)
    await service.configure(world, actor, event, code, data, expected_revision(request))
    return await _room(actor, slug, code)


@post(
    "/events/{slug:str}/sessions/{code:str}/room/proposals",
    guards=[requires(*ORGANISING)],
    responses=_CREATED,
    tags=TAGS,
    operation_id="proposeSeats",
)
async def propose(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    data: JSONBody[ProposalRequest],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """Who sits where in each round. Nobody is told before it is published."""
    event = await visible_event(actor, slug)
    # Solved before the transaction of the kept answer: the writer must not wait for it.
    proposal = await proposing.compute(world, actor, event, code, data.seed, data.keep)

    async def work() -> PlanAnswer:
        plan = await proposing.keep(world, actor, proposal)
        return await _answer(event.slug, plan)

    return await answer_once(request, world, work)


@get("/plans/{plan_id:uuid}", guards=[requires(*ORGANISING)], tags=TAGS, operation_id="readPlan")
async def read_plan(plan_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[PlanAnswer]:
    """One seat plan, of those who still hold a place."""
    plan, event = await service.plan_for_editing(actor, plan_id)
    return await _answered(event.slug, plan)


@patch("/plans/{plan_id:uuid}", guards=[requires(*ORGANISING)], tags=TAGS, operation_id="changePlan")
async def change_plan(
    request: AnyRequest,
    plan_id: FromPath[UUID],
    data: JSONBody[PlanChanges],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[PlanAnswer]:
    """Move people to other tables: all of it or nothing."""
    _, event = await service.plan_for_editing(actor, plan_id)
    plan = await service.move(world, actor, plan_id, data.moves, expected_revision(request), locks=data.locks)
    return await _answered(event.slug, plan)


@post(
    "/plans/{plan_id:uuid}/publish",
    guards=[requires(*ORGANISING)],
    status_code=200,
    tags=TAGS,
    operation_id="publishPlan",
)
async def publish_plan(
    plan_id: FromPath[UUID], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[PlanAnswer]:
    """Personal pages and the door say it from now on; it replaces the plan published before."""
    _, event = await service.plan_for_editing(actor, plan_id)
    return await _answered(event.slug, await publication.publish(world, actor, plan_id))


@post(
    "/plans/{plan_id:uuid}/unpublish",
    guards=[requires(*ORGANISING)],
    status_code=200,
    tags=TAGS,
    operation_id="unpublishPlan",
)
async def unpublish_plan(
    plan_id: FromPath[UUID], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[PlanAnswer]:
    """A proposal again, like the plan that it replaced. Refused once its first round has begun."""
    _, event = await service.plan_for_editing(actor, plan_id)
    return await _answered(event.slug, await publication.take_back(world, actor, plan_id))


@get("/plans/{plan_id:uuid}/{paper:str}", guards=[requires(*ORGANISING)], include_in_schema=False)
async def read_paper(
    request: AnyRequest, plan_id: FromPath[UUID], paper: FromPath[str], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """cards.pdf, tables.pdf, wall.pdf"""
    plan, event = await service.plan_for_editing(actor, plan_id)
    async with read_snapshot():
        view = await plan_view(event, plan)
    return await pdf_answer(view, paper, language_of(request))


@put(
    "/registrations/{registration_id:uuid}/meeting-wishes/{code:str}",
    guards=[requires(*ORGANISING, or_participant=True)],
    status_code=204,
    tags=TAGS,
    operation_id="setMeetingWishes",
)
async def set_meeting_wishes(
    registration_id: FromPath[UUID],
    code: FromPath[str],
    data: JSONBody[MeetingWishes],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> None:
    """Whom somebody would like to meet in a speed-dating session, and whom not: all that they say.

    A structure is named by anybody who receives for it. Until the rounds are published."""
    said = {each.registration: each.value for each in data.wishes}
    await set_wishes(world, actor, registration_id, code, said)


async def _room(actor: Actor, slug: str, code: str) -> Response[RoomAnswer]:
    async with read_snapshot():
        event = await visible_event(actor, slug)
        if not may_edit(actor, event):
            raise NotAllowed
        now = await room_now(event, await networking_session(event, code))
    answer = RoomAnswer(code, now.settings, now.saved, len(now.guests), now.tables, now.revision)
    return Response(answer, headers={"etag": etag_of(now.revision)})


async def _answered(slug: str, plan: PlanRecord) -> Response[PlanAnswer]:
    return Response(await _answer(slug, plan), headers={"etag": etag_of(plan.revision)})


async def _answer(slug: str, plan: PlanRecord) -> PlanAnswer:
    async with read_snapshot():
        session = await session_by_id(plan.session_id)
        guests = {guest.registration_id: guest for guest in await guests_of(plan.event_id)}
        wishes, locks = await wishes_of(session.id), await locks_of(plan.id)
        rounds = await rounds_of(plan)
        return plan_answer(slug, session.code, session.starts_at, plan, rounds, guests, wishes, locks)


ROUTES = [
    read_room,
    set_room,
    propose,
    read_plan,
    change_plan,
    publish_plan,
    unpublish_plan,
    read_paper,
    set_meeting_wishes,
]
