"""Calendars to subscribe to: no key, no cookie, a strong entity tag.

Without injected dependencies: resolving them costs a tenth of an answer that is kept.
"""

import asyncio
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from litestar import Request, Response, get, route
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ASGIApp

from events_app.features.calendars import news
from events_app.features.calendars.feeds import Feed
from events_app.features.calendars.filters import read_filter
from events_app.features.calendars.service import (
    agenda_feed,
    event_feed,
    event_file,
    personal_feed,
    session_feed,
)
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.queries import visible_event
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotFound
from events_app.web.kept_files import KeptFile
from events_app.web.negotiation import takes_gzip
from events_app.web.pages import page
from events_app.web.representations import entity_tag, representation

_MEDIA_TYPE = "text/calendar; charset=utf-8"
_PUBLIC, _PRIVATE = "public, no-cache", "private, no-cache"  # kept, and asked about before each use
_LARGE = 200_000  # bytes: compressing takes milliseconds

AnyRequest = Request[Any, Any, Any]

_files: WeakKeyDictionary[Feed, KeptFile] = WeakKeyDictionary()


@route("/calendar.ics", http_method=["GET", "HEAD"])
async def agenda(request: AnyRequest) -> ASGIApp:
    wanted = await read_filter(request.query_params.multi_items())
    return await _answer(request, await agenda_feed(_world(request), wanted), _PUBLIC)


@route("/events/{slug:str}/calendar.ics", http_method=["GET", "HEAD"])
async def of_event(request: AnyRequest, slug: FromPath[str]) -> ASGIApp:
    return await _answer(request, await event_feed(_world(request), slug), _PUBLIC)


@route("/events/{slug:str}/event.ics", http_method=["GET", "HEAD"])
async def one_event(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World]
) -> Response[bytes]:
    """The whole event as one entry, for the button on its page: its programme is a calendar to follow."""
    file = await event_file(world, slug)
    return representation(
        request,
        file,
        _MEDIA_TYPE,
        etag=entity_tag("event", file),
        cache_control=_PUBLIC,
        filename=f"{slug}.ics",
    )


@route("/events/{slug:str}/sessions/{code:str}/calendar.ics", http_method=["GET", "HEAD"])
async def of_session(request: AnyRequest, slug: FromPath[str], code: FromPath[str]) -> ASGIApp:
    return await _answer(request, await session_feed(_world(request), slug, code), _PUBLIC)


@route("/agenda.atom", http_method=["GET", "HEAD"])
async def atom(request: AnyRequest, world: NamedDependency[World]) -> Response[bytes]:
    """Narrowed as the calendar is, for news readers."""
    wanted = await read_filter(request.query_params.multi_items())
    body = news.atom(world, wanted, await news.upcoming(world, wanted))
    return _news(request, body, "application/atom+xml; charset=utf-8")


@route("/agenda.json", http_method=["GET", "HEAD"])
async def json_feed(request: AnyRequest, world: NamedDependency[World]) -> Response[bytes]:
    wanted = await read_filter(request.query_params.multi_items())
    body = news.json_feed(world, wanted, await news.upcoming(world, wanted))
    return _news(request, body, "application/feed+json")


def _news(request: AnyRequest, body: bytes, media_type: str) -> Response[bytes]:
    return representation(
        request, body, media_type, etag=entity_tag("news", body), cache_control=_PUBLIC, compressible=True
    )


@get("/follow")
async def follow_agenda(request: AnyRequest, world: NamedDependency[World]) -> Response[Any]:
    """How to follow the agenda, or the part that the address names, in each calendar program."""
    wanted = await read_filter(request.query_params.multi_items())
    return _follow(request, world, "/calendar.ics" + wanted.query, None, "/embed/agenda" + wanted.query)


@get("/events/{slug:str}/follow")
async def follow_event(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await visible_event(actor, slug)
    if event.status is EventStatus.DRAFT:
        raise NotFound
    return _follow(request, world, f"/events/{event.slug}/calendar.ics", event, f"/embed/events/{event.slug}")


def _follow(
    request: AnyRequest, world: World, path: str, event: EventRecord | None, embedded: str
) -> Response[Any]:
    address = world.url(path)
    webcal = "webcal://" + address.partition("://")[2]
    return page(
        request,
        "calendars/follow.html",
        event=event,
        address=address,
        webcal=webcal,
        frame=world.url(embedded),
        page_address=world.url(embedded.removeprefix("/embed").replace("/agenda", "/")),
        google="https://calendar.google.com/calendar/render?" + urlencode({"cid": webcal}),
        outlook="https://outlook.office.com/calendar/0/addfromweb?"
        + urlencode({"url": address, "name": event.title if event else world.settings.site_name}),
    )


@route("/me/{token:str}/calendar.ics", http_method=["GET", "HEAD"])
async def personal(request: AnyRequest, token: FromPath[str]) -> ASGIApp:
    return await _answer(request, await personal_feed(_world(request), token), _PRIVATE)


def _world(request: AnyRequest) -> World:
    world: World = request.app.state.world
    return world


async def _answer(request: AnyRequest, feed: Feed, cache_control: str) -> ASGIApp:
    file = _files.get(feed)
    if file is None:
        file = KeptFile(
            feed.body, _MEDIA_TYPE, feed.etag, cache_control=cache_control, changed_at=feed.changed_at
        )
        _files[feed] = file
    if len(file) > _LARGE and takes_gzip(request.headers.get("accept-encoding", "")):
        await asyncio.to_thread(file.compress)  # no more than a look where that was done
    return file.answer(request.scope)


ROUTES = [
    agenda,
    of_event,
    of_session,
    one_event,
    atom,
    json_feed,
    follow_agenda,
    follow_event,
    personal,
]
