"""One seat plan: looked at, changed by hand, printed."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events_app.features.events.model import EventRecord
from events_app.features.networking import papers, service
from events_app.features.networking.model import Guest, Lock, PlanRecord, PlanStatus, Rounds
from events_app.features.networking.pages.room import event_to_edit, home_of
from events_app.features.networking.queries import plan_by_id, rounds_of
from events_app.features.networking.seats import SeatMove, after_moves, exchange, move_errors, trade
from events_app.features.networking.views import PlanView, plan_view
from events_app.features.registration import hooks
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
from events_app.web.problems import sentence

AnyRequest = Request[Any, Any, Any]

PLAN = "/org/events/{slug:str}/networking/{code:str}/plans/{plan_id:uuid}"


async def plan_to_edit(
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


@get(PLAN, guards=[requires(*ORGANISING)])
async def one_plan(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    plan_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    undo: FromQuery[str | None] = None,
) -> Response[Any]:
    """`undo`: person, round and table of the move that was just made, and whom it was an exchange with."""
    _, _, view = await plan_to_edit(actor, slug, code, plan_id)
    begun = view.rounds[0].time.starts_at <= world.now()
    return plan_page(request, _template(view), view, undo=_undo(view, undo or ""), begun=begun)


def _template(view: PlanView) -> str:
    return "networking/plan.html" if view.two is None else "networking/grid.html"


def _undo(view: PlanView, encoded: str) -> dict[str, str] | None:
    """None for what is no move of this plan's."""
    parts = encoded.split(".")
    name = {str(guest.registration_id): guest.name for guest in _everybody(view)}.get(parts[0])
    if len(parts) not in (3, 4) or name is None or not all(part.isdecimal() for part in parts[1:3]):
        return None
    partner = parts[3] if len(parts) == 4 else ""
    return {
        "registration": parts[0],
        "round_number": parts[1],
        "table": parts[2],
        "partner": partner,
        "name": name,
    }


@get(f"{PLAN}/move", guards=[requires(*ORGANISING)])
async def move_form(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    plan_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    registration: FromQuery[UUID],
    round_number: FromQuery[int],
    table: FromQuery[str] = "",
    partner: FromQuery[str] = "",
) -> Response[Any]:
    """The effect is shown before anything changes. `table` 0, of speed-dating: no meeting in this round;
    `partner`, of tables: an exchange with somebody who sits at another. What is left empty is not chosen."""
    event, plan, view = await plan_to_edit(actor, slug, code, plan_id)
    rounds = await rounds_of(plan)
    person = _movable(view, registration)
    if person is None or not 1 <= round_number <= len(rounds):
        raise NotFound
    tables = rounds[round_number - 1]
    now = next((number for number, people in enumerate(tables, 1) if registration in people), None)
    if now is None and view.two is None:
        raise NotFound
    after, refused = None, {}
    other = None if view.two else _partner(view, partner)
    there = int(table) if table.isdecimal() and len(table) < 6 else None
    if other is not None:
        there = next((n for n, people in enumerate(tables, 1) if other.registration_id in people), None)
    if there is not None and there != (now or 0):
        moves = _moves(view, rounds, SeatMove(registration, round_number, there or None), other)
        if errors := move_errors(rounds, moves, view.two):
            refused = {"table": sentence(errors[0], translator(language_of(request)))}
        else:
            async with read_snapshot():
                after = await plan_view(event, plan, after_moves(rounds, moves))
    form = Form(initial={"table": "" if other else table, "partner": partner if other else ""})
    form.errors = refused
    return plan_page(
        request,
        "networking/move.html",
        view,
        status_code=422 if refused else 200,
        person=person,
        round_number=round_number,
        now=now,
        there=there,
        other=other,
        after=after,
        form=form,
    )


def _movable(view: PlanView, person: UUID) -> Guest | None:
    """Of speed-dating candidates only: who receives stays at their own table."""
    guests = [g for each in view.rounds for table in each.tables for g in table]
    if view.two is not None:
        guests = view.two.candidates
    return next((guest for guest in guests if guest.registration_id == person), None)


def _partner(view: PlanView, encoded: str) -> Guest | None:
    return next((guest for guest in _everybody(view) if str(guest.registration_id) == encoded), None)


def _moves(view: PlanView, rounds: Rounds, move: SeatMove, other: Guest | None = None) -> list[SeatMove]:
    """Of speed-dating with whoever sits there in exchange; of tables with `other`, if one was named."""
    if view.two is not None:
        return exchange(rounds, move, view.two)
    return trade(rounds, move.registration, move.round, other.registration_id) if other else [move]


