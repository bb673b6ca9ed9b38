"""`/org/series`: groups that meet several times, the matrix of who was represented, the next meeting."""

from functools import partial
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.accounts.bodies import worked_for
from events_app.features.events.access import may_create_in, may_read_in
from events_app.features.events.queries import latest_of
from events_app.features.series import service
from events_app.features.series.queries import SeriesView, series_of
from events_app.features.series.service import NobodyToInvite, SeriesInput, members_in
from events_app.features.series.wording import STATE_NAMES, paper_of, table_of
from events_app.infra.database import read_snapshot
from events_app.infra.i18n import Translator, translator
from events_app.infra.processes import paper_shop
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.civil_time import DEFAULT_ZONE
from events_app.kernel.errors import InvalidInput, NotAllowed, NotFound
from events_app.outputs.documents import document_pdf
from events_app.outputs.workbooks import MEDIA_TYPE, workbook_bytes
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, READING, requires
from events_app.web.pages import go_to, language_of, page
from events_app.web.problems import reasons_of

AnyRequest = Request[Any, Any, Any]
HOME = "/org/series"
MOST_OFFERED = 100  # events to choose a meeting from
_ONE = HOME + "/{slug:str}"


@get(HOME, guards=[requires(*ORGANISING, *READING)])
async def series_list(request: AnyRequest, actor: NamedDependency[Actor]) -> Response[Any]:
    return await _list_page(request, actor, Form())


async def _list_page(request: AnyRequest, actor: Actor, form: Form, status_code: int = 200) -> Response[Any]:
    async with read_snapshot():
        bodies = await worked_for(actor)
        listed = await series_of([each.id for each in bodies if may_read_in(actor, each.id)])
    mine = [(body.slug, body.name) for body in bodies if may_create_in(actor, body.id)]
    return page(request, "series/list.html", status_code=status_code, listed=listed, bodies=mine, form=form)


