"""Bodies, made and renamed; what the legal notice says."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec.structs import asdict

from events_app.features.accounts.bodies import (
    BodyRecord,
    add_body,
    administered_bodies,
    administered_body,
    administers_site,
    change_body,
)
from events_app.features.accounts.legal import published_facts, save_facts
from events_app.features.accounts.pages.notice_fields import facts_in
from events_app.infra.world import World
from events_app.kernel.actor import Actor, Role
from events_app.kernel.errors import InvalidInput, NotAllowed
from events_app.web.forms import Form, read_form
from events_app.web.guards import requires
from events_app.web.pages import go_to, page

AnyRequest = Request[Any, Any, Any]
ADMINISTERING = requires(Role.ADMINISTRATOR)


async def _list_page(
    request: AnyRequest, world: World, actor: Actor, form: Form, status_code: int = 200
) -> Response[Any]:
    published = await published_facts(world.settings)
    return page(
        request,
        "accounts/bodies.html",
        status_code=status_code,
        listed=await administered_bodies(actor),
        whole_site=await administers_site(actor),
        missing=[form.words.gettext(each) for each in published.missing],
        form=form,
    )


@get("/org/bodies", guards=[ADMINISTERING])
async def bodies_list(
    request: AnyRequest, world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    return await _list_page(request, world, actor, Form())


@post("/org/bodies", guards=[ADMINISTERING], status_code=303)
async def bodies_add(
    request: AnyRequest, world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    form = await read_form(request)
    named, contact = form.line("name", required=True, most=210), form.line("contact_email", most=254)
    if not await administers_site(actor):
        raise NotAllowed
    if not form.errors:
        try:
            body = await add_body(world, actor, named, contact)
            return go_to(request, f"/org/members?body={body.slug}", "saved")
        except InvalidInput as refused:
            form.absorb(refused)
    return await _list_page(request, world, actor, form, 422)


def _body_page(request: AnyRequest, body: BodyRecord, form: Form, status_code: int = 200) -> Response[Any]:
    return page(request, "accounts/body.html", status_code=status_code, body=body, form=form)


@get("/org/bodies/{slug:str}", guards=[ADMINISTERING])
async def body_form(request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]) -> Response[Any]:
    body = await administered_body(actor, slug)
    initial = {"name": body.in_a_sentence, "contact_email": body.contact_email}
    return _body_page(request, body, Form(initial=initial))


@post("/org/bodies/{slug:str}", guards=[ADMINISTERING], status_code=303)
async def body_save(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    body = await administered_body(actor, slug)
    form = await read_form(request)
    named, contact = form.line("name", required=True, most=210), form.line("contact_email", most=254)
    if not form.errors:
        try:
            await change_body(world, actor, slug, named, contact)
            return go_to(request, "/org/bodies", "saved")
        except InvalidInput as refused:
            form.absorb(refused)
    return _body_page(request, body, form, 422)


@get("/org/legal", guards=[ADMINISTERING])
async def legal_form(
    request: AnyRequest, world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    if not await administers_site(actor):
        raise NotAllowed
    published = await published_facts(world.settings)
    return page(request, "accounts/legal.html", form=Form(initial=asdict(published.facts)))


@post("/org/legal", guards=[ADMINISTERING], status_code=303)
async def legal_save(
    request: AnyRequest, world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    form = await read_form(request)
    facts = facts_in(form)
    if not form.errors:
        await save_facts(world, actor, facts)
        return go_to(request, "/org/bodies", "saved")
    return page(request, "accounts/legal.html", status_code=422, form=form)


ROUTES = [bodies_list, bodies_add, body_form, body_save, legal_form, legal_save]
