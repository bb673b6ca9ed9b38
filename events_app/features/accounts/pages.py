"""Sign-in, members, keys, one's own account."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.types import ControllerRouterHandler

from events_app.features.accounts import members, service, sign_in
from events_app.features.accounts.access import may_administer
from events_app.features.accounts.rules import MEMBER_ROLES, ROLE_NAMES, SESSION_LIFE
from events_app.infra.i18n import LANGUAGES
from events_app.infra.settings import Settings
from events_app.infra.world import World
from events_app.kernel.actor import Actor, ActorKind, Role
from events_app.kernel.errors import N_, InvalidInput, NotAllowed, NotFound
from events_app.kernel.text import fold_email
from events_app.web.entrance import SESSION_COOKIE
from events_app.web.forms import Form, read_form
from events_app.web.guards import requires
from events_app.web.pages import go_to, is_local_path, language_of, page, secure_cookie
from events_app.web.rates import HERE, RateLimit, client_address

AnyRequest = Request[Any, Any, Any]
Next = Annotated[str, QueryParameter(name="next")]
# `body` alone would be the request's body to Litestar.
BodySlug = Annotated[str, QueryParameter(name="body")]


# A person mistypes a few times; a program that guesses is slowed to nothing, with one account or with many.
# Of an account, whoever asks: a password costs work, a link is a mail in somebody's box.
class _Limits:
    def __init__(self) -> None:
        self.attempts = RateLimit(per_minute=10)
        self.by_caller = RateLimit(per_minute=15)
        self.by_account = RateLimit(per_minute=30)
        self.links_by_account = RateLimit(per_minute=2, burst=6)


def _limits_of(request: AnyRequest) -> _Limits:
    state = request.app.state
    if "sign_in_limits" not in state:
        state["sign_in_limits"] = _Limits()
    found: _Limits = state["sign_in_limits"]
    return found


def _session_cookie(settings: Settings, token: str) -> Cookie:
    return secure_cookie(SESSION_COOKIE, token, settings, max_age=int(SESSION_LIFE.total_seconds()))


def _landing(target: str) -> str:
    return target if target and is_local_path(target) else "/org"


@get("/sign-in")
async def sign_in_form(
    request: AnyRequest, actor: NamedDependency[Actor], target: Next = ""
) -> Response[Any]:
    if actor.kind is ActorKind.ACCOUNT:
        return go_to(request, _landing(target))
    return page(request, "accounts/sign_in.html", form=Form(initial={"next": target}), by_password=False)


@post("/sign-in", status_code=200)
async def sign_in_post(request: AnyRequest, world: NamedDependency[World]) -> Response[Any]:
    """With a password when one was typed; otherwise a link is mailed."""
    form = await read_form(request)
    email = form.email("email", required=True)
    password = str(form.values.pop("password", ""))
    if not form.errors:
        caller, account = client_address(request) or HERE, fold_email(email)
        limits = _limits_of(request)
        limits.by_caller.take(caller)
        limits.attempts.take(f"{caller}|{account}")
        (limits.by_account if password else limits.links_by_account).take(account)
        if not password:
            await sign_in.ask_for_link(world, email)
            return page(request, "accounts/link_sent.html", email=email)
        try:
            done = await sign_in.sign_in_by_password(
                world, email, password, request.cookies.get(SESSION_COOKIE)
            )
        except sign_in.WrongPassword:
            form.error("password", N_("Address or password are not right."))
        else:
            limits.by_caller.give_back(caller)
            cookie = _session_cookie(world.settings, done.session_token)
            return go_to(request, _landing(form.line("next")), cookies=[cookie])
    return page(request, "accounts/sign_in.html", status_code=422, form=form, by_password=bool(password))


@get("/sign-in/{token:str}")
async def link_landing(
    request: AnyRequest, world: NamedDependency[World], token: FromPath[str]
) -> Response[Any]:
    """A page with a button: mail filters open links, and the link works once."""
    if not await sign_in.link_is_good(world, token):
        raise sign_in.LinkSpent
    return page(request, "accounts/link.html", headers={"cache-control": "no-store"})


@post("/sign-in/{token:str}", status_code=303)
async def link_use(request: AnyRequest, world: NamedDependency[World], token: FromPath[str]) -> Response[Any]:
    done = await sign_in.sign_in_by_link(world, token, request.cookies.get(SESSION_COOKIE))
    return go_to(request, "/org", cookies=[_session_cookie(world.settings, done.session_token)])


@post("/sign-out", status_code=303)
async def sign_out(
    request: AnyRequest, world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    if actor.kind is ActorKind.ACCOUNT:
        await sign_in.sign_out_everywhere(world, actor)
    return go_to(request, "/", "signed-out", [secure_cookie(SESSION_COOKIE, "", world.settings, max_age=0)])


def _chosen(bodies: list[members.BodyRecord], slug: str) -> members.BodyRecord:
    """The body named in the address, or the first one."""
    for body in bodies:
        if not slug or body.slug == slug:
            return body
    raise NotFound


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
    bodies = await members.bodies_of(actor)
    body = _chosen(bodies, slug)
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
    body = _chosen(await members.bodies_of(actor), form.line("body"))
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


@post("/org/members/{account_id:uuid}/remove", guards=[requires(Role.ADMINISTRATOR)], status_code=303)
async def members_remove(
    request: AnyRequest,
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    account_id: FromPath[UUID],
) -> Response[Any]:
    form = await read_form(request)
    body = _chosen(await members.bodies_of(actor), form.line("body"))
    await members.remove_member(world, actor, body.id, account_id)
    return go_to(request, f"/org/members?body={body.slug}", "deleted")


async def _keys_page(
    request: AnyRequest, actor: Actor, slug: str, form: Form, new_key: str = "", status_code: int = 200
) -> Response[Any]:
    bodies = [body for body in await members.bodies_of(actor) if may_administer(actor, body.id)]
    body = _chosen(bodies, slug)
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
    body = _chosen(await members.bodies_of(actor), form.line("body"))
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


@get("/org/account", guards=[requires()])
async def account_form(request: AnyRequest, actor: NamedDependency[Actor]) -> Response[Any]:
    if actor.kind is not ActorKind.ACCOUNT:
        raise NotAllowed
    initial = {"name": actor.name, "language": actor.language or language_of(request)}
    return page(request, "accounts/account.html", form=Form(initial=initial), languages_offered=LANGUAGES)


@post("/org/account", guards=[requires()], status_code=303)
async def account_save(
    request: AnyRequest, world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    if actor.kind is not ActorKind.ACCOUNT:
        raise NotAllowed
    form = await read_form(request)
    name = form.line("name", required=True)
    language = form.choice("language", LANGUAGES, required=True)
    password = str(form.values.pop("password", ""))
    if not form.errors:
        try:
            if password:
                await sign_in.set_password(world, actor, password)
            await members.describe_account(world, actor, name, language)
        except InvalidInput as refused:
            form.absorb(refused)
    if form.errors:
        return page(request, "accounts/account.html", status_code=422, form=form, languages_offered=LANGUAGES)
    return go_to(request, "/org/account", "saved")


ROUTES: list[ControllerRouterHandler] = [
    sign_in_form,
    sign_in_post,
    link_landing,
    link_use,
    sign_out,
    members_list,
    members_add,
    members_remove,
    keys_list,
    keys_create,
    keys_revoke,
    account_form,
    account_save,
]
