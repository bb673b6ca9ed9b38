"""Mails that this feature asks for itself: reminders, and changes that people are told of."""

from datetime import datetime
from uuid import UUID

import msgspec

from events_app.features.events.hooks import Announced
from events_app.features.registration.job_kinds import EVENT_CANCELLED, EVENT_POSTPONED, AboutRegistration
from events_app.infra.job_kinds import Kind, Nothing


class AboutChange(AboutRegistration, frozen=True):
    before: dict[str, str] = msgspec.field(default_factory=dict)
    """What its reader knows, by the names of `differences`; empty for what says itself what holds."""


class AboutSession(AboutChange, frozen=True, kw_only=True):
    session_id: UUID


class AboutStart(AboutRegistration, frozen=True):
    starts_at: datetime | None = None
    """What is reminded of."""


class Period(msgspec.Struct, frozen=True):
    """Whom a digest is for, and of what time."""

    account_id: UUID
    since: datetime
    until: datetime


REMINDER = Kind("mail.reminder", AboutStart)
EVENT_CHANGED = Kind("mail.event_changed", AboutChange)
SESSION_CHANGED = Kind("mail.session_changed", AboutSession)
EVENT_RESCHEDULED = Kind("mail.event_rescheduled", AboutRegistration)
DIGEST = Kind("mail.digest", Period)
THANKS = Kind("mail.thanks", AboutRegistration)
DECLINED = Kind("mail.declined", AboutRegistration)
TRIM = Kind("mailing.trim", Nothing)

ANNOUNCED: dict[Announced, Kind[AboutRegistration]] = {
    Announced.RESCHEDULED: EVENT_RESCHEDULED,
    Announced.POSTPONED: EVENT_POSTPONED,
    Announced.CANCELLED: EVENT_CANCELLED,
}
"""What else than a change is said of an event; `EVENT_CHANGED` says what differs."""
