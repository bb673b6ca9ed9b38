"""While a placement is computed: what is being done, how far it is, a way out and a way back."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events.model import EventRecord
from events_app.features.workshops import computing
from events_app.features.workshops.computing import Computation, ComputationStatus
from events_app.features.workshops.model import RunRequest
from events_app.features.workshops.pages.frame import AnyRequest, event_to_edit, frame
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.web.guards import ORGANISING, requires
from events_app.web.pages import go_to, language_of, page
from events_app.web.problems import sentences_of

PATIENCE_SECONDS = 1.0  # most placements are there by then; the others get a page of their own


async def compute_and_show(
    request: AnyRequest, world: World, actor: Actor, event: EventRecord, wanted: RunRequest
) -> Response[None]:
    """The proposal where it is there at once, else the page that waits for it.

    Raises what it was refused for.
    """
    here = f"/org/events/{event.slug}/placement"
    computation = await computing.begin(world, actor, event, wanted)
    run = await computing.result_within(computation, PATIENCE_SECONDS)
    return go_to(request, f"{here}/{run.id}" if run else f"{here}/computing/{computation.id}")


@get("/org/events/{slug:str}/placement/computing/{computation_id:uuid}", guards=[requires(*ORGANISING)])
async def progress(
    request: AnyRequest,
    slug: FromPath[str],
    computation_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    event = await event_to_edit(actor, slug)
    computation = await computing.computation_of(event.id, computation_id)
    here = f"/org/events/{event.slug}/placement"
    if computation.status is ComputationStatus.DONE:
        return go_to(request, f"{here}/{computation.run_id}")
    problem, words = computation.problem, translator(language_of(request))
    silent = computing.is_silent(world, computation)
    return page(
        request,
        "workshops/computing.html",
        computation=computation,
        waits=computation.is_active and not silent,
        gone=silent or computation.status is ComputationStatus.GONE,
        seconds=max(0, int((world.now() - computation.created_at).total_seconds())),
        reasons=sentences_of(problem.detail, problem.fields, problem.errors, words),
        **frame(request, event),
    )


@post("/org/events/{slug:str}/placement/computing/{computation_id:uuid}", guards=[requires(*ORGANISING)])
async def cancel(
    request: AnyRequest,
    slug: FromPath[str],
    computation_id: FromPath[UUID],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    event = await event_to_edit(actor, slug)
    computation: Computation = await computing.computation_of(event.id, computation_id)
    await computing.cancel(actor, event, computation.id)
    return go_to(request, f"/org/events/{event.slug}/placement/computing/{computation.id}")


ROUTES = [progress, cancel]
