"""The first page after the first sign-in: who the administrator is, and whose site this is."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from events_app.features.accounts.bodies import first_body
from events_app.features.accounts.introduction import Introduction, introduce
from events_app.features.accounts.pages.notice_fields import facts_in
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput
from events_app.web.entrance import WELCOME_PATH
from events_app.web.forms import Form, read_form
from events_app.web.guards import requires
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]


@get(WELCOME_PATH, guards=[requires()])
async def welcome(request: AnyRequest, actor: NamedDependency[Actor]) -> Response[Any]:
    """Asked once: whoever has answered is led on."""
    if not actor.must_introduce:
        return go_to(request, "/org")
    body = await first_body()
    form = Form(initial={"body_name": body.in_a_sentence if body else ""})
    return page(request, "accounts/welcome.html", form=form)


@post(WELCOME_PATH, guards=[requires()], status_code=303)
async def welcome_answered(
    request: AnyRequest, world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    if not actor.must_introduce:
        return go_to(request, "/org")
    form = await read_form(request)
    said = Introduction(
        name=form.line("name"),
        email=form.line("email", most=254),
        body_name=form.line("body_name", most=210),
        contact_email=form.line("contact_email", most=254),
        facts=facts_in(form),
        language=language_of(request),
    )
    if not form.errors:
        try:
            await introduce(world, actor, said)
        except InvalidInput as refused:
            form.absorb(refused)
    if form.errors:
        return page(request, "accounts/welcome.html", status_code=422, form=form)
    return go_to(request, "/org", "saved")


ROUTES = [welcome, welcome_answered]
