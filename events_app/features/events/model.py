"""What the rest of the program knows of an event: frozen records, never table rows."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID

import msgspec

DOORS_BEFORE_START = timedelta(hours=2)


class EventStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    POSTPONED = "postponed"  # announced, new date not yet known: registrations are kept, the door is shut
    CANCELLED = "cancelled"


class Visibility(StrEnum):
    PUBLIC = "public"
    LINK = "link"  # not in the agenda; whoever has the address sees it
    INVITED = "invited"  # only invited addresses may register


class SessionKind(StrEnum):
    PLENARY = "plenary"
    WORKSHOP = "workshop"
    NETWORKING = "networking"
    SPEED_DATING = "speed_dating"
    BREAK = "break"
    OTHER = "other"


Choice = Literal["open", "places", "wishes"]
"""Who comes to a session: whoever likes, who took a place in it, who was placed by ranked wishes."""


def chosen_by(kind: str, choice: str) -> Choice:
    """Nothing said: a workshop goes by wishes, all else is open."""
    if choice == "places":
        return "places"
    return "wishes" if kind == SessionKind.WORKSHOP and choice != "open" else "open"


# Minutes before the start at which those who have a place are reminded, unless the organiser says otherwise.
REMINDERS = (7 * 24 * 60, 24 * 60, 2 * 60)

# What a public can be asked about itself; an event chooses among these.
PROFILES = ("student", "changing_career", "job_seeker", "manager", "in_employment", "other")

QuestionKind = Literal["short_text", "long_text", "one_choice", "several_choices", "yes_no", "number", "date"]


class ShownWhen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The question is asked only when another one was answered with one of these values."""

    question: str
    any_of: list[str]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An organiser's own question. `choices` only for the two kinds of choice.

    `for_coach`: whoever leads the workshop reads the answer too. `absence`: the choices (or "no") that
    mean that one does not come: such an answer takes no place.
    """

    code: str
    label: str
    kind: QuestionKind
    help: str = ""
    required: bool = False
    choices: list[str] = []
    shown_when: ShownWhen | None = None
    for_coach: bool = False
    absence: list[str] = []


class ConsentPurpose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    purpose: str  # the sentence that is shown and kept with the answer
    required: bool = False


class EventTexts(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What an event says in another language than its own; what is empty is read in its own."""

    title: str = ""
    summary: str = ""
    description: str = ""


TEXTS = EventTexts.__struct_fields__


class EventRecord(msgspec.Struct, frozen=True):
    """One event. Instants are aware UTC; `timezone` is where wall times are read."""

    id: UUID
    number: int
    slug: str
    body_id: UUID
    body_slug: str
    body_name: str
    body_email: str
    format: str
    title: str
    summary: str
    description: str
    language: str
    timezone: str
    starts_at: datetime
    ends_at: datetime
    venue_name: str
    venue_address: str
    venue_insee: str | None
    venue_commune: str
    online_url: str
    venue_latitude: float | None
    venue_longitude: float | None
    image_id: UUID | None
    image_alt: str
    capacity: int | None
    registration_required: bool
    registration_opens_at: datetime | None
    registration_closes_at: datetime | None
    doors_open_at: datetime | None
    visibility: Visibility
    approval: bool
    waiting_list: bool
    max_companions: int
    preferences_count: int
    profiles: list[str]
    questions: list[Question]
    consents: list[ConsentPurpose]
    status: EventStatus
    status_reason: str
    published_at: datetime | None
    cancelled_at: datetime | None
    placement_published_at: datetime | None
    revision: int
    calendar_sequence: int
    calendar_changed_at: datetime
    created_at: datetime
    updated_at: datetime
    preferences_least: int = 3
    ticket_at_once: bool = False
    reminders: list[int] = []
    body_article: str = ""
    postponed_at: datetime | None = None
    translations: dict[str, EventTexts] = {}
    told_in: dict[str, str] = {}  # of which texts another language than the event's stands here

    def spoken_in(self, language: str) -> "EventRecord":
        """As a reader of this language sees it: each text that was given in it, the others as they are."""
        texts = self.translations.get(language)
        if texts is None or language == self.language:
            return self
        given = {name: text for name in TEXTS if (text := getattr(texts, name))}
        return msgspec.structs.replace(self, **given, told_in=dict.fromkeys(given, language))

    def language_of(self, text: str) -> str:
        return self.told_in.get(text, self.language)

    @property
    def is_announced(self) -> bool:
        return self.status is not EventStatus.DRAFT

    @property
    def several_days(self) -> bool:
        """More than a night: it stands in calendars as whole days."""
        return self.ends_at - self.starts_at > timedelta(hours=24)

    @property
    def doors_from(self) -> datetime:
        return self.doors_open_at or self.starts_at - DOORS_BEFORE_START

    @property
    def registration_until(self) -> datetime:
        return self.registration_closes_at or self.starts_at

    def has_begun(self, now: datetime) -> bool:
        """Never while it is postponed: the date that it has no longer counts."""
        return now >= self.starts_at and self.status is not EventStatus.POSTPONED

    def is_over(self, now: datetime) -> bool:
        return now >= self.ends_at and self.status is not EventStatus.POSTPONED

    def registration_is_open(self, now: datetime) -> bool:
        """Registration runs from publication (or the day set) until the start (or the day set)."""
        return (
            self.status is EventStatus.PUBLISHED
            and self.registration_required
            and (self.registration_opens_at is None or self.registration_opens_at <= now)
            and now < self.registration_until
        )


class SessionRecord(msgspec.Struct, frozen=True):
    id: UUID
    event_id: UUID
    code: str
    title: str
    description: str
    kind: SessionKind
    slot: str
    starts_at: datetime
    ends_at: datetime
    room: str
    coach: str
    coach_account_id: UUID | None
    capacity_min: int | None
    capacity_max: int | None
    position: int
    revision: int
    calendar_sequence: int
    calendar_changed_at: datetime
    closed_at: datetime | None = None
    choice: str = ""

    @property
    def takes_place(self) -> bool:
        """False for a workshop that the published placement closed, for want of people."""
        return self.closed_at is None

    @property
    def is_workshop(self) -> bool:
        """Whether people rank it and are placed in it."""
        return chosen_by(self.kind, self.choice) == "wishes"

    @property
    def is_chosen(self) -> bool:
        """Whether people take a place in it themselves, first come, first served."""
        return self.choice == "places"

    @property
    def by_name(self) -> bool:
        """Whether it is known who has a place in it."""
        return self.is_workshop or self.is_chosen

    @property
    def slot_key(self) -> str:
        """A person has one place per slot; a workshop without a slot is a slot of its own."""
        return self.slot or self.code
