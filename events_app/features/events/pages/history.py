"""What was done to an event: a page that organisers read, and the button that takes it back to a draft."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events_app.features.events.history import deeds_of
from events_app.features.events.queries import counts_of_one
from events_app.features.events.service import editable_event
from events_app.features.events.unpublishing import unpublish_event
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput
from events_app.web.guards import ORGANISING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]
GUARDS = [requires(*ORGANISING)]
PER_PAGE = 50


@get("/org/events/{slug:str}/history", guards=GUARDS)
async def history_page(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor], after: FromQuery[str] = ""
) -> Response[str]:
    event = await editable_event(actor, slug)
    try:
        deeds, cursor = await deeds_of(event.id, PER_PAGE, after)
    except InvalidInput:
        after = ""
        deeds, cursor = await deeds_of(event.id, PER_PAGE)
    here, words = f"/org/events/{slug}/history", translator(language_of(request))
    return page(
        request,
        "events/history.html",
        event=event,
        tabs_of_event=event_tabs(event, language_of(request)),
        deeds=[(deed, deed.who(words), deed.what(words)) for deed in deeds],
        next_href=f"{here}?after={cursor}" if cursor else None,
        first_href=here if after else None,
    )


@get("/org/events/{slug:str}/unpublish", guards=GUARDS)
async def unpublish_form(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[str]:
    event = await editable_event(actor, slug)
    counts = await counts_of_one(event.id)
    return page(request, "events/unpublish.html", event=event, people=counts.active)


@post("/org/events/{slug:str}/unpublish", guards=GUARDS, status_code=200)
async def unpublish_post(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    await unpublish_event(world, actor, slug)
    return go_to(request, f"/org/events/{slug}", "saved")


ROUTES = [history_page, unpublish_form, unpublish_post]
