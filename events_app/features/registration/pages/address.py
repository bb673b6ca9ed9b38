"""Confirming a new address by the link that was sent to it."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events.queries import event_by_id
from events_app.features.registration import address, links
from events_app.features.registration.access import participant
from events_app.infra.world import World
from events_app.web.pages import go_to, page

AnyRequest = Request[Any, Any, Any]
PRIVATE = {"cache-control": "private, no-store", "x-robots-tag": "noindex"}


@get("/address/{registration_id:uuid}/{proof:str}")
async def confirm_form(
    request: AnyRequest, registration_id: FromPath[UUID], proof: FromPath[str], world: NamedDependency[World]
) -> Response[Any]:
    """A button, since programs that check mails open every link."""
    registration, email = await address.to_confirm(world, registration_id, proof)
    event = await event_by_id(registration.event_id)
    return page(request, "registration/address.html", headers=PRIVATE, event=event, email=email)


@post("/address/{registration_id:uuid}/{proof:str}", status_code=200)
async def confirm_post(
    request: AnyRequest, registration_id: FromPath[UUID], proof: FromPath[str], world: NamedDependency[World]
) -> Response[Any]:
    registration = await address.confirm(world, participant(registration_id), registration_id, proof)
    return go_to(request, links.manage_path(world, registration), "saved")


ROUTES = [confirm_form, confirm_post]
