"""`/org/events/{slug}/statistics`: who registered, who came, from where; every picture with its table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.admission.figures import SHADES, areas, figures
from events_app.features.events.access import may_read_registrations
from events_app.features.events.queries import visible_event
from events_app.features.territory.outlines import outlines
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotAllowed
from events_app.web.guards import READING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import language_of, page

AnyRequest = Request[Any, Any, Any]
WIDTH, HEIGHT = 720, 200


@get("/org/events/{slug:str}/statistics", guards=[requires(*READING)])
async def statistics_page(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[str]:
    event = await visible_event(actor, slug)
    if not may_read_registrations(actor, event):
        raise NotAllowed
    found = await figures(event.id)
    return page(
        request,
        "admission/statistics.html",
        event=event,
        tabs_of_event=event_tabs(event, language_of(request)),
        figures=found,
        curve=curve(found.grown, WIDTH, HEIGHT),
        width=WIDTH,
        height=HEIGHT,
        areas=areas(found.counted.by_commune) if found.counted.by_commune else [],
        shades=SHADES,
        map_size=(outlines().width, outlines().height),
        over=event.is_over(world.now()),
    )


def curve(points: Sequence[tuple[datetime, int]], width: int, height: int) -> str:
    """Path data of SVG, from the lower left to the upper right; empty for less than two moments."""
    if len(points) < 2:
        return ""
    (start, _), (end, most) = points[0], points[-1]
    span = (end - start).total_seconds()
    places = [
        (round(width * (at - start).total_seconds() / span, 1), round(height - height * number / most, 1))
        for at, number in points
    ]
    return "M" + " L".join(f"{x} {y}" for x, y in places)


ROUTES = [statistics_page]
