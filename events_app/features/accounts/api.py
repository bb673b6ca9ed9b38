"""Bodies by the public contract (v1): a program reads which it works for. They are made on pages."""

import msgspec
from litestar import get
from litestar.di import NamedDependency

from events_app.features.accounts.bodies import worked_for
from events_app.kernel.actor import Actor
from events_app.web.guards import READING, requires


class BodyAnswer(msgspec.Struct, frozen=True):
    """`article`: what stands before the name in a French sentence: "le ", "l’" or nothing. `slug` stays when
    the name changes."""

    slug: str
    name: str
    article: str
    contact_email: str


class BodyPage(msgspec.Struct, frozen=True):
    items: list[BodyAnswer]
    next_cursor: str | None


@get(
    "/bodies",
    guards=[requires(*READING)],
    tags=["events"],
    operation_id="listBodies",
    summary="The organising bodies of this key or account",
    security=[{"key": []}],
)
async def list_bodies(actor: NamedDependency[Actor]) -> BodyPage:
    found = await worked_for(actor)
    items = [BodyAnswer(body.slug, body.name, body.article, body.contact_email) for body in found]
    return BodyPage(items, None)


ROUTES = [list_bodies]
