"""What the rest of the program knows of a registration: frozen records, never table rows."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

Answer = bool | int | float | str | list[str]
"""One custom answer as it is kept: a date is ISO text, one choice its label, several a list of labels."""


class RegistrationStatus(StrEnum):
    PENDING = "pending"  # the organiser has to say yes
    CONFIRMED = "confirmed"  # holds a place
    WAITING = "waiting"
    CANCELLED = "cancelled"
    REFUSED = "refused"

    @property
    def is_active(self) -> bool:
        return self in ACTIVE


ACTIVE = (RegistrationStatus.PENDING, RegistrationStatus.CONFIRMED, RegistrationStatus.WAITING)


class Source(StrEnum):
    PAGE = "page"
    API = "api"
    IMPORT = "import"
    WALK_IN = "walk_in"  # entered by the organiser
    DOOR = "door"  # came without a registration, entered where they stood
    DEMO = "demo"


class RegistrationRecord(msgspec.Struct, frozen=True):
    """One person at one event. A companion has the `group_id` of the person who brought it, and no e-mail."""

    id: UUID
    event_id: UUID
    group_id: UUID
    arrival: int
    status: RegistrationStatus
    email: str
    given_name: str
    family_name: str
    organisation: str
    insee: str | None
    commune: str
    profile: str
    language: str
    answers: dict[str, Answer]
    token_generation: int
    ticket_id: int
    short_code: str
    ticket_generation: int
    source: str
    created_at: datetime
    status_changed_at: datetime
    erased_at: datetime | None
    revision: int
    calendar_sequence: int
    calendar_changed_at: datetime
    accepts_any: bool = True
    status_reason: str = ""

    @property
    def leads(self) -> bool:
        return self.id == self.group_id

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class Companion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    given_name: str = ""
    family_name: str = ""


class RegistrationRequest(msgspec.Struct, frozen=True):
    """What somebody asks for, as it was typed: `applicant.check` cleans it and finds every error.

    `consent`: true (to all that is required), the codes agreed to, or yes/no by code.
    `companions`: how many, or their names. `language` None: the event's. `accepts_any`: where the wishes are
    full, another workshop is welcome.
    """

    email: str
    given_name: str
    family_name: str
    organisation: str = ""
    insee: str | None = None
    commune: str = ""
    profile: str = ""
    language: str | None = None
    consent: bool | list[str] | dict[str, bool] = False
    answers: dict[str, object] = {}
    preferences: list[str] = []
    accepts_any: bool = True
    companions: int | list[Companion] = 0
    sessions: list[str] = []  # codes of those that people choose themselves, for the whole group
    invitation: str = ""  # the secret of an invitation, where one is needed


class RegistrationAnswer(msgspec.Struct, frozen=True):
    """What the person who asked is told. `registration` is None where telling would tell a stranger who is
    registered already (docs/decisions/0013-same-person-twice.md); `receipt_id` names the request then."""

    receipt_id: UUID
    status: RegistrationStatus
    waiting_position: int | None
    registration: RegistrationRecord | None
