"""What a door answers: from the state of a ticket and a moment to an outcome with a stable reason. Pure.

Reasons are checked in the order in which staff can act on them: first whether the code is one of ours, then
what the list says of the person, then whether this door is open at all, then who is inside.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from msgspec import Struct


class Outcome(StrEnum):
    ADMITTED = "admitted"
    ALREADY_ADMITTED = "already_admitted"
    REFUSED = "refused"
    LEFT = "left"
    VOIDED = "voided"  # answer to an undo, never to a ticket
    ERROR = "error"  # one of a batch that could not be recorded


class Reason(StrEnum):
    OK = "ok"
    RE_ENTRY = "re_entry"
    ALREADY_IN = "already_in"
    UNKNOWN_CODE = "unknown_code"
    MISTYPED = "mistyped"
    BAD_SIGNATURE = "bad_signature"
    OTHER_EVENT = "other_event"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    WAITING = "waiting"
    PENDING = "pending"
    EVENT_CANCELLED = "event_cancelled"
    EVENT_POSTPONED = "event_postponed"
    NOT_PUBLISHED = "not_published"
    TOO_EARLY = "doors_closed"
    ENDED = "ended"
    UNKNOWN_SESSION = "unknown_session"
    WRONG_SESSION = "wrong_session"
    SESSION_FULL = "session_full"
    EVENT_FULL = "event_full"
    NOT_INSIDE = "not_inside"
    UNDONE = "undone"
    WITHDRAWN_SINCE = "withdrawn_since"
    LET_IN_OFFLINE = "let_in_offline"
    TURNED_AWAY = "turned_away"
    NOT_RECORDED = "not_recorded"


OVERRIDABLE: Final = frozenset(
    {
        Reason.WAITING,
        Reason.PENDING,
        Reason.TOO_EARLY,
        Reason.ENDED,
        Reason.WRONG_SESSION,
        Reason.SESSION_FULL,
        Reason.EVENT_FULL,
    }
)
"""What a supervisor may let pass, with a word why. A forged or withdrawn ticket is never let pass."""

_GONE: Final = {"cancelled": Reason.CANCELLED, "refused": Reason.DECLINED}
_BY_REGISTRATION: Final = _GONE | {
    "waiting": Reason.WAITING,
    "pending": Reason.PENDING,
}
_BY_EVENT: Final = {
    "cancelled": Reason.EVENT_CANCELLED,
    "postponed": Reason.EVENT_POSTPONED,
    "draft": Reason.NOT_PUBLISHED,
}


class Door(Struct, frozen=True):
    """An event as its doors see it."""

    event_status: str
    opens_at: datetime
    closes_at: datetime


class Ticket(Struct, frozen=True):
    """What was read, looked up. `unreadable` says why there is no registration; `generation` is the code's,
    None where the code names only the person (typed by hand)."""

    unreadable: Reason | None = None
    registration_id: UUID | None = None
    registration_status: str = ""
    registration_generation: int = 0
    generation: int | None = None
    booked_sessions: dict[str, UUID] = {}
    """The place of this person by slot."""


class FirstScan(Struct, frozen=True):
    scan_id: str
    gate: str
    scanned_at: datetime


class Presence(Struct, frozen=True):
    """Somebody at one point (the event's door, or one session)."""

    inside: bool
    first: FirstScan


class SessionPoint(Struct, frozen=True):
    """A session with a door of its own. `capacity` None: no limit."""

    session_id: UUID
    slot: str
    capacity: int | None
    inside_count: int


class Decision(Struct, frozen=True):
    outcome: Outcome
    reason: Reason
    first: FirstScan | None = None

    @property
    def changes_presence(self) -> bool:
        """Whoever goes out without having been counted is wished well and changes no figure."""
        return self.outcome is Outcome.ADMITTED or (
            self.outcome is Outcome.LEFT and self.reason is not Reason.NOT_INSIDE
        )


def decide(
    door: Door,
    ticket: Ticket,
    presence: Presence | None,
    session: SessionPoint | None,
    *,
    going_out: bool,
    overridden: bool,
    moment: datetime,
) -> Decision:
    """`moment` is when the ticket was held out; `overridden`: a supervisor lets pass what may be let pass."""
    if ticket.unreadable is not None:
        return _refused(ticket.unreadable)
    if ticket.generation is not None and ticket.generation != ticket.registration_generation:
        return _refused(Reason.REVOKED)
    if going_out:
        if presence is None or not presence.inside:
            return Decision(Outcome.LEFT, Reason.NOT_INSIDE)
        return Decision(Outcome.LEFT, Reason.OK, presence.first)
    closed = _BY_EVENT.get(door.event_status)
    if closed is not None:
        return _refused(closed)
    if (gone := _GONE.get(ticket.registration_status)) is not None:
        return _refused(gone)
    if presence is not None and presence.inside:
        return Decision(Outcome.ALREADY_ADMITTED, Reason.ALREADY_IN, presence.first)
    against = _against(door, ticket, session, moment)
    if against is not None and not (overridden and against in OVERRIDABLE):
        return _refused(against)
    if presence is not None:
        return Decision(Outcome.ADMITTED, Reason.RE_ENTRY, presence.first)
    return Decision(Outcome.ADMITTED, Reason.OK)


def _against(door: Door, ticket: Ticket, session: SessionPoint | None, moment: datetime) -> Reason | None:
    """Why this person may not come in here and now; None when nothing speaks against it."""
    by_list = _BY_REGISTRATION.get(ticket.registration_status)
    if by_list is not None:
        return by_list
    if moment < door.opens_at:
        return Reason.TOO_EARLY
    if moment > door.closes_at:
        return Reason.ENDED
    if session is None:
        return None
    if ticket.booked_sessions.get(session.slot, session.session_id) != session.session_id:
        return Reason.WRONG_SESSION
    if session.capacity is not None and session.inside_count >= session.capacity:
        return Reason.SESSION_FULL
    return None


def _refused(reason: Reason) -> Decision:
    return Decision(Outcome.REFUSED, reason)


def as_it_went(decision: Decision, decided: str, *, is_known: bool) -> tuple[Decision, bool]:
    """What happened at a door without network, and whether a supervisor should look.

    Whoever was let in is inside, whatever the list says today; whoever was sent away is not.
    """
    if decided == Outcome.ADMITTED:
        if decision.outcome is Outcome.REFUSED and is_known:
            return Decision(Outcome.ADMITTED, Reason.LET_IN_OFFLINE), True
        return decision, decision.outcome is not Outcome.ADMITTED
    if decided in (Outcome.REFUSED, Outcome.ALREADY_ADMITTED) and decision.outcome is Outcome.ADMITTED:
        if decision.reason is Reason.WITHDRAWN_SINCE:
            return Decision(Outcome.REFUSED, Reason.CANCELLED), False
        return Decision(Outcome.REFUSED, Reason.TURNED_AWAY), True
    return decision, False


class PastScan(Struct, frozen=True):
    """A scan of one person at one point that nobody has undone; `outcome` is what happened to the person."""

    scan_id: str
    outcome: str
    gate: str
    scanned_at: datetime


def presence_after(scans: Sequence[PastScan]) -> Presence | None:
    """Who stands where after these scans, whatever the order in which they came; None: never came in."""
    presence: Presence | None = None
    for scan in sorted(scans, key=lambda scan: scan.scanned_at):
        if scan.outcome == Outcome.ADMITTED:
            first = presence.first if presence else FirstScan(scan.scan_id, scan.gate, scan.scanned_at)
            presence = Presence(True, first)
        elif scan.outcome == Outcome.LEFT and presence is not None:
            presence = Presence(False, presence.first)
    return presence
