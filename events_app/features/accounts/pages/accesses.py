"""Who has an access to the site, and who has it no longer."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.accounts.closing import all_accounts, disable_account, enable_account
from events_app.features.accounts.rules import ROLE_NAMES
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor, Role
from events_app.web.forms import read_form
from events_app.web.guards import requires
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]


@get("/org/accesses", guards=[requires(Role.ADMINISTRATOR)])
async def accesses(request: AnyRequest, actor: NamedDependency[Actor]) -> Response[Any]:
    gettext = translator(language_of(request)).gettext
    return page(
        request,
        "accounts/accesses.html",
        accounts=await all_accounts(actor),
        role_names={role.value: gettext(name) for role, name in ROLE_NAMES.items()},
        own=actor.id,
    )


@post("/org/accesses/{account_id:uuid}", guards=[requires(Role.ADMINISTRATOR)], status_code=303)
async def access_changed(
    request: AnyRequest,
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    account_id: FromPath[UUID],
) -> Response[Any]:
    form = await read_form(request)
    deeds = {"disable": disable_account, "enable": enable_account}
    await deeds[form.deed("do", tuple(deeds))](world, actor, account_id)
    return go_to(request, "/org/accesses", "saved")


ROUTES = [accesses, access_changed]
