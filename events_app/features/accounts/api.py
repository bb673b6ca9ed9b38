"""Bodies by the public contract (v1): which a program works for; made and renamed by administrators."""

from typing import Any

import msgspec
from litestar import Request, Response, get, patch, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from events_app.features.accounts.bodies import (
    BodyRecord,
    add_body,
    administered_body,
    administers_site,
    change_body,
    worked_for,
)
from events_app.infra.world import World
from events_app.kernel.actor import Actor, Role
from events_app.kernel.errors import NotAllowed
from events_app.web.guards import READING, requires
from events_app.web.idempotency import answer_once

AnyRequest = Request[Any, Any, Any]


class BodyAnswer(msgspec.Struct, frozen=True):
    """`article`: what stands before the name in a French sentence: "le ", "l’" or nothing. `slug` stays when
    the name changes."""

    slug: str
    name: str
    article: str
    name_with_article: str
    contact_email: str


class BodyPage(msgspec.Struct, frozen=True):
    items: list[BodyAnswer]
    next_cursor: str | None


class NewBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`name_with_article`: as in a French sentence, "le Pôle métropolitain"; otherwise `name` alone."""

    name: str = ""
    name_with_article: str = ""
    contact_email: str = ""


class BodyChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str | UnsetType = UNSET
    name_with_article: str | UnsetType = UNSET
    contact_email: str | UnsetType = UNSET


@get(
    "/bodies",
    guards=[requires(*READING)],
    tags=["events"],
    operation_id="listBodies",
    summary="The organising bodies of this key or account",
    security=[{"key": []}],
)
async def list_bodies(actor: NamedDependency[Actor]) -> BodyPage:
    return BodyPage([_answer(body) for body in await worked_for(actor)], None)


@get(
    "/bodies/{slug:str}",
    guards=[requires(*READING)],
    tags=["events"],
    operation_id="readBody",
    summary="One organising body of this key or account",
    security=[{"key": []}],
)
async def read_body(slug: FromPath[str], actor: NamedDependency[Actor]) -> BodyAnswer:
    own = next((body for body in await worked_for(actor) if body.slug == slug), None)
    if own is None:
        own = await administered_body(actor, slug)
    return _answer(own)


@post(
    "/bodies",
    guards=[requires(Role.ADMINISTRATOR)],
    tags=["events"],
    operation_id="addBody",
    summary="Make an organising body: by whoever looks after the site",
    responses={201: ResponseSpec(BodyAnswer, description="The body", media_type="application/json")},
    security=[{"key": []}],
)
async def make_body(
    request: AnyRequest,
    data: JSONBody[NewBody],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    if not await administers_site(actor):
        raise NotAllowed

    async def work() -> BodyAnswer:
        named = data.name_with_article or data.name
        return _answer(await add_body(world, actor, named, data.contact_email))

    return await answer_once(request, world, work)


@patch(
    "/bodies/{slug:str}",
    guards=[requires(Role.ADMINISTRATOR)],
    tags=["events"],
    operation_id="changeBody",
    summary="Rename an organising body, or give it another contact address",
    security=[{"key": []}],
)
async def rename_body(
    slug: FromPath[str],
    data: JSONBody[BodyChanges],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> BodyAnswer:
    """Of `name` alone the article stays as it was."""
    present = await administered_body(actor, slug)
    named = present.in_a_sentence
    if isinstance(data.name_with_article, str):
        named = data.name_with_article
    elif isinstance(data.name, str):
        named = present.article + data.name
    contact = data.contact_email if isinstance(data.contact_email, str) else None
    return _answer(await change_body(world, actor, slug, named, contact))


def _answer(body: BodyRecord) -> BodyAnswer:
    return BodyAnswer(body.slug, body.name, body.article, body.in_a_sentence, body.contact_email)


ROUTES = [list_bodies, read_body, make_body, rename_body]
