"""The public API: its controllers, its description, its readable reference, its version."""

from typing import Any

import msgspec
from litestar import Litestar, Request, Response, Router, get
from litestar.types import ControllerRouterHandler
from markupsafe import Markup

from events_app.api_examples import EXAMPLES
from events_app.features.accounts import api as accounts_api
from events_app.features.admission import api as admission_api
from events_app.features.committees import api as committees_api
from events_app.features.counting import api as counting_api
from events_app.features.events import api as events_api
from events_app.features.messages import api as messages_api
from events_app.features.networking import api as networking_api
from events_app.features.registration import api as registration_api
from events_app.features.series import api as series_api
from events_app.features.workshops import api as workshops_api
from events_app.web.openapi import REFUSALS, describe
from events_app.web.pages import language_of, page
from events_app.web.reference import reference
from events_app.web.representations import entity_tag, representation
from events_app.web.templates import render

CONTROLLERS: list[ControllerRouterHandler] = [
    *accounts_api.ROUTES,
    *events_api.ROUTES,
    *registration_api.ROUTES,
    *workshops_api.ROUTES,
    *networking_api.ROUTES,
    *admission_api.ROUTES,
    *counting_api.ROUTES,
    *committees_api.ROUTES,
    *series_api.ROUTES,
    *messages_api.ROUTES,
]
"""The route handlers of every feature's `api.py`."""

INFO = {
    "title": "Convive",
    "version": "1",
    "summary": "Events and networking sessions for a territory.",
    "description": (
        "Times are RFC 3339 with an offset; answers are in UTC. Ids are opaque. Lists answer "
        "`{items, next_cursor}`; send `next_cursor` back as `cursor`. Errors are problem details (RFC 9457): "
        "programs go by `type`, `errors[].pointer` and `errors[].code`; `detail` is a sentence in the "
        "language of `Accept-Language`. Unknown fields are refused."
    ),
}
TAGS = [
    {"name": "events", "description": "Gatherings: drafts, publication, changes, cancellation."},
    {"name": "sessions", "description": "The programme of an event."},
    {"name": "registrations", "description": "People: places, waiting list, wishes, withdrawal."},
    {"name": "assignments", "description": "Who goes to which workshop: proposed, changed, published."},
    {"name": "rooms", "description": "Networking sessions: who sits at which table in each round."},
    {"name": "messages", "description": "What organisers write to people, and what became of it."},
    {"name": "committees", "description": "Assemblies, sittings, quorum, votes and their papers."},
    {"name": "series", "description": "Groups that meet several times: who was represented when."},
    {"name": "door", "description": "Scans, the search at the door, what devices need offline, figures."},
]

AnyRequest = Request[Any, Any, Any]


def api_description(app: Litestar) -> dict[str, Any]:
    """Made at the first question and kept: handlers do not change while a process runs."""
    found: dict[str, Any] | None = app.state.get("api_description")
    if found is None:
        base_url = app.state.world.settings.base_url
        found = app.state.api_description = describe(app.routes, INFO, TAGS, EXAMPLES, base_url)
    return found


@get("/openapi.json", include_in_schema=False)
async def openapi_json(request: AnyRequest) -> Response[Any]:
    body = msgspec.json.encode(api_description(request.app))
    answer: Response[Any] = representation(
        request,
        body,
        "application/vnd.oai.openapi+json",
        etag=entity_tag(body),
        cache_control="public, no-cache",
        compressible=True,
    )
    return answer


@get("/docs", include_in_schema=False)
async def docs(request: AnyRequest) -> Response[str]:
    return page(request, "api/docs.html", reference=_reference_in(language_of(request), request.app))


def _reference_in(language: str, app: Litestar) -> Markup:
    """A quarter of a megabyte that takes 50 ms: written once for each language."""
    written: dict[str, Markup] = app.state.setdefault("api_reference", {})
    if language not in written:
        found = reference(api_description(app))
        written[language] = Markup(  # noqa: S704 - escaped where it was rendered
            render(
                "api/_reference.html",
                info=INFO,
                sections=found.sections,
                schemas=found.schemas,
                refusals=REFUSALS,
                base_url=app.state.world.settings.base_url,
            )
        )
    return written[language]


def api_router() -> Router:
    return Router("/api/v1", route_handlers=[openapi_json, docs, *CONTROLLERS])
