"""The roll call: one line a member, one tap each; and the screen on the wall."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.committees import sittings
from events_app.features.committees.model import RollState
from events_app.features.committees.pages.sitting import SITTING, home_of, sitting_page, sitting_to_show
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.web.forms import read_form
from events_app.web.guards import ORGANISING, READING, requires
from events_app.web.pages import go_to

AnyRequest = Request[Any, Any, Any]


@get(SITTING + "/roll", guards=[requires(*ORGANISING)])
async def roll(request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]) -> Response[Any]:
    await sittings.event_for(actor, slug, to_change=True)
    event, now = await sitting_to_show(actor, slug)
    return sitting_page(request, actor, event, now, "committees/roll.html")


@post(SITTING + "/roll", guards=[requires(*ORGANISING)])
async def tap(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    """`seat`, `state` (present or left), `sitter` (a substitute; empty: the member)."""
    event = await sittings.event_for(actor, slug, to_change=True)
    now = await sittings.now_of(event)
    form = await read_form(request)
    seat = form.deed("seat", tuple(str(each.seat.id) for each in now.seats))
    state = form.deed("state", tuple(RollState))
    await sittings.tap(world, actor, event, UUID(seat), RollState(state), form.line("sitter"))
    return go_to(request, f"{home_of(slug)}/roll#s-{seat}")


@get(SITTING + "/screen", guards=[requires(*ORGANISING, *READING)])
async def screen(request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]) -> Response[Any]:
    event, now = await sitting_to_show(actor, slug)
    current = next((each for each in now.items if each.item.vote is None), None)
    return sitting_page(request, actor, event, now, "committees/screen.html", current=current)


ROUTES = [roll, tap, screen]
