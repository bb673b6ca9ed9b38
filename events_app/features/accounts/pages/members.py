"""Who belongs to a body."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events_app.features.accounts import members
from events_app.features.accounts.access import may_administer
from events_app.features.accounts.bodies import bodies_of
from events_app.features.accounts.pages.chosen import BodySlug, chosen_body, sent_body
from events_app.features.accounts.rules import MEMBER_ROLES, ROLE_NAMES
from events_app.infra.world import World
from events_app.kernel.actor import Actor, Role
from events_app.kernel.errors import InvalidInput
from events_app.web.forms import Form, read_form
from events_app.web.guards import requires
from events_app.web.pages import go_to, page

AnyRequest = Request[Any, Any, Any]


async def _members_page(
    request: AnyRequest,
    actor: Actor,
    slug: str,
    form: Form,
    status_code: int = 200,
    *,
    link: members.LinkToHandOver | None = None,
) -> Response[Any]:
    """`link`: of whom was just added, where no mail brings it."""
    bodies = await bodies_of(actor)
    body = chosen_body(bodies, slug)
    return page(
        request,
        "accounts/members.html",
        status_code=status_code,
        headers={"cache-control": "no-store"},
        body=body,
        bodies=bodies,
        members=await members.members_of(actor, body.id),
        may_change=may_administer(actor, body.id),
        role_names={role.value: form.words.gettext(name) for role, name in ROLE_NAMES.items()},
        roles=[role.value for role in MEMBER_ROLES],
        form=form,
        link=link,
    )


@get("/org/members", guards=[requires(*MEMBER_ROLES)])
async def members_list(
    request: AnyRequest,
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    slug: BodySlug = "",
    added: FromQuery[UUID | None] = None,
) -> Response[Any]:
    form = Form(initial={"role": Role.ORGANISER.value})
    shows = added is not None and not world.settings.sends_mail
    link = await members.link_to_hand_over(world, actor, added) if shows and added else None
    return await _members_page(request, actor, slug, form, link=link)


@post("/org/members", guards=[requires(Role.ADMINISTRATOR)], status_code=303)
async def members_add(
    request: AnyRequest, world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    form = await read_form(request)
    body = sent_body(await bodies_of(actor), form)
    email = form.line("email", most=254)
    try:
        account_id = await members.add_member(
            world, actor, body.id, email, form.line("role"), form.line("name")
        )
    except InvalidInput as refused:
        form.absorb(refused)
        return await _members_page(request, actor, body.slug, form, 422)
    if not world.settings.sends_mail:
        return go_to(request, f"/org/members?body={body.slug}&added={account_id}", "saved")
    return go_to(request, f"/org/members?body={body.slug}", "saved")


@get("/org/members/{account_id:uuid}/remove", guards=[requires(Role.ADMINISTRATOR)])
async def members_ask(
    request: AnyRequest, actor: NamedDependency[Actor], account_id: FromPath[UUID], slug: BodySlug = ""
) -> Response[Any]:
    """Asked first, with what ends."""
    body = chosen_body(await bodies_of(actor), slug)
    member = await members.one_member(actor, body.id, account_id)
    keys, whole = await members.ends_with(body.id, account_id)
    return page(request, "accounts/member_remove.html", body=body, member=member, keys=keys, whole=whole)


@post("/org/members/{account_id:uuid}/invite", guards=[requires(Role.ADMINISTRATOR)], status_code=303)
async def members_invite_again(
    request: AnyRequest,
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    account_id: FromPath[UUID],
) -> Response[Any]:
    form = await read_form(request)
    body = sent_body(await bodies_of(actor), form)
    await members.invite_again(world, actor, body.id, account_id)
    if world.settings.sends_mail:
        return go_to(request, f"/org/members?body={body.slug}", "sent")
    return go_to(request, f"/org/members?body={body.slug}&added={account_id}")


@post("/org/members/{account_id:uuid}/remove", guards=[requires(Role.ADMINISTRATOR)], status_code=303)
async def members_remove(
    request: AnyRequest,
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    account_id: FromPath[UUID],
) -> Response[Any]:
    form = await read_form(request)
    body = sent_body(await bodies_of(actor), form)
    await members.remove_member(world, actor, body.id, account_id)
    return go_to(request, f"/org/members?body={body.slug}", "deleted")


ROUTES = [members_list, members_add, members_ask, members_invite_again, members_remove]
