"""What the API and the door page send and get."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from events_app.features.admission.scan import FirstScan, Outcome, Reason
from events_app.features.events.rules import MOST_COMPANIONS

ScanId = Annotated[str, Meta(min_length=1, max_length=80, pattern="^[!-~]+$")]
DeviceName = Annotated[str, Meta(max_length=80, pattern="^[!-~]*$")]
Instant = Annotated[datetime, Meta(tz=True)]

MOST_SCANS_IN_BATCH = 500
MOST_WALK_IN_ID = 70  # those who come along get ids made from it


class ScanRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """One reading. `ticket_code`: signed, opaque, the short code in any spelling, or a ticket's address."""

    scan_id: ScanId
    ticket_code: Annotated[str, Meta(min_length=1, max_length=1000)]
    gate: Annotated[str, Meta(max_length=80)] = ""
    session: Annotated[str, Meta(max_length=40)] | None = None
    direction: Literal["in", "out"] = "in"
    scanned_at: Instant | None = None
    """The device's time; when absent, the moment of arrival."""
    override: Annotated[str, Meta(max_length=200)] = ""
    """Why a supervisor lets this person pass; organisers only."""
    decided: Literal["", "admitted", "already_admitted", "refused", "left"] = ""
    """What a device that decided alone has told the person. Whoever was let in is counted; a difference is
    flagged (`conflict`)."""
    device: DeviceName = ""
    """Whose `scan_id` it is, when several devices share a key. An enrolled phone is always itself."""
    member: Annotated[str, Meta(max_length=16, pattern="^([0-9a-f]{16})?$")] = ""
    """Somebody else of the group that the holder of `ticket_code` brought, by their id in `group`."""


class ScanBatch(Struct, frozen=True, forbid_unknown_fields=True):
    """Each of `scans` is read by itself, as a single scan would be: a bad one is answered as such."""

    scans: Annotated[
        list[Any],
        Meta(
            min_length=1,
            max_length=MOST_SCANS_IN_BATCH,
            extra_json_schema={"items": {"$ref": "#/components/schemas/ScanRequest"}},
        ),
    ]


class VoidRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """An undo is a scan of its own, with its own `scan_id`."""

    scan_id: ScanId
    device: DeviceName = ""
    """As in a scan."""
    undone_at: Instant | None = None
    """When somebody pressed it, by the device's time; when absent, the moment of arrival."""


class WalkInPerson(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who came without a registration, with `people` in all (themselves included)."""

    given_name: str = ""
    family_name: str = ""
    email: str = ""
    organisation: str = ""
    people: Annotated[int, Meta(ge=1, le=1 + MOST_COMPANIONS)] = 1
    consent: bool | list[str] = False
    """True (to all that is required), or the codes agreed to."""


class WalkInRequest(WalkInPerson, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`scan_id`, `gate`, `session`, `scanned_at`, `override`, `decided`, `device`: as of a scan."""

    scan_id: Annotated[str, Meta(min_length=1, max_length=MOST_WALK_IN_ID, pattern="^[!-~]+$")]
    gate: Annotated[str, Meta(max_length=80)] = ""
    session: Annotated[str, Meta(max_length=40)] | None = None
    scanned_at: Instant | None = None
    override: Annotated[str, Meta(max_length=200)] = ""
    decided: Literal["", "admitted", "refused"] = ""
    device: DeviceName = ""
    language: Annotated[str, Meta(max_length=8)] | None = None
    letter: Annotated[str, Meta(max_length=8000)] = ""
    """The person, closed by the door page with the key that it was given: instead of the fields."""


class DoorPlace(Struct, frozen=True):
    """Where to send somebody: a place in a session of the programme."""

    session: str
    title: str
    room: str
    slot: str
    starts_at: datetime
    ends_at: datetime
    coach: str = ""
    table: int | None = None
    """Of a networking session: the table of the moment, or of the round that comes next."""


class ScannedPerson(Struct, frozen=True):
    id: UUID
    name: str
    organisation: str
    places: list[DoorPlace]
    given_name: str = ""


class GroupMember(Struct, frozen=True):
    """Somebody of a group with one ticket, `id` as in the manifest, and whether they are inside here now."""

    id: str
    inside: bool


class ScanFault(Struct, frozen=True):
    """What is wrong with one value of a scan."""

    pointer: str
    code: str
    detail: str


class ScanProblem(Struct, frozen=True):
    """Why one scan of a batch could not be recorded; the others are kept."""

    index: int
    """Its place in the batch, from 0."""
    status: int
    type: str
    title: str
    errors: list[ScanFault] = []


class ScanAnswer(Struct, frozen=True):
    """`detail` is a sentence in the reader's language; programs go by `outcome` and `reason`."""

    scan_id: str
    outcome: Outcome
    reason: Reason
    direction: str
    gate: str
    session: str | None
    scanned_at: datetime | None
    registration: ScannedPerson | None
    first_scan: FirstScan | None
    conflict: bool = False
    """Two doors decided differently: a supervisor should look."""
    override: str = ""
    detail: str = ""
    device: str = ""
    group: list[GroupMember] = []
    """Whoever the holder of this ticket brought, and the holder first; empty where they come alone."""
    problem: ScanProblem | None = None
    """In a batch, of a scan that could not be recorded (`outcome` is `error`)."""


class ScanAnswers(Struct, frozen=True):
    """In order of `scanned_at`; then those that could not be recorded."""

    items: list[ScanAnswer]


class FoundPerson(Struct, frozen=True):
    """One line of the door's search."""

    registration: UUID
    name: str
    organisation: str
    commune: str
    short_code: str
    status: str
    inside: bool | None
    """None: never came."""


class FoundPeople(Struct, frozen=True):
    items: list[FoundPerson]
