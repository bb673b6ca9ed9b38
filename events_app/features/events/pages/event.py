"""The public page of one event: the most read page, answered from rendered bytes."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.types import ASGIApp

from events_app.features.events.access import may_edit
from events_app.features.events.calendar import announced_title, venue_line
from events_app.features.events.model import EventRecord, Visibility
from events_app.features.events.queries import counts_of, event_marker, sessions_of, visible_event
from events_app.features.events.views import json_ld, map_link, next_change, programme_days, standing
from events_app.infra.database import change_stamp, read_snapshot
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotFound
from events_app.outputs.markdown import safe_html
from events_app.web.pages import NOTICE_COOKIE, actor_of, language_of, language_wished, page, speak
from events_app.web.rendered import pages_of

AnyRequest = Request[Any, Any, Any]


@get("/events/{slug:str}")
async def event_page(request: AnyRequest, slug: FromPath[str]) -> ASGIApp:
    """Without injected dependencies: the task group that resolves them costs a tenth of the answer."""
    world: World = request.app.state.world
    actor = actor_of(request)
    alike = not actor.is_known and not request.url.query and NOTICE_COOKIE not in request.cookies
    if not alike:
        html, _ = await _render(request, world, actor, slug)
        return html.to_asgi_response(app=None, request=request)
    now, stamp = world.now(), change_stamp()
    rendered, key = pages_of(request), (slug, language_of(request) if language_wished(request) else "")
    found = rendered.untouched(key, stamp, now)
    if found is None:
        marker = await event_marker(slug)
        if marker is None:
            raise NotFound
        found = rendered.still_true(key, marker, stamp, now)
    if found is None:
        html, event = await _render(request, world, actor, slug)
        found = rendered.put(key, html.content, marker, stamp, next_change(event, now))
    return found.file.answer(request.scope)


async def _render(
    request: AnyRequest, world: World, actor: Actor, slug: str
) -> tuple[Response[str], EventRecord]:
    async with read_snapshot():
        event = await visible_event(actor, slug)
        sessions = await sessions_of(event.id)
        counts = (await counts_of([event.id]))[event.id]
    if not actor.is_known:
        speak(request, event.language)
    words = translator(language_of(request))
    event = event.spoken_in(words.language)
    now_standing = standing(event, counts, world.now(), words)
    html = page(
        request,
        "events/event.html",
        event=event,
        standing=now_standing,
        counts=counts,
        announced_title=announced_title(event),
        invited_only=event.visibility is Visibility.INVITED and event.registration_is_open(world.now()),
        venue=venue_line(event),
        map_href=map_link(event),
        days=programme_days(event, sessions, words),
        description_html=safe_html(event.description),
        json_ld=json_ld(world.settings.base_url, event, counts, now_standing),
        listed=event.is_announced and event.visibility is Visibility.PUBLIC,
        editable=may_edit(actor, event),
    )
    return html, event


ROUTES = [event_page]
