"""One seat plan: looked at, changed by hand, published, printed."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events_app.features.events.model import EventRecord
from events_app.features.networking import papers, service
from events_app.features.networking.arrangement import moved
from events_app.features.networking.model import PlanRecord, PlanStatus
from events_app.features.networking.pages.room import event_to_edit, home_of
from events_app.features.networking.queries import plan_by_id, rounds_of
from events_app.features.networking.service import SeatMove
from events_app.features.networking.views import PlanView, plan_view
from events_app.infra.database import read_snapshot
from events_app.infra.i18n import translator
from events_app.infra.processes import paper_shop
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotFound
from events_app.outputs.papers import room_pdf
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]

_PLAN = "/org/events/{slug:str}/networking/{code:str}/plans/{plan_id:uuid}"


async def _plan(
    actor: Actor, slug: str, code: str, plan_id: UUID
) -> tuple[EventRecord, PlanRecord, PlanView]:
    """Raises `NotFound` for a plan of another session."""
    async with read_snapshot():
        event = await event_to_edit(actor, slug)
        plan = await plan_by_id(plan_id)
        if plan is None or plan.event_id != event.id:
            raise NotFound
        view = await plan_view(event, plan)
    if view.session.code != code:
        raise NotFound
    return event, plan, view


@get(_PLAN, guards=[requires(*ORGANISING)])
async def one_plan(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    plan_id: FromPath[UUID],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    _, _, view = await _plan(actor, slug, code, plan_id)
    return _page(request, "networking/plan.html", view)


@get(f"{_PLAN}/move", guards=[requires(*ORGANISING)])
async def move_form(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    plan_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    registration: FromQuery[UUID],
    round_number: FromQuery[int],
    table: FromQuery[int | None] = None,
) -> Response[Any]:
    """The effect is shown before anything changes."""
    event, plan, view = await _plan(actor, slug, code, plan_id)
    rounds = await rounds_of(plan)
    if not 1 <= round_number <= len(rounds):
        raise NotFound
    tables = rounds[round_number - 1]
    now = next((number for number, people in enumerate(tables, 1) if registration in people), None)
    if now is None:
        raise NotFound
    after = None
    if table is not None and 1 <= table <= plan.tables and table != now:
        async with read_snapshot():
            after = await plan_view(event, plan, moved(rounds, registration, round_number, table))
    person = next(
        guest
        for people in view.rounds[round_number - 1].tables
        for guest in people
        if guest.registration_id == registration
    )
    return _page(
        request,
        "networking/move.html",
        view,
        person=person,
        round_number=round_number,
        now=now,
        after=after,
        form=Form(initial={"table": table or ""}),
    )


@post(f"{_PLAN}/move", guards=[requires(*ORGANISING)])
async def move_post(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    plan_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    event, plan, view = await _plan(actor, slug, code, plan_id)
    form = await read_form(request)
    people = tuple(str(guest.registration_id) for each in view.rounds for t in each.tables for guest in t)
    person = form.choice("registration", people, required=True)
    round_number = form.integer("round_number", required=True, low=1, high=plan.settings.rounds)
    table = form.integer("table", required=True, low=1, high=plan.tables)
    if not person or round_number is None or table is None:
        return _page(request, "networking/plan.html", view, status_code=422, refused=form.errors)
    await service.move(world, actor, plan_id, [SeatMove(UUID(person), round_number, table)])
    return go_to(request, f"{home_of(event.slug, code)}/plans/{plan_id}#r{round_number}", notice="saved")


@get(f"{_PLAN}/publish", guards=[requires(*ORGANISING)])
async def ask_to_publish(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    plan_id: FromPath[UUID],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    _, _, view = await _plan(actor, slug, code, plan_id)
    return _page(request, "networking/publish.html", view)


@post(f"{_PLAN}/publish", guards=[requires(*ORGANISING)])
async def publish(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    plan_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    event, _, _ = await _plan(actor, slug, code, plan_id)
    await service.publish(world, actor, plan_id)
    return go_to(request, f"{home_of(event.slug, code)}/plans/{plan_id}", notice="published")


@get(_PLAN + "/{paper:str}", guards=[requires(*ORGANISING)])
async def print_paper(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    plan_id: FromPath[UUID],
    paper: FromPath[str],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """cards.pdf, tables.pdf, wall.pdf"""
    _, _, view = await _plan(actor, slug, code, plan_id)
    return await pdf_answer(view, paper, language_of(request))


async def pdf_answer(view: PlanView, paper: str, language: str) -> Response[bytes]:
    """Made in the helper process. Raises `NotFound` for a paper that there is not."""
    name = paper.removesuffix(".pdf")
    if name not in papers.KINDS or not paper.endswith(".pdf"):
        raise NotFound
    document = papers.room_paper(view, name, translator(language))
    body = await paper_shop.run(partial(room_pdf, document))
    headers = {
        "content-disposition": f'inline; filename="{view.event.slug}-{name}.pdf"',
        "cache-control": "private, no-store",
    }
    return Response(body, media_type="application/pdf", headers=headers)


def _page(
    request: AnyRequest, template: str, view: PlanView, status_code: int = 200, **more: Any
) -> Response[Any]:
    return page(
        request,
        template,
        status_code=status_code,
        event=view.event,
        event_tabs=event_tabs(view.event.slug, language_of(request)),
        view=view,
        plan=view.plan,
        is_open=view.plan.status is not PlanStatus.SUPERSEDED,
        here=home_of(view.event.slug, view.session.code),
        **more,
    )


ROUTES = [one_plan, move_form, move_post, ask_to_publish, publish, print_paper]
