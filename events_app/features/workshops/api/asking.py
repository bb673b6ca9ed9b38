"""Questions to a placement by the public contract (v1): why, and what if."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events_app.features.workshops import service, why
from events_app.features.workshops.inputs import read_inputs
from events_app.features.workshops.schemas import WhatIfAnswer, WhyAnswer, what_if_answer, why_answer
from events_app.kernel.actor import Actor
from events_app.web.guards import ORGANISING, requires

TAGS = ["assignments"]


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


ROUTES = [explain, what_if]
