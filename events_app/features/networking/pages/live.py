"""The evening itself: the organiser's phone, and the screen in the room."""

from typing import Any, cast
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events.access import may_scan
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import visible_event
from events_app.features.networking import live
from events_app.features.networking.errors import NoRoundLeft
from events_app.features.networking.live import Board, Tapped
from events_app.features.networking.pages.room import event_to_edit, home_of
from events_app.features.networking.presence import TAPPED
from events_app.features.networking.queries import networking_session
from events_app.infra.database import read_snapshot
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, NotAllowed
from events_app.web.forms import read_form
from events_app.web.guards import ORGANISING, SCANNING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]

_LIVE = "/org/events/{slug:str}/networking/{code:str}/live"
STATES = {
    "here": N_("Here"),
    "late": N_("Late"),
    "left": N_("Left"),
    "absent": N_("Does not come"),
    "expected": N_("Not seen yet"),
}


@get(_LIVE, guards=[requires(*ORGANISING)])
async def live_page(
    request: AnyRequest, slug: FromPath[str], code: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Any]:
    """Works without JavaScript; with it, follows the door and goes on without network."""
    event, board = await _board(actor, await event_to_edit(actor, slug), code)
    language = language_of(request)
    return page(
        request,
        "networking/live.html",
        event=event,
        event_tabs=event_tabs(event, language),
        board=board,
        states=STATES,
        tapped=TAPPED,
        words_of_states={state: translator(language).gettext(words) for state, words in STATES.items()},
        here=home_of(slug, code),
    )


@post(f"{_LIVE}/presence", guards=[requires(*ORGANISING)])
async def presence_post(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    event, board = await _board(actor, await event_to_edit(actor, slug), code)
    form = await read_form(request)
    person = form.deed("registration", [str(each.id) for each in board.people])
    state = cast(Tapped, form.deed("state", TAPPED))
    await live.tap(world, actor, event, code, UUID(person), state)
    return go_to(request, f"{home_of(slug, code)}/live#p-{person}")


@post(f"{_LIVE}/next", guards=[requires(*ORGANISING)])
async def next_post(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """`round`: the one on the button; pressed by two, it is announced once."""
    event, board = await _board(actor, await event_to_edit(actor, slug), code)
    form = await read_form(request)
    number = form.integer("round", low=1, high=len(board.rounds))
    if number is None and form.errors:
        number = board.announced  # announced already: nothing happens
    try:
        await live.announce(world, actor, event, code, number)
    except NoRoundLeft:
        return go_to(request, f"{home_of(slug, code)}/live")
    return go_to(request, f"{home_of(slug, code)}/live")


@get("/org/events/{slug:str}/networking/{code:str}/screen", guards=[requires(*SCANNING)])
async def screen(
    request: AnyRequest, slug: FromPath[str], code: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await visible_event(actor, slug)
    if not may_scan(actor, event):
        raise NotAllowed
    event, board = await _board(actor, event, code)
    # Inside a script element only "<" could end it.
    encoded = msgspec.json.encode(board).decode().replace("<", "\\u003c")
    return page(request, "networking/screen.html", event=event, board=board, board_json=encoded)


async def _board(actor: Actor, event: EventRecord, code: str) -> tuple[EventRecord, Board]:
    async with read_snapshot():
        await networking_session(event, code)
        return event, await live.board_of(actor, event, code)


ROUTES = [live_page, presence_post, next_post, screen]
