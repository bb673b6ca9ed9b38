"""What the public API takes and answers: names that do not follow table columns."""

from datetime import datetime
from uuid import UUID

import msgspec

from events_app.features.registration.bulk import BulkAction, BulkFilter
from events_app.features.registration.importing import LineOutcome
from events_app.features.registration.model import Answer, Companion, RegistrationRequest, RegistrationStatus


class NewRegistration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`consent`: true (to all that is required), the codes agreed to, or yes/no by code.
    `companions`: how many, or their names. `preferences`: session codes, best first. `accepts_any`: where
    these are full, another workshop is welcome; whoever says no ranks as many as the event asks at least.
    `sessions`: codes of those that people choose themselves (`choice` is `places`), for the whole group.
    Who has one name only gives one.
    `commune`: the name of a commune outside of the territory, instead of `insee`."""

    email: str
    given_name: str = ""
    family_name: str = ""
    organisation: str = ""
    insee: str | None = None
    commune: str = ""
    profile: str | None = None
    language: str | None = None
    consent: bool | list[str] | dict[str, bool] | None = None
    answers: dict[str, bool | int | float | str | list[str] | None] = {}
    preferences: list[str] = []
    accepts_any: bool = True
    companions: int | list[Companion] = 0
    sessions: list[str] = []
    invitation: str = ""

    def request(self) -> RegistrationRequest:
        fields = msgspec.structs.asdict(self)
        fields["profile"] = self.profile or ""
        fields["consent"] = False if self.consent is None else self.consent
        return RegistrationRequest(**fields)


class RegistrationReceipt(msgspec.Struct, frozen=True):
    """Without a key, `waiting_position`, `ticket_code` and the links are null: they go to the address by
    mail, so that the answer is the same whether or not this person was registered before. `id` then names
    the request."""

    id: UUID
    status: RegistrationStatus
    waiting_position: int | None
    ticket_code: str | None
    manage_url: str | None
    calendar_url: str | None


class ConsentView(msgspec.Struct, frozen=True):
    """One agreement that the event asks, or that was given. `at`: when it was given last."""

    code: str
    given: bool
    at: datetime | None
    withdrawn_at: datetime | None


class PlaceView(msgspec.Struct, frozen=True):
    """A place in a session, named by its code."""

    session: str
    title: str
    starts_at: datetime
    ends_at: datetime
    room: str


class RegistrationView(msgspec.Struct, frozen=True):
    """`sessions`: the codes of those chosen, kept only once there is a place at the event. `places`: in the
    programme, chosen or given by a published placement.
    `short_code`, `ticket_code` and the links open the door, the personal page and its deeds, so they are
    null to whoever may read this registration without being allowed to change it."""

    id: UUID
    event: str  # its slug
    event_status: str  # a place at a postponed or cancelled event is not what it was
    group_id: UUID
    status: RegistrationStatus
    waiting_position: int | None
    email: str
    given_name: str
    family_name: str
    organisation: str
    insee: str | None
    commune: str
    profile: str
    language: str
    answers: dict[str, Answer]
    preferences: list[str]
    accepts_any: bool
    sessions: list[str]
    places: list[PlaceView]
    consents: list[ConsentView]
    tags: list[str]
    status_reason: str
    short_code: str | None
    ticket_code: str | None
    manage_url: str | None
    calendar_url: str | None
    source: str
    created_at: datetime
    revision: int


class RegistrationList(msgspec.Struct, frozen=True):
    items: list[RegistrationView]
    next_cursor: str | None


class BulkRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Either `ids`, or a `filter` that names at least one thing: nobody is meant by saying nothing. `reason`:
    read by those who are refused. `tag`: of `tag` and `untag`."""

    action: BulkAction
    ids: list[UUID] = []
    filter: BulkFilter | None = None
    reason: str = ""
    tag: str = ""


class RefusalIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`reason`: read by the person who is refused."""

    reason: str = ""


class BulkRefusal(msgspec.Struct, frozen=True):
    """`type` and `detail` as in problem details."""

    id: UUID
    type: str
    detail: str


class ImportFault(msgspec.Struct, frozen=True):
    """`field`: the column, by its name for programs; empty where it is about the whole line."""

    field: str
    code: str
    detail: str


class ImportRow(msgspec.Struct, frozen=True):
    """`line` as a spreadsheet counts, the names of the columns being 1. `registration`: the new one, or the
    one that was there (null for an invitation)."""

    line: int
    outcome: LineOutcome
    registration: UUID | None
    errors: list[ImportFault]


class ImportAnswer(msgspec.Struct, frozen=True):
    created: int
    duplicates: int
    errors: int
    rows: list[ImportRow]


class BulkAnswer(msgspec.Struct, frozen=True):
    done: list[UUID]
    refused: list[BulkRefusal]


class CompanionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    given_name: str = ""
    family_name: str = ""


class PreferencesIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`accepts_any` absent: as it was."""

    preferences: list[str]
    accepts_any: bool | None = None
