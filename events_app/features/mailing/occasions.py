"""In which situation each kind of mail to participants is true, and what it brings.

The situation is looked at when the mail is written, not when it was asked for: a mail whose situation is gone
is not sent (docs/decisions/0080-mails-say-what-holds.md).
"""

from enum import StrEnum

import msgspec

from events_app.features.events.model import EventStatus
from events_app.features.registration.model import ACTIVE, RegistrationStatus
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
    template: str
    to: tuple[RegistrationStatus, ...]
    event: tuple[EventStatus, ...] = _EXPECTED
    method: Method | None = None
    tickets: bool = False
    subject: Subject = Subject.NOTHING


def _place_given(template: str) -> Occasion:
    return Occasion(template=template, to=_CONFIRMED, method=Method.REQUEST, tickets=True)


def _placed(template: str, event: tuple[EventStatus, ...] = _EXPECTED) -> Occasion:
    return Occasion(
        template=template,
        to=_CONFIRMED,
        event=event,
        method=Method.REQUEST,
        subject=Subject.PLACES,
    )


def _called_off(template: str, status: EventStatus) -> Occasion:
    return Occasion(
        template=template,
        to=ACTIVE,
        event=(status,),
        method=Method.CANCEL,
        subject=Subject.EVENT,
    )


def _going_on(template: str) -> Occasion:
    return Occasion(
        template=template,
        to=ACTIVE,
        event=_PUBLISHED,
        method=Method.REQUEST,
        subject=Subject.EVENT,
    )


OCCASIONS: dict[str, Occasion] = {
    "mail.confirmation": _place_given("confirmation"),
    "mail.promoted": _place_given("promoted"),
    "mail.approved": _place_given("approved"),
    "mail.waiting": Occasion(template="waiting", to=(RegistrationStatus.WAITING,)),
    "mail.approved_waiting": Occasion(template="approved_waiting", to=(RegistrationStatus.WAITING,)),
    "mail.pending": Occasion(template="pending", to=(RegistrationStatus.PENDING,)),
    "mail.refused": Occasion(template="refused", to=(RegistrationStatus.REFUSED,), event=_ANNOUNCED),
    "mail.already_registered": Occasion(template="already_registered", to=ACTIVE),
    "mail.reminder": Occasion(template="reminder", to=_CONFIRMED, event=_PUBLISHED, tickets=True),
    "mail.cancelled": Occasion(
        template="cancelled",
        to=(RegistrationStatus.CANCELLED,),
        event=_ANNOUNCED,
        method=Method.CANCEL,
    ),
    "mail.excused": Occasion(template="excused", to=(RegistrationStatus.CANCELLED,)),
    "mail.placed": _placed("placed"),
    "mail.place_changed": _placed("placed"),
    "mail.session_changed": _placed("session_changed", _PUBLISHED),
    "mail.event_changed": _going_on("event_changed"),
    "mail.event_rescheduled": _going_on("event_rescheduled"),
    "mail.event_cancelled": _called_off("event_cancelled", EventStatus.CANCELLED),
    "mail.event_postponed": _called_off("event_postponed", EventStatus.POSTPONED),
}

TICKET_MAILS = ("mail.confirmation", "mail.promoted", "mail.approved")
GATHERED = ("mail.event_changed", "mail.session_changed", "mail.placed", "mail.place_changed")
"""Changes: several that nobody was told of yet go by one mail (`gathering`)."""
