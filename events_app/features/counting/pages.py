"""`/count/{slug}`: two large buttons for a phone. `/org/events/{slug}/counting`: the board, and its sites."""

from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.counting import service
from events_app.features.counting.model import Board, Site
from events_app.features.counting.queries import board_of, setup_of
from events_app.features.events.access import may_edit
from events_app.features.events.model import EventRecord
from events_app.features.events.service import editable_event
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor, ActorKind
from events_app.kernel.civil_time import to_wall
from events_app.kernel.errors import InvalidInput, NotAllowed
from events_app.web.assets import asset_url, assets
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, READING, SCANNING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]
SPARE_ROWS = 3
_WORKER = "js/count/worker.js"
_KEPT_OFFLINE = ("js/count/main.js", "js/count/tallies.js", "css/convive.css", "css/counting.css")


@get("/count/{slug:str}", guards=[requires(*SCANNING, or_device=True)])
async def counting_page(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[str]:
    event = await service.countable_event(actor, slug)
    sites, _ = await setup_of(event.id)
    words = translator(language_of(request))
    return page(
        request,
        "counting/count.html",
        event=event,
        sites=sites,
        gate=actor.gate if actor.kind is ActorKind.DOOR_DEVICE else "",
        config={
            "slug": event.slug,
            "api": f"/api/v1/events/{event.slug}/tallies",
            "kept": [asset_url(name) for name in _KEPT_OFFLINE],
            "sites": [{"name": site.name, "gates": site.gates, "most": site.most} for site in sites],
            "words": {
                "sent": words.gettext("All is sent"),
                "waiting": words.gettext("{count} not sent yet"),
                "refused": words.gettext("{count} refused: {reason}"),
                "near": words.gettext("Almost full: {inside} of {most}"),
                "full": words.gettext("Full: {inside} of {most}"),
                "said": words.gettext("{change}. Counted here: {total}"),
            },
        },
    )


@get("/count/{slug:str}/worker.js", guards=[requires(*SCANNING, or_device=True)])
async def counting_worker(slug: FromPath[str], actor: NamedDependency[Actor]) -> Response[bytes]:
    """Beside the page, since a service worker looks after what lies below it. No secret, no data."""
    await service.countable_event(actor, slug)
    allowed = {"service-worker-allowed": quote(f"/count/{slug}")}
    body = assets().files[asset_url(_WORKER)].file.body
    return Response(body, media_type="text/javascript", headers={"cache-control": "no-cache"} | allowed)


@get("/org/events/{slug:str}/counting", guards=[requires(*ORGANISING, *READING)])
async def board_page(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[str]:
    event = await service.counted_event(actor, slug)
    sites, revision = await setup_of(event.id)
    return await _board_page(request, actor, event, Form(initial=_values(sites) | {"revision": revision}))


@post("/org/events/{slug:str}/counting", guards=[requires(*ORGANISING)], status_code=200)
async def board_post(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await editable_event(actor, slug)
    form = await read_form(request)
    sites, rows = _sites(form)
    if not form.errors:
        try:
            await service.set_up(world, actor, event, sites, form.integer("revision", low=0))
            return go_to(request, f"/org/events/{slug}/counting", "saved")
        except InvalidInput as refused:
            for error in refused.errors:
                _, _, at, name = error.pointer.split("/")
                form.error(f"sites.{rows[int(at)]}.{name}", error.message)
    return await _board_page(request, actor, event, form, 422)


def _values(sites: list[Site]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for at, site in enumerate(sites):
        values |= {f"sites.{at}.name": site.name, f"sites.{at}.gates": ", ".join(site.gates)}
        values[f"sites.{at}.most"] = "" if site.most is None else site.most
    return values


def _sites(form: Form) -> tuple[list[Site], list[int]]:
    """Those with a name, and the row that each stands in. A row that was emptied goes."""
    sites, rows = [], []
    for at in range(_row_count(form)):
        name = form.line(f"sites.{at}.name", most=200)
        gates = [gate for gate in form.line(f"sites.{at}.gates", most=2_000).split(",") if gate.strip()]
        most = form.integer(f"sites.{at}.most", low=1, high=1_000_000)
        if name or gates or most is not None:
            sites.append(Site(name, gates, most))
            rows.append(at)
    return sites, rows


def _row_count(form: Form) -> int:
    parts = [key.split(".") for key in form.values]
    numbers = [int(part[1]) for part in parts if len(part) == 3 and part[1].isdigit() and len(part[1]) < 4]
    return min(max(numbers, default=-1) + 1, 130)


async def _board_page(
    request: AnyRequest, actor: Actor, event: EventRecord, form: Form, status_code: int = 200
) -> Response[str]:
    if not may_edit(actor, event) and status_code != 200:
        raise NotAllowed
    board = await board_of(event.id)
    return page(
        request,
        "counting/board.html",
        status_code=status_code,
        event=event,
        form=form,
        rows=range(_row_count(form) + SPARE_ROWS),
        board=board,
        hours=_hours(board, event, language_of(request)),
        edits=may_edit(actor, event),
        count_url=f"/count/{event.slug}",
        tabs_of_event=event_tabs(event, language_of(request)),
    )


def _hours(board: Board, event: EventRecord, language: str) -> list[tuple[str, int]]:
    """Who came in each hour of the event's zone, over all sites."""
    words = translator(language)
    sums: dict[Any, int] = {}
    for each in board.hours:
        sums[each.starts_at] = sums.get(each.starts_at, 0) + each.entered
    days = {to_wall(hour, event.timezone).date() for hour in sums}
    said = {hour: to_wall(hour, event.timezone) for hour in sorted(sums)}
    return [
        (words.time(wall) if len(days) == 1 else f"{words.date(wall.date())}, {words.time(wall)}", sums[hour])
        for hour, wall in said.items()
    ]


ROUTES = [counting_page, counting_worker, board_page, board_post]
