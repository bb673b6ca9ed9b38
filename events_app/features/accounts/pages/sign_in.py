"""Signing in and out."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from events_app.features.accounts import sign_in
from events_app.features.accounts.rules import SESSION_LIFE
from events_app.infra.settings import Settings
from events_app.infra.world import World
from events_app.kernel.actor import Actor, ActorKind
from events_app.kernel.errors import N_
from events_app.kernel.text import fold_email
from events_app.web.entrance import SESSION_COOKIE
from events_app.web.forms import Form, read_form
from events_app.web.pages import go_to, is_local_path, page, secure_cookie
from events_app.web.rates import HERE, RateLimit, client_address

AnyRequest = Request[Any, Any, Any]
Next = Annotated[str, QueryParameter(name="next")]


# A person mistypes a few times; a program that guesses is slowed to nothing, with one account or with many.
# Of an account, whoever asks: a password costs work, a link is a mail in somebody's box.
class _Limits:
    def __init__(self, processes: int) -> None:
        self.attempts = RateLimit(per_minute=10, processes=processes)
        self.by_caller = RateLimit(per_minute=15, processes=processes)
        self.by_account = RateLimit(per_minute=30, processes=processes)
        self.links_by_account = RateLimit(per_minute=2, burst=6, processes=processes)


def _limits_of(request: AnyRequest) -> _Limits:
    state = request.app.state
    if "sign_in_limits" not in state:
        state["sign_in_limits"] = _Limits(state.world.settings.workers)
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


ROUTES = [sign_in_form, sign_in_post, link_landing, link_use, sign_out]