@post(HOME, guards=[requires(*ORGANISING)])
async def series_add(
    request: AnyRequest, world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    form = await read_form(request)
    bodies = [body for body in await worked_for(actor) if may_create_in(actor, body.id)]
    if not bodies:
        raise NotAllowed
    slug = form.choice("body", tuple(body.slug for body in bodies), required=len(bodies) != 1)
    title, lines = form.line("title", required=True), form.block("members", most=100_000)
    if not form.errors:
        body = next(body for body in bodies if body.slug == slug or len(bodies) == 1)
        try:
            made = await service.create(world, actor, body.id, SeriesInput(title, members_in(lines)))
            return go_to(request, f"{HOME}/{made.slug}", notice="saved")
        except InvalidInput as refused:
            _say(form, refused)
    return await _list_page(request, actor, form, 422)


def _say(form: Form, refused: InvalidInput) -> None:
    """A fault of one of several lines stands beside all of them."""
    form.absorb(refused)
    for name in [name for name in form.errors if "." in name]:
        form.errors.setdefault(name.partition(".")[0], form.errors.pop(name))


@get(_ONE, guards=[requires(*ORGANISING, *READING)])
async def one_series(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    view = await service.seen_view(world, actor, slug)
    return await _page(request, actor, view, Form(initial=_values(view)))


def _values(view: SeriesView) -> dict[str, Any]:
    return {
        "title": view.series.title,
        "members": "\n".join(member.name for member in view.series.members),
        "events": [meeting.slug for meeting in view.matrix.meetings],
    }


async def _page(
    request: AnyRequest,
    actor: Actor,
    view: SeriesView,
    form: Form,
    status_code: int = 200,
    reasons: tuple[str, ...] = (),
) -> Response[Any]:
    words = translator(language_of(request))
    there = {meeting.slug for meeting in view.matrix.meetings}
    further = [
        (slug, f"{title}, {words.moment(starts_at, zone)}")
        for slug, title, starts_at, zone in await latest_of(view.series.body_id, MOST_OFFERED)
        if slug not in there
    ]
    return page(
        request,
        "series/series.html",
        status_code=status_code,
        series=view.series,
        matrix=view.matrix,
        names={state: words.gettext(name) for state, name in STATE_NAMES.items()},
        further=further,
        present=[
            (meeting.slug, f"{meeting.title}, {words.moment(meeting.starts_at, meeting.timezone)}")
            for meeting in view.matrix.meetings
        ],
        to_come=[
            (meeting, bool(service.to_invite(view, meeting)))
            for meeting in view.matrix.meetings
            if not meeting.held
        ],
        alerts=[row for row in view.matrix.rows if row.is_alert],
        edits=may_create_in(actor, view.series.body_id),
        reasons=reasons,
        here=f"{HOME}/{view.series.slug}",
        form=form,
    )


@post(_ONE, guards=[requires(*ORGANISING)])
async def series_save(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    await service.changeable_series(actor, slug)
    form = await read_form(request)
    title, lines = form.line("title", required=True), form.block("members", most=100_000)
    form.values["events"] = events = form.all("events")
    added = form.line("add", most=80)
    if not form.errors:
        try:
            wanted = SeriesInput(title, members_in(lines), [*events, *([added] if added else [])])
            await service.change(world, actor, slug, wanted)
            return go_to(request, f"{HOME}/{slug}", notice="saved")
        except InvalidInput as refused:
            _say(form, refused)
    return await _page(request, actor, await service.seen_view(world, actor, slug), form, 422)


@post(_ONE + "/next", guards=[requires(*ORGANISING)])
async def next_meeting(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    """A draft like the last one, where its details are looked at."""
    await service.changeable_series(actor, slug)
    form = await read_form(request)
    starts_at = form.instant("starts_at", DEFAULT_ZONE, required=True)
    if starts_at is not None and not form.errors:
        try:
            made = await service.repeat(world, actor, slug, starts_at)
            return go_to(request, f"/org/events/{made.slug}/edit", notice="saved")
        except InvalidInput as refused:
            _say(form, refused)
    view = await service.seen_view(world, actor, slug)
    form.values = _values(view) | form.values
    return await _page(request, actor, view, form, 422)


@post(_ONE + "/convene/{event:str}", guards=[requires(*ORGANISING)])
async def convene(
    request: AnyRequest,
    slug: FromPath[str],
    event: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    await service.changeable_series(actor, slug)
    try:
        await service.convene(world, actor, slug, event)
    except NobodyToInvite as refused:
        view = await service.seen_view(world, actor, slug)
        reasons = tuple(reasons_of(refused, language_of(request)))
        return await _page(request, actor, view, Form(initial=_values(view)), refused.status, reasons)
    return go_to(request, f"/org/events/{event}/invitations", notice="saved")


@get(_ONE + "/{paper:str}", guards=[requires(*ORGANISING, *READING)])
async def matrix_paper(
    request: AnyRequest,
    slug: FromPath[str],
    paper: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """matrix.xlsx, matrix.pdf"""
    view = await service.seen_view(world, actor, slug)
    return await paper_answer(view, paper, translator(language_of(request)))


async def paper_answer(view: SeriesView, paper: str, words: Translator) -> Response[bytes]:
    """Made in the helper process. Raises `NotFound` for a paper that there is not."""
    series = view.series
    if paper == "matrix.xlsx":
        heads, rows = table_of(view.matrix, words)
        body = await paper_shop.run(partial(workbook_bytes, series.title, heads, rows))
        media_type = MEDIA_TYPE
    elif paper == "matrix.pdf":
        document = paper_of(series.title, series.body_name, view.matrix, words)
        body, media_type = await paper_shop.run(partial(document_pdf, document)), "application/pdf"
    else:
        raise NotFound
    headers = {
        "content-disposition": f'inline; filename="{series.slug}-{paper}"',
        "cache-control": "private, no-store",
    }
    return Response(body, media_type=media_type, headers=headers)


ROUTES = [series_list, series_add, one_series, series_save, next_meeting, convene, matrix_paper]
