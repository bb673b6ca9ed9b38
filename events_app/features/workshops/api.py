"""Placements by the public contract (v1): propose, read, change by hand, publish; why, and what if."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, patch, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.types import ControllerRouterHandler

from events_app.features.events.access import may_edit
from events_app.features.events.queries import event_by_id, visible_event
from events_app.features.registration import views
from events_app.features.registration.reading import readable
from events_app.features.registration.schemas import RegistrationView
from events_app.features.workshops import hand, publication, service, why
from events_app.features.workshops.choosing import choose
from events_app.features.workshops.inputs import Inputs, read_inputs
from events_app.features.workshops.model import RunRecord, RunRequest, RunStatus
from events_app.features.workshops.queries import runs_of
from events_app.features.workshops.schemas import (
    AssignmentAnswer,
    AssignmentPage,
    PlaceChanges,
    Publishing,
    WhatIfAnswer,
    WhyAnswer,
    answer_of,
    summary_of,
    what_if_answer,
    why_answer,
)
from events_app.features.workshops.solving import turn
from events_app.features.workshops.standing import Standing, only_slot, standing_of_run
from events_app.infra.database import read_snapshot
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput, NotAllowed, NotFound
from events_app.web.guards import ORGANISING, requires
from events_app.web.idempotency import answer_once
from events_app.web.revisions import etag_of, expected_revision

TAGS = ["assignments"]
_CREATED = {201: ResponseSpec(AssignmentAnswer, description="The proposal", media_type="application/json")}

AS_READ = Publishing()

AnyRequest = Request[Any, Any, Any]


@post(
    "/events/{slug:str}/assignments",
    guards=[requires(*ORGANISING)],
    responses=_CREATED,
    tags=TAGS,
    operation_id="proposeAssignment",
    summary="Compute a proposed placement",
    description="Nobody is told before it is published. The same seed and inputs give the same places.",
    security=[{"key": []}],
)
async def propose(
    request: AnyRequest,
    slug: FromPath[str],
    data: JSONBody[RunRequest],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    event = await visible_event(actor, slug)
    # Solved before the transaction of the kept answer: the writer must not wait for it.
    async with turn():
        proposal = await service.compute(world, actor, event, data)

    async def work() -> AssignmentAnswer:
        return await _answer(await service.keep(world, actor, proposal))

    return await answer_once(request, world, work)


@get(
    "/events/{slug:str}/assignments",
    guards=[requires(*ORGANISING)],
    tags=TAGS,
    operation_id="listAssignments",
    summary="Placements of an event, newest first",
    security=[{"key": []}],
)
async def list_runs(
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    limit: FromQuery[int] = 100,
    cursor: FromQuery[str | None] = None,
) -> AssignmentPage:
    event = await visible_event(actor, slug)
    if not may_edit(actor, event):
        raise NotAllowed
    if not 1 <= limit <= 500:
        message = N_("Please enter a whole number from {low} to {high}.")
        raise InvalidInput.one("/limit", "range", message, low=1, high=500)
    async with read_snapshot():
        found = await runs_of(event.id, _cursor(cursor), limit + 1)
        inputs = await read_inputs(event.id)
        items = []
        for run in found[:limit]:
            own = only_slot(inputs, run.slot)
            items.append(summary_of(event.slug, run, own, await _now(run, own)))
    return AssignmentPage(items, str(items[-1].id) if len(found) > limit else None)


@get(
    "/assignments/{run_id:uuid}",
    guards=[requires(*ORGANISING)],
    tags=TAGS,
    operation_id="readAssignment",
    summary="One placement; a published one with the places as they are now",
    security=[{"key": []}],
)
async def read_run(run_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[AssignmentAnswer]:
    run, _ = await service.run_for_editing(actor, run_id)
    return await _answered(run)


@patch(
    "/assignments/{run_id:uuid}",
    guards=[requires(*ORGANISING)],
    tags=TAGS,
    operation_id="changeAssignment",
    summary="Move, lock or unlock people by hand",
    description="Of a published placement those who are moved get a mail.",
    security=[{"key": []}],
)
async def change_run(
    request: AnyRequest,
    run_id: FromPath[UUID],
    data: JSONBody[PlaceChanges],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[AssignmentAnswer]:
    return await _answered(await hand.adjust(world, actor, run_id, data.places, expected_revision(request)))


@post(
    "/assignments/{run_id:uuid}/publish",
    guards=[requires(*ORGANISING)],
    status_code=200,
    tags=TAGS,
    operation_id="publishAssignment",
    summary="Make a placement true and tell everybody whose place it changes",
    description="With `closings`, 409 `closings-unconfirmed` names what it would close besides.",
    security=[{"key": []}],
)
async def publish_run(
    run_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    data: JSONBody[Publishing] = AS_READ,
) -> Response[AssignmentAnswer]:
    return await _answered(await publication.publish(world, actor, run_id, data.closings))


async def _answered(run: RunRecord) -> Response[AssignmentAnswer]:
    return Response(await _answer(run), headers={"etag": etag_of(run.revision)})


async def _answer(run: RunRecord) -> AssignmentAnswer:
    async with read_snapshot():
        event = await event_by_id(run.event_id)
        if event is None:
            raise NotFound
        inputs = await read_inputs(run.event_id, run.slot or None)
        places = await hand.places_now(run, inputs)
        return answer_of(event.slug, run, inputs, places, await _now(run, inputs))


async def _now(run: RunRecord, inputs: Inputs) -> Standing | None:
    if run.status is not RunStatus.PUBLISHED:
        return None
    return await standing_of_run(run, inputs)


def _cursor(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        message = N_("This value cannot be accepted.")
        raise InvalidInput.one("/cursor", "invalid", message) from error


@get(
    "/assignments/{run_id:uuid}/why",
    guards=[requires(*ORGANISING)],
    tags=TAGS,
    operation_id="explainAssignment",
    summary="Why somebody is where they are: each wish down to the one that they have",
    security=[{"key": []}],
)
async def explain(
    run_id: FromPath[UUID], actor: NamedDependency[Actor], registration: FromQuery[UUID]
) -> WhyAnswer:
    _, stories = await why.why(actor, run_id, registration)
    return why_answer(registration, stories)


@get(
    "/assignments/{run_id:uuid}/what-if",
    guards=[requires(*ORGANISING)],
    tags=TAGS,
    operation_id="askAssignment",
    summary="What one place more in a workshop would change, or not holding it",
    description="`change`: `more` or `close`. Nothing is kept and nobody is told.",
    security=[{"key": []}],
)
async def what_if(
    run_id: FromPath[UUID], actor: NamedDependency[Actor], session: FromQuery[str], change: FromQuery[str]
) -> WhatIfAnswer:
    run, _ = await service.run_for_editing(actor, run_id)
    effect = await why.what_if(actor, run_id, session, change)
    return what_if_answer(await read_inputs(run.event_id, run.slot or None), effect)


class SessionsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`sessions`: the codes of all that are wanted."""

    sessions: list[str]


@put(
    "/registrations/{registration_id:uuid}/sessions",
    guards=[requires(*ORGANISING, or_participant=True)],
    tags=["registrations"],
    operation_id="chooseSessions",
)
async def choose_sessions(
    request: AnyRequest,
    registration_id: FromPath[UUID],
    data: JSONBody[SessionsIn],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[RegistrationView]:
    """Take places in sessions whose `choice` is `places`: these, and no others.

    Whoever leads a group chooses for all of it. 409 `session-full`, or `session-overlap` for two at one time.
    A participant sends the secret of the personal link as bearer token.
    """
    await choose(world, actor, registration_id, data.sessions, expected_revision(request))
    registration, event = await readable(actor, registration_id)
    view = await views.view_one(world, actor, event, registration)
    return Response(view, headers={"etag": etag_of(registration.revision)})


ROUTES: list[ControllerRouterHandler] = [
    propose,
    list_runs,
    read_run,
    change_run,
    publish_run,
    explain,
    what_if,
    choose_sessions,
]
