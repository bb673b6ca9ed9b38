"""`/org/statistics`: the figures of a period, over all events that one may read."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from events_app.features.accounts.bodies import administered_bodies, administers_site, worked_for
from events_app.features.admission.counters import GroupCount
from events_app.features.admission.figures import SHADES, areas
from events_app.features.admission.period import Asked, Period, period, this_year
from events_app.features.events.formats import FORMATS
from events_app.features.registration.wording import PROFILE_NAMES
from events_app.features.territory.outlines import outlines
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput
from events_app.web.forms import Form
from events_app.web.guards import READING, requires
from events_app.web.pages import page

AnyRequest = Request[Any, Any, Any]


@get("/org/statistics", guards=[requires(*READING)])
async def period_page(
    request: AnyRequest, world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    usual = this_year(world)
    values = {"from": usual.first.isoformat(), "to": usual.last.isoformat(), "body": "", "format": ""}
    typed = {name: given for name in values if (given := request.query_params.get(name))}
    form = Form(initial=values | typed)
    first, last = form.day("from") or usual.first, form.day("to") or usual.last
    asked = Asked(first, last, form.line("body"), form.line("format"))
    found: Period | None = None
    if not form.errors:
        try:
            found = await period(actor, asked)
        except InvalidInput as refused:
            form.absorb(refused)
    bodies = [each.body for each in await administered_bodies(actor)] if await administers_site(actor) else []
    bodies = bodies or await worked_for(actor)
    groups = found.by_commune if found else []
    counted = [GroupCount(each.name, each.registered, each.present or 0) for each in groups]
    return page(
        request,
        "admission/period.html",
        status_code=422 if form.errors else 200,
        form=form,
        found=found,
        bodies=[(body.slug, body.name) for body in bodies],
        formats=[(each.code, form.words.gettext(each.name)) for each in FORMATS.values()],
        areas=areas(counted) if counted else [],
        shades=SHADES,
        map_size=(outlines().width, outlines().height),
        profile_names=PROFILE_NAMES,
    )


ROUTES = [period_page]
