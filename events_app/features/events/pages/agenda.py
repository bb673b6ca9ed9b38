"""The territory's agenda as a list, a month or a map, each at its address; what typing a commune needs."""

from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from events_app.features.events.formats import FORMATS
from events_app.features.events.listing import (
    EventFilter,
    count_by_commune,
    count_events,
    formats_among,
    list_events,
)
from events_app.features.events.model import EventRecord
from events_app.features.events.months import following, month_named, weeks
from events_app.features.events.queries import counts_of
from events_app.features.events.rules import YEARS
from events_app.features.events.views import Announcement, announcement, month_of, month_words
from events_app.features.territory.communes import (
    Commune,
    commune_by_insee,
    commune_by_name,
    communes,
    suggest,
)
from events_app.features.territory.outlines import centres, nearest, outlines
from events_app.infra.database import read_snapshot
from events_app.infra.i18n import current_translator
from events_app.infra.world import World
from events_app.kernel.civil_time import DEFAULT_ZONE, NonexistentTime, to_instant, to_wall
from events_app.kernel.errors import N_, InvalidInput
from events_app.kernel.text import clean_line, fold
from events_app.web.forms import Form
from events_app.web.pages import page

PER_PAGE = 20
MOST_IN_A_MONTH = 400
COMMUNES_AROUND, EVENTS_AROUND = 20, 6

AnyRequest = Request[Any, Any, Any]


class CommuneSuggestion(msgspec.Struct):
    insee: str
    name: str
    postcodes: tuple[str, ...]


class Spot(msgspec.Struct, frozen=True):
    """A commune with events, on the map."""

    commune: Commune
    number: int
    x: float
    y: float
    href: str


