"""The public API: its controllers, its description, its version."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ControllerRouterHandler

from events_app.features.admission import api as admission_api
from events_app.features.events import api as events_api
from events_app.features.registration import api as registration_api
from events_app.features.workshops import api as workshops_api

CONTROLLERS: list[ControllerRouterHandler] = [
    *workshops_api.ROUTES,
    *events_api.ROUTES,
    *registration_api.ROUTES,
    *admission_api.ROUTES,
]
"""The route handlers of every feature's `api.py`."""


@get("/openapi.json", include_in_schema=False)
async def openapi_json(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    return Response(request.app.openapi_schema.to_schema(), media_type="application/vnd.oai.openapi+json")


def api_router() -> Router:
    return Router("/api/v1", route_handlers=[openapi_json, *CONTROLLERS])


def openapi_config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Convive",
        version="1",
        description="Events and networking sessions for a territory. See docs for the meaning of each call.",
        # Litestar's own page would also answer every unknown address below its path.
        path="/api/v1/description",
        render_plugins=[JsonRenderPlugin(path="/raw.json")],
        components=Components(
            security_schemes={"key": SecurityScheme(type="http", scheme="bearer", description="An API key")}
        ),
    )
