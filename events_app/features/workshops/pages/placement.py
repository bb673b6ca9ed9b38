"""Before the placement, the proposal, its publication."""

from typing import Any, cast
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.workshops import publication, views
from events_app.features.workshops.computing import active_of
from events_app.features.workshops.errors import (
    ClosingsUnconfirmed,
    NothingToPlace,
    PlacementImpossible,
    PlacementTooLarge,
)
from events_app.features.workshops.inputs import read_inputs
from events_app.features.workshops.model import Keep, RequestedBalance, RunRequest, RunStatus
from events_app.features.workshops.pages.frame import (
    OBJECTIVES,
    AnyRequest,
    RunView,
    event_to_edit,
    frame,
    run_view,
)
from events_app.features.workshops.pages.progress import compute_and_show
from events_app.features.workshops.queries import published_runs, runs_of
from events_app.features.workshops.solving import PlacementsBusy
from events_app.features.workshops.standing import standing_of
from events_app.features.workshops.tally import closings_of, outcome_of
from events_app.infra.database import read_snapshot
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import AppError, InvalidInput
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.pages import go_to, language_of, page
from events_app.web.problems import reasons_of

MOST_SHOWN_RUNS = 10
REFUSALS = (NothingToPlace, PlacementImpossible, PlacementTooLarge, PlacementsBusy)
SHARES = ("50", "60", "75")  # per cent of one profile at most


@get("/org/events/{slug:str}/placement", guards=[requires(*ORGANISING)])
async def overview(request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]) -> Response[Any]:
    event = await event_to_edit(actor, slug)
    form = Form(initial={"objective": "guarantee", "without_wishes": "yes", "keep": "improve"})
    return await _overview(request, event, form)


