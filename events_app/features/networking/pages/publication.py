"""A seat plan is published, and taken back: asked first."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.networking import publication
from events_app.features.networking.pages.plan import PLAN, plan_page, plan_to_edit
from events_app.features.networking.pages.room import home_of
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.web.guards import ORGANISING, requires
from events_app.web.pages import go_to

AnyRequest = Request[Any, Any, Any]


@get(f"{PLAN}/publish", guards=[requires(*ORGANISING)])
async def ask_to_publish(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    plan_id: FromPath[UUID],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    _, _, view = await plan_to_edit(actor, slug, code, plan_id)
    return plan_page(request, "networking/publish.html", view)


@post(f"{PLAN}/publish", guards=[requires(*ORGANISING)])
async def publish(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    plan_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    event, _, _ = await plan_to_edit(actor, slug, code, plan_id)
    await publication.publish(world, actor, plan_id)
    return go_to(request, f"{home_of(event.slug, code)}/plans/{plan_id}", notice="published")


@get(f"{PLAN}/unpublish", guards=[requires(*ORGANISING)])
async def ask_to_take_back(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    plan_id: FromPath[UUID],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    _, _, view = await plan_to_edit(actor, slug, code, plan_id)
    return plan_page(request, "networking/unpublish.html", view)


@post(f"{PLAN}/unpublish", guards=[requires(*ORGANISING)])
async def take_back(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    plan_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    event, _, _ = await plan_to_edit(actor, slug, code, plan_id)
    await publication.take_back(world, actor, plan_id)
    return go_to(request, f"{home_of(event.slug, code)}/plans/{plan_id}", notice="saved")


ROUTES = [ask_to_publish, publish, ask_to_take_back, take_back]
