"""The sessions that somebody chose, by the public contract (v1)."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from events_app.features.registration import views
from events_app.features.registration.reading import readable
from events_app.features.registration.schemas import RegistrationView
from events_app.features.workshops.choosing import choose
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.web.guards import ORGANISING, requires
from events_app.web.revisions import etag_of, expected_revision

AnyRequest = Request[Any, Any, Any]


class SessionsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`sessions`: the codes of all that are wanted."""

    sessions: list[str]


@put(
    "/registrations/{registration_id:uuid}/sessions",
    guards=[requires(*ORGANISING, or_participant=True)],
    tags=["registrations"],
    operation_id="chooseSessions",
)
async def choose_sessions(
    request: AnyRequest,
    registration_id: FromPath[UUID],
    data: JSONBody[SessionsIn],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[RegistrationView]:
    """Take places in sessions whose `choice` is `places`: these, and no others.

    Whoever leads a group chooses for all of it. 409 `session-full`, or `session-overlap` for two at one time.
    A participant sends the secret of the personal link as bearer token.
    """
    await choose(world, actor, registration_id, data.sessions, expected_revision(request))
    registration, event = await readable(actor, registration_id)
    view = await views.view_one(world, actor, event, registration)
    return Response(view, headers={"etag": etag_of(registration.revision)})


ROUTES = [choose_sessions]
