"""Sittings by the public contract (v1): agenda, answers, roll call, quorum, votes, papers."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody

from events_app.features.committees import agenda, sittings, voting
from events_app.features.committees.agenda import ItemInput
from events_app.features.committees.minutes import delay_given
from events_app.features.committees.model import ItemNow, SittingNow
from events_app.features.committees.pages.papers import paper_answer
from events_app.features.committees.pages.sitting import sitting_to_show
from events_app.features.committees.schemas import (
    ConvocationAnswer,
    ConvocationSent,
    ItemAnswer,
    QuorumAnswer,
    RollTap,
    SittingAnswer,
    SittingSetup,
    item_answer,
    quorum_answer,
    sitting_answer,
)
from events_app.features.committees.sittings import AnswerInput, SittingChanges
from events_app.features.committees.voting import VoteInput
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.civil_time import to_wall
from events_app.kernel.errors import NotFound
from events_app.web.guards import ORGANISING, READING, requires
from events_app.web.idempotency import answer_once
from events_app.web.pages import language_of
from events_app.web.revisions import etag_of, expected_revision

AnyRequest = Request[Any, Any, Any]
TAGS = ["committees"]
_EVENT = "/events/{slug:str}"


async def _answer(request: AnyRequest, actor: Actor, slug: str) -> Response[SittingAnswer]:
    _, now = await sitting_to_show(actor, slug)
    answer = sitting_answer(now, translator(language_of(request)))
    return Response(answer, headers={"etag": etag_of(now.sitting.revision)})


@get(_EVENT + "/sitting", guards=[requires(*ORGANISING, *READING)], tags=TAGS, operation_id="readSitting")
async def read_sitting(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[SittingAnswer]:
    """The sitting as it is: who sits, the agenda with the quorum of each item, votes."""
    return await _answer(request, actor, slug)


@put(_EVENT + "/sitting", guards=[requires(*ORGANISING)], tags=TAGS, operation_id="setSitting")
async def set_sitting(
    request: AnyRequest,
    slug: FromPath[str],
    data: JSONBody[SittingSetup],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[SittingAnswer]:
    """Which assembly meets at this event."""
    event = await sittings.event_for(actor, slug, to_change=True)
    await sittings.seat_assembly(world, actor, event, data.assembly, second=data.second)
    return await _answer(request, actor, slug)


@post(
    _EVENT + "/sitting/changes",
    guards=[requires(*ORGANISING)],
    status_code=200,
    tags=TAGS,
    operation_id="changeSitting",
)
async def change_sitting(
    request: AnyRequest,
    slug: FromPath[str],
    data: JSONBody[SittingChanges],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[SittingAnswer]:
    """Open or close it; say who presides and who keeps the minutes."""
    event = await sittings.event_for(actor, slug, to_change=True)
    await sittings.change(world, actor, event, data, expected_revision(request))
    return await _answer(request, actor, slug)


@post(
    _EVENT + "/convocation",
    guards=[requires(*ORGANISING)],
    status_code=200,
    tags=TAGS,
    operation_id="convene",
)
async def convene(
    slug: FromPath[str],
    data: JSONBody[ConvocationSent],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> ConvocationAnswer:
    """Note when the letters went out, and whether that was in time."""
    event = await sittings.event_for(actor, slug, to_change=True)
    sent = data.sent_on or to_wall(world.now(), event.timezone).date()
    await sittings.change(world, actor, event, SittingChanges(convened_on=sent))
    now = await sittings.now_of(event)
    given, needed = delay_given(now) or 0, now.rules.clear_days
    return ConvocationAnswer(sent, given, needed, given >= needed)


@put(
    _EVENT + "/seats/{seat_id:uuid}/answer",
    guards=[requires(*ORGANISING)],
    status_code=204,
    tags=TAGS,
    operation_id="answerForSeat",
)
async def answer_for_seat(
    slug: FromPath[str],
    seat_id: FromPath[UUID],
    data: JSONBody[AnswerInput],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> None:
    """What a member says before: sits, is substituted, gives a proxy, is excused."""
    event = await sittings.event_for(actor, slug, to_change=True)
    await sittings.answer(world, actor, event, seat_id, data)


@post(
    _EVENT + "/items",
    guards=[requires(*ORGANISING)],
    tags=TAGS,
    operation_id="addItem",
    responses={201: ResponseSpec(ItemAnswer, description="The item", media_type="application/json")},
)
async def add_item(
    request: AnyRequest,
    slug: FromPath[str],
    data: JSONBody[ItemInput],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """At the end of the agenda."""
    event = await sittings.event_for(actor, slug, to_change=True)

    async def work() -> ItemAnswer:
        made = await agenda.save_item(world, actor, event, None, data)
        now = await sittings.now_of(event)
        found = next(each for each in now.items if each.item.id == made.id)
        return item_answer(now, found, translator(language_of(request)))

    return await answer_once(request, world, work)


@put(_EVENT + "/items/{number:int}", guards=[requires(*ORGANISING)], tags=TAGS, operation_id="changeItem")
async def change_item(
    request: AnyRequest,
    slug: FromPath[str],
    number: FromPath[int],
    data: JSONBody[ItemInput],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> ItemAnswer:
    """Of an item that was voted on: what goes into the minutes only."""
    event = await sittings.event_for(actor, slug, to_change=True)
    before = numbered(await sittings.now_of(event), number)
    await agenda.save_item(world, actor, event, before.item.id, data)
    now = await sittings.now_of(event)
    return item_answer(now, numbered(now, number), translator(language_of(request)))


@post(_EVENT + "/roll", guards=[requires(*ORGANISING)], status_code=200, tags=TAGS, operation_id="tapRoll")
async def tap_roll(
    request: AnyRequest,
    slug: FromPath[str],
    data: JSONBody[RollTap],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> QuorumAnswer:
    """Somebody is there, or has left; answers the quorum."""
    event = await sittings.event_for(actor, slug, to_change=True)
    now = await sittings.tap(world, actor, event, data.seat, data.state, data.sitter, data.at)
    return quorum_answer(now, None, translator(language_of(request)))


@get(_EVENT + "/quorum", guards=[requires(*ORGANISING, *READING)], tags=TAGS, operation_id="readQuorum")
async def read_quorum(
    request: AnyRequest,
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    item: FromQuery[int | None] = None,
) -> QuorumAnswer:
    """Of the sitting, or of the item with this number, for which some may have stepped aside."""
    _, now = await sitting_to_show(actor, slug)
    found = None if item is None else numbered(now, item)
    return quorum_answer(now, found, translator(language_of(request)))


@post(
    _EVENT + "/items/{number:int}/vote",
    guards=[requires(*ORGANISING)],
    status_code=200,
    tags=TAGS,
    operation_id="holdVote",
)
async def hold_vote(
    request: AnyRequest,
    slug: FromPath[str],
    number: FromPath[int],
    data: JSONBody[VoteInput],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> ItemAnswer:
    """The vote as it was held; of an election, one round. Refused without a quorum."""
    event = await sittings.event_for(actor, slug, to_change=True)
    found = numbered(await sittings.now_of(event), number)
    await voting.hold(world, actor, event, found.item.id, data)
    now = await sittings.now_of(event)
    return item_answer(now, numbered(now, number), translator(language_of(request)))


@get(_EVENT + "/sitting/{paper:str}", guards=[requires(*ORGANISING, *READING)], include_in_schema=False)
async def read_paper(
    request: AnyRequest,
    slug: FromPath[str],
    paper: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """minutes.pdf, minutes.docx, convocation.pdf, attendance.pdf, deliberations.csv"""
    event, now = await sitting_to_show(actor, slug)
    return await paper_answer(world, event, now, paper, translator(language_of(request)))


def numbered(now: SittingNow, number: int) -> ItemNow:
    """Raises `NotFound`."""
    found = next((each for each in now.items if each.item.number == number), None)
    if found is None:
        raise NotFound
    return found


ROUTES: list[Any] = [
    read_sitting,
    set_sitting,
    change_sitting,
    convene,
    answer_for_seat,
    add_item,
    change_item,
    tap_roll,
    read_quorum,
    hold_vote,
    read_paper,
]
