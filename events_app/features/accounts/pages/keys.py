"""Keys of programs."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.accounts import service
from events_app.features.accounts.access import may_administer
from events_app.features.accounts.bodies import bodies_of
from events_app.features.accounts.pages.chosen import BodySlug, chosen_body, sent_body
from events_app.features.accounts.rules import ROLE_NAMES
from events_app.infra.world import World
from events_app.kernel.actor import Actor, Role
from events_app.kernel.errors import InvalidInput
from events_app.web.forms import Form, read_form
from events_app.web.guards import requires
from events_app.web.pages import go_to, page

AnyRequest = Request[Any, Any, Any]


async def _keys_page(
    request: AnyRequest, actor: Actor, slug: str, form: Form, new_key: str = "", status_code: int = 200
) -> Response[Any]:
    bodies = [body for body in await bodies_of(actor) if may_administer(actor, body.id)]
    body = chosen_body(bodies, slug)
    return page(
        request,
        "accounts/keys.html",
        status_code=status_code,
        headers={"cache-control": "no-store"},
        body=body,
        bodies=bodies,
        keys=await service.keys_of(actor, body.id),
        role_names={role.value: form.words.gettext(name) for role, name in ROLE_NAMES.items()},
        roles=[role.value for role in service.KEY_ROLES],
        new_key=new_key,
        form=form,
    )


@get("/org/keys", guards=[requires(Role.ADMINISTRATOR)])
async def keys_list(request: AnyRequest, actor: NamedDependency[Actor], slug: BodySlug = "") -> Response[Any]:
    return await _keys_page(request, actor, slug, Form(initial={"role": Role.READER.value}))


@post("/org/keys", guards=[requires(Role.ADMINISTRATOR)], status_code=200)
async def keys_create(
    request: AnyRequest, world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    """Answers with the page that shows the key: it is nowhere to be read afterwards."""
    form = await read_form(request)
    body = sent_body(await bodies_of(actor), form)
    role = form.choice("role", tuple(role.value for role in service.KEY_ROLES), required=True)
    new_key = ""
    if not form.errors:
        try:
            new_key = await service.create_api_key(world, actor, body.id, form.line("name"), Role(role))
        except InvalidInput as refused:
            form.absorb(refused)
    status_code = 422 if form.errors else 200
    shown = form if form.errors else Form(initial={"role": role})
    return await _keys_page(request, actor, body.slug, shown, new_key, status_code)


@post("/org/keys/{key_id:uuid}/revoke", guards=[requires(Role.ADMINISTRATOR)], status_code=303)
async def keys_revoke(
    request: AnyRequest, world: NamedDependency[World], actor: NamedDependency[Actor], key_id: FromPath[UUID]
) -> Response[Any]:
    await service.revoke_api_key(world, actor, key_id)
    return go_to(request, "/org/keys", "saved")


ROUTES = [keys_list, keys_create, keys_revoke]