@get("/")
async def agenda(
    request: AnyRequest,
    world: NamedDependency[World],
    q: FromQuery[str] = "",
    commune: FromQuery[str] = "",
    kind: Annotated[str, QueryParameter(name="format")] = "",
    since: Annotated[str, QueryParameter(name="from")] = "",
    until: Annotated[str, QueryParameter(name="to")] = "",
    view: FromQuery[str] = "",
    month: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Response[str]:
    typed = {"q": clean_line(q), "commune": clean_line(commune), "format": clean_line(kind)[:40]}
    form = Form(initial=typed | {"from": since, "to": until})
    if found := commune_by_insee(form.values["commune"]):  # as programs and calendars name it
        form.values["commune"] = found.name
    wanted = _filter(form, world.now())
    kept = {name: value for name, value in form.values.items() if value}
    async with read_snapshot():
        if view == "month":
            shown = await _as_month(world, wanted, kept, month)
        elif view == "map":
            shown = await _as_map(wanted, kept)
        else:
            shown = await _as_list(world, wanted, kept, after)
        formats = await formats_among(EventFilter(since=world.now()))
    return page(
        request,
        "events/agenda.html",
        form=form,
        view=view if view in ("month", "map") else "list",
        views=_views(kept),
        filtered=bool(kept),
        followed=_followed(wanted),
        communes=communes(),
        formats=[(code, _format_name(code)) for code in dict.fromkeys([*formats, wanted.format]) if code],
        status_code=422 if form.errors else 200,
        **shown,
    )


def _format_name(code: str) -> str:
    return current_translator().gettext(FORMATS[code].name) if code in FORMATS else code


def _address(kept: dict[str, Any], **more: str) -> str:
    said = {**kept, **{name: value for name, value in more.items() if value}}
    return "/?" + urlencode(said) if said else "/"


def _views(kept: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    _ = current_translator().gettext
    names = (("list", _("List"), "list"), ("month", _("Month"), "calendar-days"), ("map", _("Map"), "map"))
    return [(code, _address(kept, view=code.replace("list", "")), name, icon) for code, name, icon in names]


async def _announced(world: World, events: list[EventRecord]) -> list[Announcement]:
    counts = await counts_of([event.id for event in events])
    words = current_translator()
    return [announcement(event, counts[event.id], world.now(), words) for event in events]


async def _as_list(world: World, wanted: EventFilter, kept: dict[str, Any], after: str) -> dict[str, Any]:
    words = current_translator()
    try:
        events, cursor = await list_events(wanted, PER_PAGE, after or None)
    except InvalidInput:  # a link that was cut on its way
        events, cursor = await list_events(wanted, PER_PAGE)
    by_month = groupby(await _announced(world, events), key=lambda entry: month_of(entry.event, words))
    return {
        "months": [(month, list(found)) for month, found in by_month],
        "total": await count_events(wanted),
        "around": [] if after or cursor else await _around(world, wanted),
        "next_href": _address(kept, after=cursor) if cursor else None,
        "first_href": _address(kept) if after else None,
    }


async def _around(world: World, wanted: EventFilter) -> list[Announcement]:
    """What the communes around have, the nearest first."""
    if not wanted.insee:
        return []
    codes = nearest(wanted.insee, COMMUNES_AROUND)
    there = msgspec.structs.replace(wanted, insee="", insee_among=codes)
    events, _ = await list_events(there, PER_PAGE * 2)
    events.sort(key=lambda event: codes.index(event.venue_insee or ""))
    return await _announced(world, events[:EVENTS_AROUND])


async def _as_month(world: World, wanted: EventFilter, kept: dict[str, Any], named: str) -> dict[str, Any]:
    today = to_wall(world.now(), DEFAULT_ZONE).date()
    first = month_named(named) or today.replace(day=1)
    last, before = following(first, 1), following(first, -1)
    in_month = msgspec.structs.replace(wanted, since=_midnight(first), until=_midnight(last))
    events, _ = await list_events(in_month, MOST_IN_A_MONTH)
    words = current_translator()
    return {
        "weeks": weeks(first, await _announced(world, events)),
        "today": today,
        "month": month_words(first, words),
        "before": (month_words(before, words), _address(kept, view="month", month=f"{before:%Y-%m}"))
        if before.year in YEARS
        else None,
        "later": (month_words(last, words), _address(kept, view="month", month=f"{last:%Y-%m}"))
        if last.year in YEARS
        else None,
        "total": len(events),
    }


async def _as_map(wanted: EventFilter, kept: dict[str, Any]) -> dict[str, Any]:
    numbers = await count_by_commune(wanted)
    spots = [
        Spot(commune, numbers[commune.insee], *centres()[commune.insee], _address(kept, commune=commune.name))
        for commune in communes()
        if commune.insee in numbers
    ]
    return {"spots": spots, "drawn": outlines(), "total": await count_events(wanted)}


def _followed(wanted: EventFilter) -> str:
    """The part of the address that narrows a calendar down as this page is; dates have no part in it."""
    said = {"commune": wanted.insee, "format": wanted.format, "q": wanted.q.strip()}
    kept = {name: value for name, value in said.items() if fold(value)}
    return "?" + urlencode(kept) if kept else ""


def _filter(form: Form, now: datetime) -> EventFilter:
    """A commune outside the territory is looked for by its name, among the words."""
    named = form.values["commune"]
    commune = commune_by_name(named) if named else None
    since = _day(form, "from")
    until = _day(form, "to", after=timedelta(days=1))
    return EventFilter(
        q=form.values["q"] if commune or not named else f"{form.values['q']} {named}",
        insee=commune.insee if commune else "",
        format=form.values["format"],
        since=since or now,
        until=until,
    )


def _midnight(day: date) -> datetime:
    return to_instant(datetime.combine(day, time()), DEFAULT_ZONE)


def _day(form: Form, name: str, after: timedelta = timedelta()) -> datetime | None:
    day = form.day(name)
    if day is None:
        return None
    try:
        return _midnight(day + after)
    except NonexistentTime:
        form.error(name, N_("Please enter a date, for example 2018-04-10."))
        return None


@get("/communes", cache_control=None)
async def commune_suggestions(q: FromQuery[str] = "") -> Response[list[CommuneSuggestion]]:
    found = [CommuneSuggestion(c.insee, c.name, c.postcodes) for c in suggest(q)]
    return Response(found, headers={"cache-control": "public, max-age=86400"})


@get("/territory.svg", cache_control=None)
async def territory() -> Response[str]:
    """The communes as they lie, the ground of the map, in a colour for both schemes."""
    drawn = outlines()
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawn.width} {drawn.height}">'
        '<path fill="#877b71" fill-opacity=".2" stroke="#877b71" stroke-opacity=".55" stroke-width=".8"'
        f' d="{"".join(drawn.outlines.values())}"/></svg>'
    )
    headers = {"cache-control": "public, max-age=86400"}
    return Response(picture, media_type="image/svg+xml", headers=headers)


ROUTES = [agenda, commune_suggestions, territory]
