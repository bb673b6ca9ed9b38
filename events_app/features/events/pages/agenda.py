"""The territory's agenda, and what typing a commune needs."""

from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from events_app.features.events.listing import EventFilter, count_events, list_events
from events_app.features.events.queries import counts_of
from events_app.features.events.views import announcement, month_of
from events_app.features.territory.communes import commune_by_name, communes, suggest
from events_app.infra.database import read_snapshot
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.civil_time import DEFAULT_ZONE, NonexistentTime, to_instant
from events_app.kernel.errors import N_, InvalidInput
from events_app.kernel.text import clean_line, fold
from events_app.web.forms import Form
from events_app.web.pages import language_of, page

PER_PAGE = 20

AnyRequest = Request[Any, Any, Any]


class CommuneSuggestion(msgspec.Struct):
    insee: str
    name: str
    postcodes: tuple[str, ...]


@get("/")
async def agenda(
    request: AnyRequest,
    world: NamedDependency[World],
    q: FromQuery[str] = "",
    commune: FromQuery[str] = "",
    since: Annotated[str, QueryParameter(name="from")] = "",
    until: Annotated[str, QueryParameter(name="to")] = "",
    after: FromQuery[str] = "",
) -> Response[str]:
    typed = {"q": clean_line(q), "commune": clean_line(commune), "from": since, "to": until}
    form = Form(initial=typed)
    wanted = _filter(form, world.now())
    words = translator(language_of(request))
    async with read_snapshot():
        try:
            events, cursor = await list_events(wanted, PER_PAGE, after or None)
        except InvalidInput:  # a link that was cut on its way
            events, cursor = await list_events(wanted, PER_PAGE)
        total = await count_events(wanted)
        counts = await counts_of([event.id for event in events])
    entries = [announcement(event, counts[event.id], world.now(), words) for event in events]
    by_month = groupby(entries, key=lambda entry: month_of(entry.event, words))
    months = [(month, list(found)) for month, found in by_month]
    kept = {name: value for name, value in typed.items() if value}
    return page(
        request,
        "events/agenda.html",
        form=form,
        months=months,
        total=total,
        filtered=bool(kept),
        followed=_followed(wanted),
        communes=communes(),
        next_href="/?" + urlencode({**kept, "after": cursor}) if cursor else None,
        first_href="/?" + urlencode(kept) if after else None,
        status_code=422 if form.errors else 200,
    )


def _followed(wanted: EventFilter) -> str:
    """The part of the address that narrows a calendar down as this page is; dates have no part in it."""
    said = {"commune": wanted.insee, "q": wanted.q.strip()}
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
        since=since or now,
        until=until,
    )


def _day(form: Form, name: str, after: timedelta = timedelta()) -> datetime | None:
    day = form.day(name)
    if day is None:
        return None
    try:
        return to_instant(datetime.combine(day + after, time()), DEFAULT_ZONE)
    except NonexistentTime:
        form.error(name, N_("Please enter a date, for example 2018-04-10."))
        return None


@get("/communes", cache_control=None)
async def commune_suggestions(q: FromQuery[str] = "") -> Response[list[CommuneSuggestion]]:
    found = [CommuneSuggestion(c.insee, c.name, c.postcodes) for c in suggest(q)]
    return Response(found, headers={"cache-control": "public, max-age=86400"})


ROUTES = [agenda, commune_suggestions]
