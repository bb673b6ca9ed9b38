"""Assemblies and their seats by the public contract (v1)."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody

from events_app.features.accounts.bodies import BodyRecord, worked_for
from events_app.features.committees import assemblies
from events_app.features.committees.assemblies import AssemblyInput, SeatInput
from events_app.features.committees.queries import assemblies_of, seats_of
from events_app.features.committees.rules import rules_on
from events_app.features.committees.schemas import (
    AssemblyAnswer,
    AssemblyList,
    NewAssembly,
    RulesAnswer,
    SeatAnswerList,
    SeatList,
    assembly_answer,
)
from events_app.features.committees.wording import rules_sentences
from events_app.features.events.access import may_create_in, may_read_in
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.civil_time import DEFAULT_ZONE, to_wall
from events_app.kernel.errors import N_, InvalidInput, NotAllowed
from events_app.web.guards import ORGANISING, READING, requires
from events_app.web.idempotency import answer_once
from events_app.web.pages import language_of

AnyRequest = Request[Any, Any, Any]
TAGS = ["committees"]
_ONE = "/assemblies/{slug:str}"


@get("/assemblies", guards=[requires(*ORGANISING, *READING)], tags=TAGS, operation_id="listAssemblies")
async def list_assemblies(actor: NamedDependency[Actor]) -> AssemblyList:
    """Those of the organisations that one works for."""
    bodies = [body.id for body in await worked_for(actor) if may_read_in(actor, body.id)]
    return AssemblyList([assembly_answer(each) for each in await assemblies_of(bodies)])


@post(
    "/assemblies",
    guards=[requires(*ORGANISING)],
    tags=TAGS,
    operation_id="createAssembly",
    responses={201: ResponseSpec(AssemblyAnswer, description="The assembly", media_type="application/json")},
)
async def create_assembly(
    request: AnyRequest,
    data: JSONBody[NewAssembly],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """A committee, with the family of rules that it meets by."""
    wanted = AssemblyInput(data.name, data.family, data.siret, data.statutes)
    body = await _body(actor, data.body)

    async def work() -> AssemblyAnswer:
        return assembly_answer(await assemblies.create(world, actor, body.id, wanted))

    return await answer_once(request, world, work)


async def _body(actor: Actor, slug: str | None) -> BodyRecord:
    mine = [body for body in await worked_for(actor) if may_create_in(actor, body.id)]
    if not mine:
        raise NotAllowed
    found = [body for body in mine if slug is None or body.slug == slug]
    if len(found) != 1:
        raise InvalidInput.one("/body", "unknown", N_("Please name one of your organisations."))
    return found[0]


@get(_ONE, guards=[requires(*ORGANISING, *READING)], tags=TAGS, operation_id="readAssembly")
async def read_assembly(slug: FromPath[str], actor: NamedDependency[Actor]) -> AssemblyAnswer:
    """Its name, rules and statutes."""
    return assembly_answer(await assemblies.seen_assembly(actor, slug))


@put(_ONE, guards=[requires(*ORGANISING)], tags=TAGS, operation_id="changeAssembly")
async def change_assembly(
    slug: FromPath[str],
    data: JSONBody[AssemblyInput],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> AssemblyAnswer:
    """Past sittings keep what was decided; open ones go by the new rules."""
    return assembly_answer(await assemblies.change(world, actor, slug, data))


@get(_ONE + "/rules", guards=[requires(*ORGANISING, *READING)], tags=TAGS, operation_id="readRules")
async def read_rules(
    request: AnyRequest,
    slug: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    day: FromQuery[date | None] = None,
) -> RulesAnswer:
    """What governs it on a day (today, if none is given), with its sources."""
    assembly = await assemblies.seen_assembly(actor, slug)
    day = day or to_wall(world.now(), DEFAULT_ZONE).date()
    rules = rules_on(assembly.family, day, assembly.statutes)
    return RulesAnswer(day, rules, rules_sentences(rules, translator(language_of(request))))


@get(_ONE + "/seats", guards=[requires(*ORGANISING, *READING)], tags=TAGS, operation_id="listSeats")
async def list_seats(slug: FromPath[str], actor: NamedDependency[Actor]) -> SeatAnswerList:
    """All members, also those no longer in office."""
    assembly = await assemblies.seen_assembly(actor, slug)
    return SeatAnswerList(await seats_of(assembly.id))


@post(
    _ONE + "/seats",
    guards=[requires(*ORGANISING)],
    tags=TAGS,
    operation_id="addSeats",
    responses={201: ResponseSpec(SeatAnswerList, description="The seats", media_type="application/json")},
)
async def add_seats(
    request: AnyRequest,
    slug: FromPath[str],
    data: JSONBody[SeatList],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """All of them or none."""
    await assemblies.changeable_assembly(actor, slug)

    async def work() -> SeatAnswerList:
        return SeatAnswerList(await assemblies.add_seats(world, actor, slug, data.seats))

    return await answer_once(request, world, work)


@put(
    _ONE + "/seats/{seat_id:uuid}",
    guards=[requires(*ORGANISING)],
    status_code=204,
    tags=TAGS,
    operation_id="changeSeat",
)
async def change_seat(
    slug: FromPath[str],
    seat_id: FromPath[UUID],
    data: JSONBody[SeatInput],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> None:
    """Name, substitutes, from when to when in office."""
    await assemblies.change_seat(world, actor, slug, seat_id, data)


@delete(_ONE + "/seats/{seat_id:uuid}", guards=[requires(*ORGANISING)], tags=TAGS, operation_id="removeSeat")
async def remove_seat(
    slug: FromPath[str],
    seat_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> None:
    """Of somebody who took part in no sitting."""
    await assemblies.remove_seat(world, actor, slug, seat_id)


ROUTES: list[Any] = [
    list_assemblies,
    create_assembly,
    read_assembly,
    change_assembly,
    read_rules,
    list_seats,
    add_seats,
    change_seat,
    remove_seat,
]
