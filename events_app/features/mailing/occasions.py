"""In which situation each kind of mail to participants is true, and what it brings.

The situation is looked at when the mail is written, not when it was asked for: a mail whose situation is gone
is not sent (docs/decisions/0080-mails-say-what-holds.md).
"""

from enum import StrEnum
from typing import Any

import msgspec

from events_app.features.events.model import EventStatus
from events_app.features.mailing.job_kinds import (
    DECLINED,
    EVENT_CHANGED,
    EVENT_RESCHEDULED,
    REMINDER,
    SESSION_CHANGED,
    THANKS,
)
from events_app.features.registration.job_kinds import (
    ALREADY_REGISTERED,
    APPROVED,
    APPROVED_WAITING,
    CANCELLED,
    CONFIRMATION,
    EVENT_CANCELLED,
    EVENT_POSTPONED,
    EXCUSED,
    PENDING,
    PROMOTED,
    REFUSED,
    WAITING,
    AboutRegistration,
)
from events_app.features.registration.model import ACTIVE, RegistrationStatus
from events_app.features.workshops.job_kinds import PLACE_CHANGED, PLACED
from events_app.infra.job_kinds import Kind
from events_app.outputs.calendar import Method


class Subject(StrEnum):
    """About what a mail tells news: of one subject the same is not told twice."""

    EVENT = "event"
    PLACES = "places"
    NOTHING = ""  # asked for by the person or about it alone


_PUBLISHED = (EventStatus.PUBLISHED,)
_EXPECTED = (EventStatus.PUBLISHED, EventStatus.POSTPONED)
_ANNOUNCED = (*_EXPECTED, EventStatus.CANCELLED)
_CONFIRMED = (RegistrationStatus.CONFIRMED,)


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    kind: Kind[Any]
    template: str
    to: tuple[RegistrationStatus, ...]
    event: tuple[EventStatus, ...] = _EXPECTED
    method: Method | None = None
    tickets: bool = False
    subject: Subject = Subject.NOTHING
    can_be_stopped: bool = False
    """By one click (RFC 8058): what nobody needs."""


def _place_given(kind: Kind[AboutRegistration], template: str) -> Occasion:
    return Occasion(kind=kind, template=template, to=_CONFIRMED, method=Method.REQUEST, tickets=True)


def _placed(kind: Kind[Any], template: str, event: tuple[EventStatus, ...] = _EXPECTED) -> Occasion:
    return Occasion(
        kind=kind,
        template=template,
        to=_CONFIRMED,
        event=event,
        method=Method.REQUEST,
        subject=Subject.PLACES,
    )


def _called_off(kind: Kind[Any], template: str, status: EventStatus) -> Occasion:
    return Occasion(
        kind=kind,
        template=template,
        to=ACTIVE,
        event=(status,),
        method=Method.CANCEL,
        subject=Subject.EVENT,
    )


def _going_on(kind: Kind[Any], template: str) -> Occasion:
    return Occasion(
        kind=kind,
        template=template,
        to=ACTIVE,
        event=_PUBLISHED,
        method=Method.REQUEST,
        subject=Subject.EVENT,
    )


_OCCASIONS = (
    _place_given(CONFIRMATION, "confirmation"),
    _place_given(PROMOTED, "promoted"),
    _place_given(APPROVED, "approved"),
    Occasion(kind=WAITING, template="waiting", to=(RegistrationStatus.WAITING,)),
    Occasion(kind=APPROVED_WAITING, template="approved_waiting", to=(RegistrationStatus.WAITING,)),
    Occasion(kind=PENDING, template="pending", to=(RegistrationStatus.PENDING,)),
    Occasion(kind=REFUSED, template="refused", to=(RegistrationStatus.REFUSED,), event=_ANNOUNCED),
    Occasion(kind=ALREADY_REGISTERED, template="already_registered", to=ACTIVE),
    Occasion(
        kind=REMINDER,
        template="reminder",
        to=_CONFIRMED,
        event=_PUBLISHED,
        tickets=True,
        can_be_stopped=True,
    ),
    Occasion(
        kind=CANCELLED,
        template="cancelled",
        to=(RegistrationStatus.CANCELLED,),
        event=_ANNOUNCED,
        method=Method.CANCEL,
    ),
    Occasion(kind=EXCUSED, template="excused", to=(RegistrationStatus.CANCELLED,)),
    Occasion(kind=THANKS, template="thanks", to=_CONFIRMED, event=_PUBLISHED, can_be_stopped=True),
    Occasion(kind=DECLINED, template="declined", to=_CONFIRMED, event=_PUBLISHED),
    _placed(PLACED, "placed"),
    _placed(PLACE_CHANGED, "placed"),
    _placed(SESSION_CHANGED, "session_changed", _PUBLISHED),
    _going_on(EVENT_CHANGED, "event_changed"),
    _going_on(EVENT_RESCHEDULED, "event_rescheduled"),
    _called_off(EVENT_CANCELLED, "event_cancelled", EventStatus.CANCELLED),
    _called_off(EVENT_POSTPONED, "event_postponed", EventStatus.POSTPONED),
)
OCCASIONS: dict[str, Occasion] = {occasion.kind.name: occasion for occasion in _OCCASIONS}
"""By the name that jobs and mails bear."""

GATHERED: dict[str, Kind[Any]] = {
    kind.name: kind for kind in (EVENT_CHANGED, SESSION_CHANGED, PLACED, PLACE_CHANGED)
}
"""Changes: several that nobody was told of yet go by one mail (`gathering`)."""
