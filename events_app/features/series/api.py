"""Series by the public contract (v1): members, meetings, the matrix of who was represented."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from events_app.features.accounts.bodies import worked_for
from events_app.features.events.access import may_create_in, may_read_in
from events_app.features.series import service
from events_app.features.series.matrix import Member, State
from events_app.features.series.pages import paper_answer
from events_app.features.series.queries import SeriesView, series_of
from events_app.features.series.service import SeriesInput
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput, NotAllowed
from events_app.web.guards import ORGANISING, READING, requires
from events_app.web.idempotency import answer_once
from events_app.web.pages import language_of

AnyRequest = Request[Any, Any, Any]
TAGS = ["series"]


class NewSeries(SeriesInput, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`body`: the organisation's slug; may be left out by whoever works for one only."""

    body: str | None = None


class SeriesAnswer(msgspec.Struct, frozen=True):
    slug: str
    title: str
    body: str
    members: list[Member]
    events: list[str]


class SeriesTitle(msgspec.Struct, frozen=True):
    slug: str
    title: str
    body: str
    members: int


class SeriesList(msgspec.Struct, frozen=True):
    items: list[SeriesTitle]


class MatrixMeeting(msgspec.Struct, frozen=True):
    event: str
    starts_at: datetime
    represented: int


class MatrixCell(msgspec.Struct, frozen=True):
    state: State
    names: list[str]


class MatrixRow(msgspec.Struct, frozen=True):
    """`present` of `held` meetings at whose door somebody stood."""

    member: Member
    cells: list[MatrixCell]
    present: int
    held: int
    missed_in_a_row: int


class MatrixAnswer(msgspec.Struct, frozen=True):
    meetings: list[MatrixMeeting]
    rows: list[MatrixRow]


@get("/series", guards=[requires(*ORGANISING, *READING)], tags=TAGS, operation_id="listSeries")
async def list_series(actor: NamedDependency[Actor]) -> SeriesList:
    """Those of the organisations that one works for."""
    bodies = [body.id for body in await worked_for(actor) if may_read_in(actor, body.id)]
    found = await series_of(bodies)
    return SeriesList(
        [SeriesTitle(each.slug, each.title, each.body_name, len(each.members)) for each in found]
    )


@post(
    "/series",
    guards=[requires(*ORGANISING)],
    tags=TAGS,
    operation_id="createSeries",
    responses={201: ResponseSpec(SeriesAnswer, description="The series", media_type="application/json")},
)
async def create_series(
    request: AnyRequest,
    data: JSONBody[NewSeries],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """A group of communes or structures, and the events that are its meetings."""
    mine = [body for body in await worked_for(actor) if may_create_in(actor, body.id)]
    if not mine:
        raise NotAllowed
    found = [body for body in mine if data.body in (None, body.slug)]
    if len(found) != 1:
        raise InvalidInput.one("/body", "unknown", N_("Please name one of your organisations."))
    wanted = SeriesInput(data.title, data.members, data.events)

    async def work() -> SeriesAnswer:
        made = await service.create(world, actor, found[0].id, wanted)
        return _answer(await service.seen_view(world, actor, made.slug))

    return await answer_once(request, world, work)


@get("/series/{slug:str}", guards=[requires(*ORGANISING, *READING)], tags=TAGS, operation_id="readSeries")
async def read_series(
    slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> SeriesAnswer:
    """Its members, and its meetings in order of time."""
    return _answer(await service.seen_view(world, actor, slug))


@put("/series/{slug:str}", guards=[requires(*ORGANISING)], tags=TAGS, operation_id="changeSeries")
async def change_series(
    slug: FromPath[str],
    data: JSONBody[SeriesInput],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> SeriesAnswer:
    """Title, members and meetings as they are from now on."""
    await service.changeable_series(actor, slug)
    await service.change(world, actor, slug, data)
    return _answer(await service.seen_view(world, actor, slug))


@get(
    "/series/{slug:str}/matrix",
    guards=[requires(*ORGANISING, *READING)],
    tags=TAGS,
    operation_id="readMatrix",
)
async def read_matrix(
    slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> MatrixAnswer:
    """Who was represented at which meeting; a member counts once, however many come for it."""
    matrix = (await service.seen_view(world, actor, slug)).matrix
    meetings = [
        MatrixMeeting(meeting.slug, meeting.starts_at, represented)
        for meeting, represented in zip(matrix.meetings, matrix.represented, strict=True)
    ]
    rows = [
        MatrixRow(
            row.member,
            [MatrixCell(cell.state, cell.names) for cell in row.cells],
            row.present,
            row.held,
            row.missed_in_a_row,
        )
        for row in matrix.rows
    ]
    return MatrixAnswer(meetings, rows)


@get("/series/{slug:str}/{paper:str}", guards=[requires(*ORGANISING, *READING)], include_in_schema=False)
async def read_paper(
    request: AnyRequest,
    slug: FromPath[str],
    paper: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """matrix.xlsx, matrix.pdf"""
    view = await service.seen_view(world, actor, slug)
    return await paper_answer(view, paper, translator(language_of(request)))


def _answer(view: SeriesView) -> SeriesAnswer:
    series = view.series
    return SeriesAnswer(
        series.slug,
        series.title,
        series.body_name,
        series.members,
        [meeting.slug for meeting in view.matrix.meetings],
    )


ROUTES: list[Any] = [list_series, create_series, read_series, change_series, read_matrix, read_paper]
