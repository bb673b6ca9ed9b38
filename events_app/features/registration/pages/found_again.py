"""Find my tickets again, by the address only: the answer is the same for every address."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from events_app.features.registration.api.found_again import ask
from events_app.infra.world import World
from events_app.kernel.errors import InvalidInput
from events_app.web.forms import Form, read_form
from events_app.web.pages import page

AnyRequest = Request[Any, Any, Any]
TEMPLATE = "registration/found_again.html"


@get("/my-tickets")
async def found_again_form(request: AnyRequest) -> Response[str]:
    return page(request, TEMPLATE, form=Form(initial={}), asked="")


@post("/my-tickets", status_code=200)
async def found_again_post(request: AnyRequest, world: NamedDependency[World]) -> Response[str]:
    form = await read_form(request)
    email = str(form.values.get("email", ""))
    if not world.settings.sends_mail:  # the page has said so
        return page(request, TEMPLATE, form=form, asked="")
    try:
        await ask(request, world, email)
    except InvalidInput as refused:
        form.absorb(refused)
        return page(request, TEMPLATE, status_code=422, form=form, asked="")
    return page(request, TEMPLATE, form=form, asked=email.strip())


ROUTES = [found_again_form, found_again_post]
