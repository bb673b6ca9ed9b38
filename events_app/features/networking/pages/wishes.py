"""Whom somebody would like to meet, behind their secret link."""

from typing import Any, cast
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.networking import wishes
from events_app.features.networking.errors import WishesClosed
from events_app.features.networking.model import WishValue
from events_app.features.networking.now import room_now
from events_app.features.networking.queries import published_plan
from events_app.features.registration.access import participant
from events_app.features.registration.pages.personal import PRIVATE, mine
from events_app.features.registration.wording import PROFILE_NAMES
from events_app.infra.world import World
from events_app.kernel.errors import NotFound
from events_app.web.forms import read_form
from events_app.web.pages import go_to, page

AnyRequest = Request[Any, Any, Any]
VALUES = ("must", "wish", "no")


@get("/me/{token:str}/meetings/{code:str}")
async def wishes_form(request: AnyRequest, token: FromPath[str], code: FromPath[str]) -> Response[Any]:
    registration, event = await mine(token)
    session = await wishes.speed_session(event, code)
    if await published_plan(session.id) is not None:
        raise WishesClosed
    cards = wishes.cards_for(await room_now(event, session), registration.id)
    if cards is None:
        raise NotFound
    return page(
        request,
        "networking/wishes.html",
        headers=PRIVATE,
        registration=registration,
        event=event,
        session=session,
        cards=cards,
        receives=all(not card.name for card in cards),
        profile_names=PROFILE_NAMES,
        home=f"/me/{token}",
    )


@post("/me/{token:str}/meetings/{code:str}", status_code=200)
async def wishes_post(
    request: AnyRequest, token: FromPath[str], code: FromPath[str], world: NamedDependency[World]
) -> Response[Any]:
    registration, event = await mine(token)
    session = await wishes.speed_session(event, code)
    form = await read_form(request)
    cards = wishes.cards_for(await room_now(event, session), registration.id)
    if cards is None:
        raise NotFound
    said: dict[UUID, WishValue] = {}
    for card in cards:
        value = form.deed(f"wish_{card.about}", ("", *VALUES))
        if value:
            said[card.about] = cast(WishValue, value)
    await wishes.set_wishes(world, participant(registration.id), registration.id, code, said)
    return go_to(request, f"/me/{token}", "saved")


ROUTES = [wishes_form, wishes_post]
