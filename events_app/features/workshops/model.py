"""What the rest of the program knows of placements: frozen records, never table rows."""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

import msgspec

from events_app.features.events.model import SessionRecord


class RunStatus(StrEnum):
    PROPOSED = "proposed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"  # a later run was published over it


class PlaceSource(StrEnum):
    RUN = "run"
    LATE = "late"  # what was left when somebody came after the publication
    MOVED = "moved"  # by hand, after the publication
    CHOSEN = "chosen"  # by the person, in a session that goes by places


class PlaceRecord(msgspec.Struct, frozen=True):
    """The place that somebody really has. `rank` is None where it was not among the wishes; `entry_key` names
    its entry in calendars, also when the slot gets another name."""

    registration_id: UUID
    session: SessionRecord
    slot: str
    rank: int | None
    source: PlaceSource
    assigned_at: datetime
    calendar_sequence: int
    entry_key: str = ""


class SeatedPerson(msgspec.Struct, frozen=True):
    """One line of a session's list of people."""

    registration_id: UUID
    given_name: str
    family_name: str
    organisation: str
    commune: str
    profile: str
    rank: int | None

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


Keep = Literal["places", "improve", "fewest_moves"]


class RequestedLock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place decided by hand: `session` is its code."""

    registration: UUID
    session: str


class RequestedBalance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How mixed every workshop must be: no profile above this part of its people (0.6: three in five), and
    somebody of one of these profiles. Those who gave no profile are not counted as alike."""

    max_share_of_one_profile: float | None = None
    at_least_one_of_profiles: list[str] = []


class RunRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a placement is wanted.

    `slot` None: all of them. `keep` is about those who have a published place: "places" (or true): they keep
    it; "improve": nobody gets a worse one; "fewest_moves": the best placement, with as few changes as it can
    have. `without_wishes`: also seat those who ranked nothing; `anything`: seat everybody everywhere, also
    who accepts nothing but their wishes. `together`: companions have the same place.
    """

    slot: str | None = None
    objective: str = "guarantee"
    seed: int | None = None
    keep: bool | Keep = False
    locks: list[RequestedLock] = []
    balance: RequestedBalance | None = None
    together: bool = False
    without_wishes: bool = False
    anything: bool = False

    @property
    def keeping(self) -> Keep | None:
        return ("places" if self.keep else None) if isinstance(self.keep, bool) else self.keep


class SlotOutcome(msgspec.Struct, frozen=True):
    """Of one slot, where a person has one place: `rank_counts[i]` people have their wish i + 1 of this slot.

    `unassigned`: they should have a place here and have none; `nothing_asked`: nor did they wish for one.
    """

    slot: str
    rank_counts: list[int]
    outside_wishes: int
    unassigned: int
    nothing_asked: int


class Outcome(msgspec.Struct, frozen=True):
    """`rank_counts`, `outside_wishes` and `moved` count places; the others count people, each once.

    `rank_counts[i]`: places at wish i + 1 of their slot. `unassigned`: without a place in a slot where they
    should have one. `nothing_asked`: without any place, and they asked for none. `first_everywhere`: with
    their best wish in every slot where they made any. `moved`: published places that it would change.
    """

    rank_counts: list[int]
    outside_wishes: int
    unassigned: int
    moved: int
    nothing_asked: int = 0
    first_everywhere: int = 0
    slots: list[SlotOutcome] = []


class Digests(msgspec.Struct, frozen=True):
    """Of what a run was computed from, part by part, so that a refusal can say what changed since."""

    people: str
    wishes: str
    programme: str
    places: str


class KeptOutcome(msgspec.Struct, frozen=True):
    """What stands in the run's `outcome` column."""

    outcome: Outcome
    digests: Digests
    proven: bool
    by_hand: bool = False


class RunRecord(msgspec.Struct, frozen=True):
    """One computed placement. `certificate` is raw JSON; it proves what was computed, so it is `null` where
    optimality was not proven in time and once people were moved by hand (`by_hand`)."""

    id: UUID
    event_id: UUID
    slot: str  # "" = all of them
    objective: str
    seed: int
    status: RunStatus
    inputs_digest: str
    request: RunRequest
    digests: Digests
    outcome: Outcome
    proven: bool
    by_hand: bool
    certificate: msgspec.Raw
    revision: int
    created_at: datetime
    created_by: str
    published_at: datetime | None


class RunPlaceRecord(msgspec.Struct, frozen=True):
    """Where a run puts one person in one slot. `session_id` None: nowhere, for the `reason` given."""

    registration_id: UUID
    session_id: UUID | None
    slot: str
    rank: int | None
    reason: str
    locked: bool


class Reason:
    """Why somebody is where the run puts them."""

    WISH = "wish"
    LOCKED = "locked"  # asked for in the request
    KEPT = "kept"  # the published place
    RATHER_THAN_NOTHING = "rather_than_nothing"
    BY_HAND = "by_hand"  # moved in the proposal
    NO_WISHES = "no_wishes"  # for that slot
    NO_WISH_POSSIBLE = "no_wish_possible"
