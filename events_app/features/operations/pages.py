"""What the law asks a public site to say of itself."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler

from events_app.features.accounts.legal import contact_address, published_facts
from events_app.features.operations.accessibility import audit
from events_app.features.operations.personal_data import reasons
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.web.pages import language_of, page

AnyRequest = Request[Any, Any, Any]


@get("/accessibility")
async def accessibility(request: AnyRequest, world: NamedDependency[World]) -> Response[Any]:
    found = audit()
    contact = found.contact_email or await contact_address(world.settings)
    language = language_of(request)
    return page(
        request,
        "site/accessibility.html",
        audit=found,
        contact=contact,
        checked=[item[language] for item in found.checked],
        defects=[item[language] for item in found.defects],
    )


@get("/legal")
async def legal(request: AnyRequest, world: NamedDependency[World]) -> Response[Any]:
    published = await published_facts(world.settings)
    gettext = translator(language_of(request)).gettext
    return page(
        request,
        "site/legal.html",
        facts=published.facts,
        contact=published.contact,
        missing=[gettext(each) for each in published.missing],
    )


@get("/privacy")
async def privacy(request: AnyRequest, world: NamedDependency[World]) -> Response[Any]:
    gettext = translator(language_of(request)).gettext
    kept = [(gettext(purpose), gettext(end)) for purpose, end in reasons()]
    return page(request, "site/privacy.html", contact=await contact_address(world.settings), kept=kept)


ROUTES: list[ControllerRouterHandler] = [accessibility, legal, privacy]
