"""The agenda, or one event, within another site's page: these addresses alone may stand in a frame there.

Nothing to press but links, which open beside; no script, no cookie: a frame around it can misuse nothing.
"""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.calendars.filters import AgendaFilter, read_filter
from events_app.features.calendars.queries import events_by_id, next_events
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import counts_of, visible_event
from events_app.features.events.views import announcement
from events_app.infra.database import read_snapshot
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import ANONYMOUS
from events_app.kernel.errors import NotFound
from events_app.web.pages import language_of, page

AnyRequest = Request[Any, Any, Any]

MOST_SHOWN = 12
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors *"
)


@get("/embed/agenda")
async def embedded_agenda(request: AnyRequest, world: NamedDependency[World]) -> Response[str]:
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    wanted = await read_filter(asked)
    async with read_snapshot():
        events = await events_by_id(await next_events(wanted, world.now(), MOST_SHOWN))
    return await _embedded(request, world, sorted(events, key=lambda event: event.starts_at), wanted)


@get("/embed/events/{slug:str}")
async def embedded_event(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World]
) -> Response[str]:
    """As everybody sees it, whoever is signed in."""
    event = await visible_event(ANONYMOUS, slug)
    if not event.is_announced:
        raise NotFound
    return await _embedded(request, world, [event], None)


async def _embedded(
    request: AnyRequest, world: World, events: list[EventRecord], wanted: AgendaFilter | None
) -> Response[str]:
    counts = await counts_of([event.id for event in events])
    words = translator(language_of(request))
    answer = page(
        request,
        "calendars/embed.html",
        headers={"content-security-policy": POLICY, "cache-control": "public, max-age=300"},
        entries=[announcement(event, counts[event.id], world.now(), words) for event in events],
        wanted=wanted,
    )
    answer.cookies = []
    return answer


ROUTES = [embedded_agenda, embedded_event]
