"""May this caller use this address at all? Rights over one object are decided in `access.py`."""

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from events_app.kernel.actor import ANONYMOUS, Actor, ActorKind, Role
from events_app.kernel.errors import NotAllowed, NotSignedIn


def requires(*roles: Role, or_participant: bool = False, or_device: bool = False) -> Guard:
    """Signed in with one of these roles in some body; without roles: signed in.

    `or_participant` also lets the holder of a registration's secret link in. A borrowed phone opens the door
    and nothing else: only what says `or_device`.
    """

    def guard(connection: ASGIConnection, _: BaseRouteHandler) -> None:  # type: ignore[type-arg]
        actor = connection.scope["state"].get("actor", ANONYMOUS)
        if or_participant and isinstance(actor, Actor) and actor.kind is ActorKind.PARTICIPANT:
            return
        if not isinstance(actor, Actor) or not actor.is_known:
            raise NotSignedIn
        if (actor.kind is ActorKind.DOOR_DEVICE and not or_device) or (roles and not actor.has_role(*roles)):
            raise NotAllowed

    # What the API's description says of this address.
    guard.roles = roles  # type: ignore[attr-defined]
    guard.or_participant = or_participant  # type: ignore[attr-defined]
    return guard


ORGANISING = (Role.ADMINISTRATOR, Role.ORGANISER)
SCANNING = (Role.ADMINISTRATOR, Role.ORGANISER, Role.DOOR)
READING = (Role.ADMINISTRATOR, Role.ORGANISER, Role.READER)
