"""Who is asking. Rights are decided from this and from nothing else."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from uuid import UUID

import msgspec


class Role(StrEnum):
    """What somebody may do inside one organising body."""

    ADMINISTRATOR = "administrator"  # members, keys, and all that an organiser may
    ORGANISER = "organiser"  # events of the body
    DOOR = "door"  # scans, at the body's events (or at one event)
    COACH = "coach"  # sees own sessions only
    READER = "reader"  # a program that reads


class ActorKind(StrEnum):
    ANONYMOUS = "anonymous"
    ACCOUNT = "account"
    API_KEY = "api_key"
    DOOR_DEVICE = "door_device"
    PARTICIPANT = "participant"  # holds the secret link of one registration, whose id is the actor's
    SYSTEM = "system"  # jobs and the command line


class Actor(msgspec.Struct, frozen=True):
    """`roles` by body. `only_event` limits a key or a door device to one event."""

    kind: ActorKind
    id: UUID | None = None
    name: str = ""
    roles: dict[UUID, Role] = {}
    only_event: UUID | None = None
    language: str | None = None
    session_id: UUID | None = None
    gate: str = ""
    is_kiosk: bool = False
    """A device before which people stand alone: it reads tickets and nothing else."""
    must_introduce: bool = False
    """The first administrator, who has not yet said who they are."""

    @property
    def is_known(self) -> bool:
        """Signed in. A participant is not: a link opens one registration and nothing else."""
        return self.kind not in (ActorKind.ANONYMOUS, ActorKind.PARTICIPANT)

    def role_in(self, body_id: UUID, event_id: UUID | None = None) -> Role | None:
        """The role in this body, None where there is none or where the actor is bound to another event."""
        if self.only_event is not None and self.only_event != event_id:
            return None
        return self.roles.get(body_id)

    def has_role(self, *roles: Role) -> bool:
        """Whether the actor holds one of these roles in any body."""
        return any(role in roles for role in self.roles.values())


ANONYMOUS = Actor(ActorKind.ANONYMOUS)
SYSTEM = Actor(ActorKind.SYSTEM, name="convive")


class Credentials(msgspec.Struct, frozen=True):
    """What a request shows of who is asking."""

    bearer: str | None
    sessions: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    """Each that came by the cookie's name: a parent domain may add one of its own."""

    @property
    def none(self) -> bool:
        return self.bearer is None and not self.sessions and not self.devices


# Turns credentials into an Actor; raises `NotSignedIn` for a wrong key (a stale cookie is merely anonymous).
Authenticate = Callable[[Credentials], Awaitable[Actor]]