@post("/org/events/{slug:str}/placement", guards=[requires(*ORGANISING)])
async def compute(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await event_to_edit(actor, slug)
    form = await read_form(request)
    share = form.choice("share", SHARES)
    wanted = RunRequest(
        slot=form.line("slot") or None,
        objective=form.choice("objective", tuple(OBJECTIVES), required=True) or "guarantee",
        seed=form.integer("seed", high=999_999_999),
        keep=_keep(form),
        balance=RequestedBalance(int(share) / 100) if share else None,
        together=form.flag("together"),
        without_wishes=form.flag("without_wishes"),
        anything=form.flag("anything"),
    )
    if not form.errors:
        try:
            return await compute_and_show(request, world, actor, event, wanted)
        except InvalidInput as refused:
            form.absorb(refused)
        except REFUSALS as refused:
            form.error("objective", refused.detail, **refused.fields)
    return await _overview(request, event, form, status_code=422)


async def _overview(request: AnyRequest, event: Any, form: Form, status_code: int = 200) -> Response[Any]:
    async with read_snapshot():
        inputs = await read_inputs(event.id)
        runs = await runs_of(event.id, limit=MOST_SHOWN_RUNS)
    return page(
        request,
        "workshops/placement.html",
        status_code=status_code,
        form=form,
        inputs=inputs,
        shares=[(share, f"{share} %") for share in SHARES],
        groups=len({person.group_id for person in inputs.people}) < len(inputs.people),
        slot_choices=[(slot, slot) for slot in inputs.slots],
        wishes=views.wishes_of(inputs),
        runs=runs,
        proposed=next((run for run in runs if run.status is RunStatus.PROPOSED), None),
        in_force=next(iter(await published_runs(event.id)), None),
        standing=await standing_of(event.id),
        computing=await active_of(event.id),
        **frame(request, event),
    )


@post("/org/events/{slug:str}/placement/improve", guards=[requires(*ORGANISING)])
async def improve(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    """What is better for some and worse for nobody, by the measure of the placement in force."""
    event = await event_to_edit(actor, slug)
    runs = await published_runs(event.id)
    if not runs:  # withdrawn or never published since the page was shown: there is nothing to improve on
        return go_to(request, f"/org/events/{event.slug}/placement")
    wanted = msgspec.structs.replace(
        runs[0].request, slot=runs[0].slot or None, keep="improve", seed=None, locks=[]
    )
    try:
        return await compute_and_show(request, world, actor, event, wanted)
    except (InvalidInput, *REFUSALS) as refused:
        return _run_page(request, event, await run_view(event, runs[0].id), refused)


def _keep(form: Form) -> bool | Keep:
    chosen = form.choice("keep", ("improve", "places", "fewest_moves", "nothing"))
    return cast(Keep, chosen) if chosen not in ("", "nothing") else False


@get("/org/events/{slug:str}/placement/{run_id:uuid}", guards=[requires(*ORGANISING)])
async def one_run(
    request: AnyRequest, slug: FromPath[str], run_id: FromPath[UUID], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await event_to_edit(actor, slug)
    return _run_page(request, event, await run_view(event, run_id))


def _run_page(
    request: AnyRequest, event: Any, view: RunView, refused: AppError | None = None
) -> Response[Any]:
    return page(
        request,
        "workshops/run.html",
        status_code=refused.status if refused else 200,
        refused=refused,
        reasons=reasons_of(refused, language_of(request)) if refused else (),
        view=view,
        run=view.run,
        outcome=outcome_of(view.inputs, view.places, view.requests),
        plan=views.plan_of(view.inputs, view.places, view.requests),
        closings=closings_of(view.inputs, view.places) if view.is_open else [],
        **frame(request, event),
    )


@post("/org/events/{slug:str}/placement/{run_id:uuid}/again", guards=[requires(*ORGANISING)])
async def compute_again(
    request: AnyRequest,
    slug: FromPath[str],
    run_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """The same wish for a placement, with what was locked by hand since."""
    event = await event_to_edit(actor, slug)
    view = await run_view(event, run_id)
    wanted = msgspec.structs.replace(view.run.request, seed=view.run.seed, locks=view.locks())
    try:
        return await compute_and_show(request, world, actor, event, wanted)
    except (InvalidInput, *REFUSALS) as refused:
        return _run_page(request, event, view, refused)


@get("/org/events/{slug:str}/placement/{run_id:uuid}/publish", guards=[requires(*ORGANISING)])
async def ask_to_publish(
    request: AnyRequest, slug: FromPath[str], run_id: FromPath[UUID], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await event_to_edit(actor, slug)
    view = await run_view(event, run_id)
    return _publish_page(request, event, view)


def _publish_page(
    request: AnyRequest, event: Any, view: RunView, refused: AppError | None = None
) -> Response[Any]:
    publication.refuse_stale(view.run, view.inputs)
    closings = closings_of(view.inputs, view.places)
    changes = publication.changes_of(view.inputs, view.places)
    recipients = publication.told_of(view.inputs, view.places, changes, closings)
    return page(
        request,
        "workshops/publish.html",
        status_code=refused.status if refused else 200,
        refused=refused,
        run=view.run,
        outcome=outcome_of(view.inputs, view.places, view.requests),
        closings=[closing for closing in closings if closing.is_new],
        still_closed=[closing for closing in closings if not closing.is_new],
        opened=[
            session
            for session in view.inputs.sessions
            if not session.takes_place and session.id not in {closing.session.id for closing in closings}
        ],
        shifts=_shifts(view, changes),
        placed=len(recipients.placed),
        changed=len(recipients.changed),
        missing=len(recipients.missing),
        coaches=len(recipients.coaches),
        **frame(request, event),
    )


def _shifts(view: RunView, changes: list[publication.Change]) -> list[tuple[Any, ...]]:
    """Who goes from where to where, by family name; None: nowhere."""
    people, sessions = view.inputs.person_by_id, view.inputs.session_by_id
    found = [
        (
            people[change.registration_id],
            sessions.get(change.before) if change.before else None,
            sessions.get(change.after) if change.after else None,
        )
        for change in changes
        if change.moves and change.registration_id in people
    ]
    return sorted(found, key=lambda each: each[0].sort_name)


@post("/org/events/{slug:str}/placement/{run_id:uuid}/publish", guards=[requires(*ORGANISING)])
async def publish(
    request: AnyRequest,
    slug: FromPath[str],
    run_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    event = await event_to_edit(actor, slug)
    view = await run_view(event, run_id)
    form = await read_form(request)
    try:
        run = await publication.publish(world, actor, run_id, form.all("closed"))
    except ClosingsUnconfirmed as refused:
        return _publish_page(request, event, view, refused)
    return go_to(request, f"/org/events/{event.slug}/placement/{run.id}", notice="published")


ROUTES = [overview, compute, improve, one_run, compute_again, ask_to_publish, publish]
