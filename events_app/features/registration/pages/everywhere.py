"""What is found in all that one may see, on a page."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from events_app.features.registration.everywhere import look_everywhere
from events_app.kernel.actor import Actor
from events_app.kernel.text import fold
from events_app.web.forms import Form
from events_app.web.guards import requires
from events_app.web.navigation import organiser
from events_app.web.pages import language_of, page

AnyRequest = Request[Any, Any, Any]
FRAGMENT = "x-fragment"  # sent by the module that searches while one types


@get("/org/search", guards=[requires()])
async def search_page(
    request: AnyRequest, actor: NamedDependency[Actor], q: FromQuery[str] = ""
) -> Response[Any]:
    language = language_of(request)
    asked = fold(q)
    pages = [link for link in organiser(actor, language) if asked and asked in fold(link.label)]
    return page(
        request,
        "registration/_everywhere.html" if FRAGMENT in request.headers else "registration/everywhere.html",
        headers={"vary": f"Cookie, Accept-Language, {FRAGMENT}"},
        form=Form(initial={"q": q}),
        q=q,
        found=await look_everywhere(actor, q),
        pages=pages,
    )


ROUTES = [search_page]
