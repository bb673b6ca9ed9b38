"""Calendars to subscribe to: no key, no cookie, a strong entity tag."""

import asyncio
from typing import Any

from litestar import Request, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.calendars.feeds import Feed
from events_app.features.calendars.service import agenda_feed, event_feed, personal_feed
from events_app.infra.world import World
from events_app.web.representations import representation

_MEDIA_TYPE = "text/calendar"  # Litestar says that it is UTF-8
_LARGE = 200_000  # bytes: compressing takes milliseconds

AnyRequest = Request[Any, Any, Any]


@route("/calendar.ics", http_method=["GET", "HEAD"])
async def agenda(request: AnyRequest, world: NamedDependency[World]) -> Response[bytes]:
    return await _answer(request, await agenda_feed(world), "public, no-cache")


@route("/events/{slug:str}/calendar.ics", http_method=["GET", "HEAD"])
async def of_event(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World]
) -> Response[bytes]:
    return await _answer(request, await event_feed(world, slug), "public, no-cache")


@route("/me/{token:str}/calendar.ics", http_method=["GET", "HEAD"])
async def personal(
    request: AnyRequest, token: FromPath[str], world: NamedDependency[World]
) -> Response[bytes]:
    return await _answer(request, await personal_feed(world, token), "private, no-cache")


async def _answer(request: AnyRequest, feed: Feed, cache_control: str) -> Response[bytes]:
    if len(feed.body) > _LARGE and "gzip" in request.headers.get("accept-encoding", ""):
        await asyncio.to_thread(feed.compress)  # no more than a look where that was done
    return representation(
        request,
        feed.body,
        _MEDIA_TYPE,
        etag=feed.etag,
        cache_control=cache_control,
        changed_at=feed.changed_at,
        compressible=True,
        zipped=feed.compress,
    )


ROUTES = [agenda, of_event, personal]