@post(f"{PLAN}/move", guards=[requires(*ORGANISING)])
async def move_post(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    plan_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """`was`: the revision that was looked at. What is moved back goes by the same way."""
    event, plan, view = await plan_to_edit(actor, slug, code, plan_id)
    form = await read_form(request)
    people = tuple(str(guest.registration_id) for guest in _everybody(view))
    person = form.choice("registration", people, required=True)
    round_number = form.integer("round_number", required=True, low=1, high=plan.settings.rounds)
    table = form.integer("table", required=True, low=0 if view.two else 1, high=plan.tables)
    partner = form.choice("partner", people)
    was = form.integer("was")
    if not person or round_number is None or table is None or form.errors:
        return plan_page(request, _template(view), view, status_code=422, refused=form.errors)
    rounds = await rounds_of(plan)
    now = next((n for n, sit in enumerate(rounds[round_number - 1], 1) if UUID(person) in sit), 0)
    other = _partner(view, partner) if view.two is None else None
    moves = _moves(view, rounds, SeatMove(UUID(person), round_number, table or None), other)
    await service.move(world, actor, plan_id, moves, was or plan.revision)
    with_whom = f".{partner}" if other else ""
    undo = f"?undo={person}.{round_number}.{now}{with_whom}" if form.line("undone") != "1" else ""
    return go_to(
        request, f"{home_of(event.slug, code)}/plans/{plan_id}{undo}#r{round_number}", notice="saved"
    )


def _everybody(view: PlanView) -> list[Guest]:
    if view.two is not None:
        return view.two.candidates
    return [guest for each in view.rounds for table in each.tables for guest in table]


@post(f"{PLAN}/locks", guards=[requires(*ORGANISING)])
async def lock(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    plan_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """A meeting of speed-dating, or a whole round of tables, stays in the next proposal; or no longer."""
    event, plan, view = await plan_to_edit(actor, slug, code, plan_id)
    form = await read_form(request)
    round_number = form.integer("round_number", required=True, low=1, high=plan.settings.rounds)
    people = tuple(str(guest.registration_id) for guest in _everybody(view))
    person = form.choice("registration", people, required=view.two is not None)
    deed = form.deed("do", ("lock", "unlock"))
    if round_number is None or form.errors:
        return plan_page(request, _template(view), view, status_code=422, refused=form.errors)
    locks = [Lock(number, who) for who, number in view.locked]
    if deed == "unlock":
        locks = [each for each in locks if (each.round, str(each.registration)) != (round_number, person)]
        locks = locks if person else [each for each in locks if each.round != round_number]
    else:
        locks.append(Lock(round_number, UUID(person) if person else None))
    await service.move(world, actor, plan_id, [], locks=locks)
    return go_to(request, f"{home_of(event.slug, code)}/plans/{plan_id}#r{round_number}")


@get(PLAN + "/{paper:str}", guards=[requires(*ORGANISING)])
async def print_paper(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    plan_id: FromPath[UUID],
    paper: FromPath[str],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """cards.pdf, tables.pdf, wall.pdf"""
    _, _, view = await plan_to_edit(actor, slug, code, plan_id)
    return await pdf_answer(view, paper, language_of(request))


async def pdf_answer(view: PlanView, paper: str, language: str) -> Response[bytes]:
    """Made in the helper process. Raises `NotFound` for a paper that there is not."""
    name = paper.removesuffix(".pdf")
    if name not in papers.KINDS or not paper.endswith(".pdf"):
        raise NotFound
    stops = await hooks.stops(view.event.id) if name == "cards" else {}
    document = papers.room_paper(view, name, translator(language), stops)
    body = await paper_shop.run(partial(room_pdf, document))
    headers = {
        "content-disposition": f'inline; filename="{view.event.slug}-{name}.pdf"',
        "cache-control": "private, no-store",
    }
    return Response(body, media_type="application/pdf", headers=headers)


def plan_page(
    request: AnyRequest, template: str, view: PlanView, status_code: int = 200, **more: Any
) -> Response[Any]:
    return page(
        request,
        template,
        status_code=status_code,
        event=view.event,
        event_tabs=event_tabs(view.event, language_of(request)),
        view=view,
        plan=view.plan,
        is_open=view.plan.status is not PlanStatus.SUPERSEDED,
        here=home_of(view.event.slug, view.session.code),
        **more,
    )


ROUTES = [one_plan, move_form, move_post, lock, print_paper]
