"""Counting by the public contract: send counts, read figures, say what there is to count."""

from collections import defaultdict
from datetime import datetime
from typing import Annotated, Any

from litestar import Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from events_app.features.counting import service
from events_app.features.counting.model import Board, HourFigures
from events_app.features.counting.queries import board_of, setup_of
from events_app.features.counting.schemas import (
    CountingSites,
    TallyAnswers,
    TallyBatch,
    TallyFigures,
)
from events_app.features.events.service import editable_event
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput
from events_app.web.guards import ORGANISING, READING, SCANNING, requires
from events_app.web.revisions import etag_of, expected_revision

AnyRequest = Request[Any, Any, Any]
_COUNTING = [requires(*SCANNING, or_device=True)]


@post("/events/{slug:str}/tallies", status_code=200, guards=_COUNTING, tags=["door"])
async def add_tallies(
    slug: FromPath[str],
    data: JSONBody[TallyBatch],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> TallyAnswers:
    """Count people without registration. Each `tally_id` counts once; the order does not matter."""
    event = await service.countable_event(actor, slug)
    if len(data.tallies) > service.MOST_IN_A_BATCH:
        message = N_("At most {most} at once.")
        raise InvalidInput.one("/tallies", "range", message, most=service.MOST_IN_A_BATCH)
    wanted = [each.tally() for each in data.tallies]
    answers = await service.record(world, actor, event, wanted, data.device)
    return TallyAnswers(answers, (await board_of(event.id)).inside)


@get("/events/{slug:str}/tallies", guards=[requires(*SCANNING, *READING, or_device=True)], tags=["door"])
async def read_tallies(
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    by: Annotated[str, QueryParameter(name="by")] = "site,hour",
) -> TallyFigures:
    """Who came and left where nobody registers. `by`: `site`, `hour` or both."""
    event = await service.counted_event(actor, slug)
    parts = [part.strip() for part in by.split(",")]
    if not set(parts) <= {"site", "hour"}:
        raise InvalidInput.one("/by", "invalid", N_("Please say site, hour or both."))
    board = await board_of(event.id)
    hours = _hours(board, by_site="site" in parts) if "hour" in parts else []
    return TallyFigures(board.entered, board.inside, board.sites if "site" in parts else [], hours)


def _hours(board: Board, *, by_site: bool) -> list[HourFigures]:
    if by_site:
        return board.hours
    together: dict[datetime, list[int]] = defaultdict(lambda: [0, 0])
    for each in board.hours:
        together[each.starts_at][0] += each.entered
        together[each.starts_at][1] += each.left
    return [HourFigures("", hour, *both) for hour, both in sorted(together.items())]


@get("/events/{slug:str}/counting", guards=[requires(*SCANNING, *READING, or_device=True)], tags=["door"])
async def read_counting(slug: FromPath[str], actor: NamedDependency[Actor]) -> Response[CountingSites]:
    """The sites that are counted, their gates and limits."""
    event = await service.counted_event(actor, slug)
    sites, revision = await setup_of(event.id)
    return Response(CountingSites(sites), headers={"etag": etag_of(revision)})


@put("/events/{slug:str}/counting", guards=[requires(*ORGANISING)], tags=["door"])
async def set_counting(
    request: AnyRequest,
    slug: FromPath[str],
    data: JSONBody[CountingSites],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[CountingSites]:
    """Say which sites are counted. Counts of a site that is gone stay in the figures."""
    event = await editable_event(actor, slug)
    await service.set_up(world, actor, event, data.sites, expected_revision(request))
    sites, revision = await setup_of(event.id)
    return Response(CountingSites(sites), headers={"etag": etag_of(revision)})


ROUTES = [add_tallies, read_tallies, read_counting, set_counting]
