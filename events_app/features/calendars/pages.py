"""Calendars to subscribe to: no key, no cookie, a strong entity tag.

Without injected dependencies: resolving them costs a tenth of an answer that is kept.
"""

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

from litestar import Request, route
from litestar.params import FromPath
from litestar.types import ASGIApp

from events_app.features.calendars.feeds import Feed
from events_app.features.calendars.service import agenda_feed, event_feed, personal_feed
from events_app.infra.world import World
from events_app.web.kept_files import KeptFile

_MEDIA_TYPE = "text/calendar; charset=utf-8"
_PUBLIC, _PRIVATE = "public, no-cache", "private, no-cache"  # kept, and asked about before each use
_LARGE = 200_000  # bytes: compressing takes milliseconds

AnyRequest = Request[Any, Any, Any]

_files: WeakKeyDictionary[Feed, KeptFile] = WeakKeyDictionary()


@route("/calendar.ics", http_method=["GET", "HEAD"])
async def agenda(request: AnyRequest) -> ASGIApp:
    return await _answer(request, await agenda_feed(_world(request)), _PUBLIC)


@route("/events/{slug:str}/calendar.ics", http_method=["GET", "HEAD"])
async def of_event(request: AnyRequest, slug: FromPath[str]) -> ASGIApp:
    return await _answer(request, await event_feed(_world(request), slug), _PUBLIC)


@route("/me/{token:str}/calendar.ics", http_method=["GET", "HEAD"])
async def personal(request: AnyRequest, token: FromPath[str]) -> ASGIApp:
    return await _answer(request, await personal_feed(_world(request), token), _PRIVATE)


def _world(request: AnyRequest) -> World:
    world: World = request.app.state.world
    return world


async def _answer(request: AnyRequest, feed: Feed, cache_control: str) -> ASGIApp:
    file = _files.get(feed)
    if file is None:
        file = KeptFile(feed.body, _MEDIA_TYPE, feed.etag, feed.changed_at, cache_control)
        _files[feed] = file
    if len(file) > _LARGE and "gzip" in request.headers.get("accept-encoding", ""):
        await asyncio.to_thread(file.compress)  # no more than a look where that was done
    return file.answer(request.scope)


ROUTES = [agenda, of_event, personal]
