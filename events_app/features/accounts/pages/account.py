"""One's own account."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from events_app.features.accounts import digests, members, sign_in
from events_app.infra.i18n import LANGUAGES
from events_app.infra.world import World
from events_app.kernel.actor import Actor, ActorKind
from events_app.kernel.errors import InvalidInput, NotAllowed
from events_app.web.forms import Form, read_form
from events_app.web.guards import requires
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]


@get("/org/account", guards=[requires()])
async def account_form(request: AnyRequest, actor: NamedDependency[Actor]) -> Response[Any]:
    if actor.kind is not ActorKind.ACCOUNT or actor.id is None:
        raise NotAllowed
    initial = {
        "name": actor.name,
        "language": actor.language or language_of(request),
        "digest": (await digests.frequency_of(actor.id)).value,
    }
    return page(request, "accounts/account.html", form=Form(initial=initial), languages_offered=LANGUAGES)


@post("/org/account", guards=[requires()], status_code=303)
async def account_save(
    request: AnyRequest, world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    if actor.kind is not ActorKind.ACCOUNT or actor.id is None:
        raise NotAllowed
    form = await read_form(request)
    name = form.line("name", required=True)
    language = form.choice("language", LANGUAGES, required=True)
    digest = form.choice("digest", tuple(digests.Frequency))
    password = str(form.values.pop("password", ""))
    if not form.errors:
        try:
            if password:
                await sign_in.set_password(world, actor, password)
            await members.describe_account(world, actor, name, language)
            if digest:
                await digests.set_frequency(world, actor.id, digests.Frequency(digest))
        except InvalidInput as refused:
            form.absorb(refused)
    if form.errors:
        return page(request, "accounts/account.html", status_code=422, form=form, languages_offered=LANGUAGES)
    return go_to(request, "/org/account", "saved")


ROUTES = [account_form, account_save]
