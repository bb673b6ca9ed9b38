"""The drawn picture of an event without one, for link previews."""

from collections import OrderedDict
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath

from events_app.features.events.calendar import announced_title, venue_line
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import visible_event
from events_app.infra.i18n import translator
from events_app.infra.processes import paper_shop
from events_app.outputs.covers import Cover, cover_png
from events_app.web.pages import actor_of

_MOST_KEPT = 64
_kept: OrderedDict[tuple[UUID, int], bytes] = OrderedDict()


@get("/events/{slug:str}/cover.png")
async def cover(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Drawn once for each revision of the event."""
    event = await visible_event(actor_of(request), slug)
    key = (event.id, event.revision)
    etag = f'"{event.id.hex}-{event.revision}"'
    headers = {"etag": etag, "cache-control": "public, max-age=3600" if event.is_announced else "no-store"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type="image/png")
    drawn = _kept.pop(key, b"")
    if not drawn:
        drawn = await paper_shop.run(partial(cover_png, _words(event)))
    _kept[key] = drawn
    if len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
    return Response(drawn, headers=headers, media_type="image/png")


def _words(event: EventRecord) -> Cover:
    when = translator(event.language).when(event.starts_at, event.ends_at, event.timezone)
    return Cover(event.language, event.body_name, announced_title(event), when, venue_line(event))


ROUTES = [cover]
