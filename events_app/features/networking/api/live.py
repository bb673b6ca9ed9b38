"""The evening itself by the public contract (v1): presence, the next round, the board."""

import hashlib
from typing import Any, cast

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from events_app.features.events.queries import visible_event
from events_app.features.networking import live
from events_app.features.networking.live import Board
from events_app.features.networking.schemas import NextRound, PresenceChange
from events_app.infra.database import read_snapshot
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.web.guards import ORGANISING, SCANNING, requires
from events_app.web.negotiation import has_one_of

TAGS = ["rooms"]
_ROOM = "/events/{slug:str}/sessions/{code:str}/room"

AnyRequest = Request[Any, Any, Any]


@get(f"{_ROOM}/board", guards=[requires(*SCANNING)], tags=TAGS, operation_id="readBoard")
async def read_board(
    request: AnyRequest, slug: FromPath[str], code: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Board]:
    """All rounds of the published plan, who is here, how many rounds are announced."""
    return await _board(request, actor, slug, code)


@post(
    f"{_ROOM}/presence",
    guards=[requires(*SCANNING)],
    status_code=200,
    tags=TAGS,
    operation_id="setPresence",
)
async def set_presence(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    data: JSONBody[PresenceChange],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Board]:
    """Somebody is here, late, has left or does not come. What was tapped or scanned last counts."""
    event = await visible_event(actor, slug)
    await live.tap(world, actor, event, code, data.registration, data.state, data.at)
    return await _board(request, actor, slug, code)


@post(f"{_ROOM}/next", guards=[requires(*ORGANISING)], status_code=200, tags=TAGS, operation_id="nextRound")
async def next_round(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    data: JSONBody[NextRound],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Board]:
    """Announce the next round, for those who are here.

    Announced rounds never change; those to come are planned again with as few moves as possible."""
    event = await visible_event(actor, slug)
    await live.announce(world, actor, event, code, data.round, data.at)
    return await _board(request, actor, slug, code)


async def _board(request: AnyRequest, actor: Actor, slug: str, code: str) -> Response[Board]:
    async with read_snapshot():
        board = await live.board_of(actor, await visible_event(actor, slug), code)
    etag = f'"{hashlib.sha256(msgspec.json.encode(board)).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": "private, no-cache"}
    if request.method == "GET" and has_one_of(request.headers.get("if-none-match", ""), etag):
        return cast("Response[Board]", Response(None, status_code=304, headers=headers))
    return Response(board, headers=headers)


ROUTES = [read_board, set_presence, next_round]
