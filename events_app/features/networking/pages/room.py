"""Setting up one networking session, and asking for seat plans."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events_app.features.events.access import may_edit
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import visible_event
from events_app.features.networking import proposing, service
from events_app.features.networking.arrangement import mixable
from events_app.features.networking.errors import (
    NobodyToSeat,
    OnBothSides,
    OneSideEmpty,
    RulesCannotBeKept,
)
from events_app.features.networking.model import (
    ANSWER,
    MOST_MINUTES,
    MOST_ROUNDS,
    MOST_TABLES,
    RoomSettings,
)
from events_app.features.networking.pages import meetings_form
from events_app.features.networking.queries import networking_session
from events_app.features.networking.views import RoomView, room_view
from events_app.infra.database import read_snapshot
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.civil_time import to_wall
from events_app.kernel.errors import N_, AppError, InvalidInput, NotAllowed
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page
from events_app.web.problems import reasons_of

AnyRequest = Request[Any, Any, Any]

MIXES = {
    "organisation": N_("People of one organisation sit together as little as possible"),
    "profile": N_("People of one profile sit together as little as possible"),
    "answer": N_("People who answered “{question}” alike sit together as little as possible"),
    "nothing": N_("Whoever comes sits anywhere"),
}


async def event_to_edit(actor: Actor, slug: str) -> EventRecord:
    event = await visible_event(actor, slug)
    if not may_edit(actor, event):
        raise NotAllowed
    return event


def home_of(slug: str, code: str) -> str:
    return f"/org/events/{slug}/networking/{code}"


@get("/org/events/{slug:str}/networking/{code:str}", guards=[requires(*ORGANISING)])
async def room(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    actor: NamedDependency[Actor],
    by: FromQuery[str | None] = None,
) -> Response[Any]:
    """`by`: the question that tells the two sides of speed-dating apart; empty for one person at a time."""
    view = await room_to_edit(actor, slug, code)
    return room_page(request, view, Form(initial=values_of(view, by)))


@post("/org/events/{slug:str}/networking/{code:str}", guards=[requires(*ORGANISING)])
async def save(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """Saves; with `deed=propose` a plan is made as well, and shown."""
    view = await room_to_edit(actor, slug, code)
    form = await read_form(request)
    settings = _settings(form, view)
    if settings is not None:
        try:
            await service.configure(world, actor, view.event, code, settings)
            if form.choice("deed", ("save", "propose")) != "propose":
                return go_to(request, home_of(slug, code), notice="saved")
            plan = await proposing.propose(world, actor, view.event, code)
            return go_to(request, f"{home_of(slug, code)}/plans/{plan.id}")
        except InvalidInput as refused:
            form.absorb(refused)
        except (NobodyToSeat, OneSideEmpty, OnBothSides, RulesCannotBeKept) as refused:
            return room_page(request, await room_to_edit(actor, slug, code), form, refused)
    return room_page(request, view, form, status_code=422)


@post("/org/events/{slug:str}/networking/{code:str}/propose", guards=[requires(*ORGANISING)])
async def propose_again(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """Another plan with the settings as they are; `keep` is one whose locked seats stay."""
    view = await room_to_edit(actor, slug, code)
    form = await read_form(request)
    kept = form.choice("keep", tuple(str(each.plan.id) for each in view.plans))
    try:
        plan = await proposing.propose(world, actor, view.event, code, keeping=UUID(kept) if kept else None)
    except (NobodyToSeat, OneSideEmpty, OnBothSides, RulesCannotBeKept) as refused:
        return room_page(request, view, Form(initial=values_of(view)), refused)
    return go_to(request, f"{home_of(slug, code)}/plans/{plan.id}")


async def room_to_edit(actor: Actor, slug: str, code: str) -> RoomView:
    async with read_snapshot():
        event = await event_to_edit(actor, slug)
        return await room_view(event, await networking_session(event, code))


def values_of(view: RoomView, by: str | None = None) -> dict[str, Any]:
    if view.now.meets_in_pairs:
        return meetings_form.values(view, by)
    settings = view.settings
    begin = to_wall(settings.starts_at or view.session.starts_at, view.event.timezone)
    return {
        "rounds": settings.rounds,
        "minutes": settings.minutes,
        "pause_minutes": settings.pause_minutes,
        "starts_at": begin.strftime("%Y-%m-%dT%H:%M"),
        "tables": view.tables,
        "mix": settings.mix,
        "names_by": settings.names_by,
    }


def _settings(form: Form, view: RoomView) -> RoomSettings | None:
    if view.now.meets_in_pairs:
        return meetings_form.settings(form, view)
    rounds = form.integer("rounds", required=True, low=1, high=MOST_ROUNDS)
    minutes = form.integer("minutes", required=True, low=1, high=MOST_MINUTES)
    pause = form.integer("pause_minutes", required=True, high=MOST_MINUTES)
    tables = form.integer("tables", required=True, low=1, high=MOST_TABLES)
    starts_at = form.instant("starts_at", view.event.timezone)
    mix = form.choice("mix", tuple(mixable(view.event.questions)), required=True)
    names_by = form.choice("names_by", tuple(each.code for each in view.event.consents))
    if form.errors or rounds is None or minutes is None or pause is None:
        return None
    return msgspec.structs.replace(
        view.settings,
        rounds=rounds,
        minutes=minutes,
        pause_minutes=pause,
        starts_at=None if starts_at == view.starts_by_the_minute else starts_at,
        tables=tables,
        table_size=None,
        mix=mix,
        names_by=names_by,
    )


def _mixes(view: RoomView, language: str) -> list[tuple[str, str]]:
    words = translator(language)
    labels = {question.code: question.label for question in view.event.questions}
    return [
        (
            mix,
            words.gettext(MIXES[mix.partition(":")[0]]).replace(
                "{question}", labels.get(mix.removeprefix(ANSWER), "")
            ),
        )
        for mix in mixable(view.event.questions)
        if mix != "profile" or view.event.profiles
    ]


def room_page(
    request: AnyRequest,
    view: RoomView,
    form: Form,
    refused: AppError | None = None,
    status_code: int = 200,
) -> Response[Any]:
    language = language_of(request)
    return page(
        request,
        "networking/meetings.html" if view.now.meets_in_pairs else "networking/room.html",
        status_code=refused.status if refused else status_code,
        event=view.event,
        event_tabs=event_tabs(view.event, language),
        view=view,
        form=form,
        mixes=_mixes(view, language),
        people=[(str(guest.registration_id), guest.name) for guest in view.guests],
        reasons=reasons_of(refused, language) if refused else (),
        more=meetings_form.shown(view, form) if view.now.meets_in_pairs else None,
        here=home_of(view.event.slug, view.session.code),
    )


ROUTES = [room, save, propose_again]
