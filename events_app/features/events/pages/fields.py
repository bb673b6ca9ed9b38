"""Between an event's record and the fields of its forms; a field is named after the API's pointer."""

from typing import Any
from uuid import UUID

from msgspec import UNSET

from events_app.features.events.consequences import Saving
from events_app.features.events.content import EventChanges, SessionChanges, VenueChanges
from events_app.features.events.model import (
    PROFILES,
    TEXTS,
    EventRecord,
    EventTexts,
    SessionRecord,
    Visibility,
)
from events_app.features.events.rules import EVENT_LANGUAGES
from events_app.kernel.civil_time import DEFAULT_ZONE, to_wall
from events_app.kernel.errors import N_
from events_app.web.forms import Form

CHANGED_MEANWHILE = N_("Somebody changed this meanwhile. Look at it in another tab, then save to replace it.")
ZONES = (
    "Europe/Paris",
    "Europe/Brussels",
    "Europe/London",
    "Europe/Berlin",
    "UTC",
    "America/Martinique",
    "America/Guadeloupe",
    "America/Cayenne",
    "America/Miquelon",
    "Indian/Reunion",
    "Indian/Mayotte",
    "Pacific/Noumea",
    "Pacific/Tahiti",
)
PROFILE_NAMES = {
    "student": N_("Student"),
    "changing_career": N_("Changing career"),
    "job_seeker": N_("Looking for work"),
    "manager": N_("Manager"),
    "in_employment": N_("In employment"),
    "other": N_("Other"),
}
LANGUAGE_NAMES = {"fr": N_("In French"), "en": N_("In English")}
VISIBILITY_NAMES = {
    Visibility.PUBLIC: (N_("Public"), N_("In the agenda, for everybody.")),
    Visibility.LINK: (N_("By link"), N_("Not in the agenda: who has the address can register.")),
    Visibility.INVITED: (N_("Invited only"), N_("Not in the agenda: only invited addresses can register.")),
}
assert tuple(PROFILE_NAMES) == PROFILES  # noqa: S101 - two lists that must stay together

_MOMENTS = ("starts_at", "ends_at", "registration_opens_at", "registration_closes_at", "doors_open_at")


def event_values(event: EventRecord) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: getattr(event, name)
        for name in (
            "title",
            "summary",
            "description",
            "language",
            "timezone",
            "slug",
            "image_alt",
            "online_url",
            "revision",
        )
    }
    values |= {name: _wall(getattr(event, name), event.timezone) for name in _MOMENTS}
    values |= {f"venue.{part}": getattr(event, f"venue_{part}") for part in ("name", "address", "commune")}
    values |= {
        name: "" if (value := getattr(event, name)) is None else value
        for name in ("capacity", "max_companions", "preferences_count", "preferences_least")
    }
    values |= {
        name: "yes" if getattr(event, name) else ""
        for name in ("registration_required", "approval", "waiting_list", "ticket_at_once")
    }
    values["visibility"] = event.visibility.value
    values |= {
        f"translations.{language}.{name}": getattr(event.translations.get(language, EventTexts()), name)
        for language in EVENT_LANGUAGES
        for name in TEXTS
    }
    values["reminders"] = [str(minutes) for minutes in event.reminders]
    return values


def session_values(session: SessionRecord, zone_name: str, prefix: str = "") -> dict[str, Any]:
    names = ("title", "description", "slot", "room", "coach", "revision")
    values: dict[str, Any] = {name: getattr(session, name) for name in names}
    values |= {name: _wall(getattr(session, name), zone_name) for name in ("starts_at", "ends_at")}
    for name in ("capacity_min", "capacity_max", "coach_account_id"):
        values[name] = "" if (value := getattr(session, name)) is None else str(value)
    values["kind"] = session.kind.value
    values["choice"] = session.choice
    return {prefix + name: value for name, value in values.items()}


def _wall(instant: Any, zone_name: str) -> str:
    return to_wall(instant, zone_name).isoformat(timespec="minutes") if instant else ""


def details(form: Form, present_zone: str = DEFAULT_ZONE) -> EventChanges:
    """All that the details page holds. What could not be read is already an error of the form."""
    zone_name = form.choice("timezone", (*ZONES, present_zone), required=True) or present_zone
    starts_at = form.instant("starts_at", zone_name, required=True)
    ends_at = form.instant("ends_at", zone_name, required=True)
    return EventChanges(
        title=form.line("title", required=True),
        slug=form.line("slug", required=True, most=80),
        summary=form.block("summary", most=1_000),
        description=form.block("description", most=20_000),
        language=form.line("language"),
        **translations(form),
        timezone=zone_name,
        starts_at=starts_at or UNSET,
        ends_at=ends_at or UNSET,
        venue=venue(form),
        online_url=form.line("online_url", most=500),
        visibility=form.line("visibility"),
        registration_required=form.flag("registration_required"),
        registration_opens_at=form.instant("registration_opens_at", zone_name),
        registration_closes_at=form.instant("registration_closes_at", zone_name),
        doors_open_at=form.instant("doors_open_at", zone_name),
        ticket_at_once=form.flag("ticket_at_once"),
        reminders=reminders(form),
        **places(form),
        preferences_count=form.integer("preferences_count", high=20) or 0,
        **wishes_asked(form),
    )


def translations(form: Form) -> dict[str, Any]:
    """A form without these fields says nothing of them."""
    read = {
        language: EventTexts(
            title=form.line(f"translations.{language}.title"),
            summary=form.block(f"translations.{language}.summary", most=1_000),
            description=form.block(f"translations.{language}.description", most=20_000),
        )
        for language in EVENT_LANGUAGES
        if f"translations.{language}.title" in form.values
    }
    return {"translations": read} if read else {}


def reminders(form: Form) -> list[int]:
    """Boxes for the usual ones; what a program set besides stays in a hidden field."""
    form.values["reminders"] = form.all("reminders")
    typed = form.values["reminders"]
    return [int(each) for each in typed if each.removeprefix("-").isdecimal() and len(each) < 7]


def places(form: Form) -> dict[str, Any]:
    return {
        "capacity": form.integer("capacity", low=1),
        "approval": form.flag("approval"),
        "waiting_list": form.flag("waiting_list"),
        "max_companions": form.integer("max_companions", high=20) or 0,
    }


def wishes_asked(form: Form) -> dict[str, Any]:
    """Empty is no least number; a form without the field says nothing of it."""
    if "preferences_least" not in form.values:
        return {}
    return {"preferences_least": form.integer("preferences_least", high=20) or 0}


def venue(form: Form) -> VenueChanges:
    return VenueChanges(
        name=form.line("venue.name"),
        address=form.line("venue.address", most=300),
        commune=form.line("venue.commune", most=120),
        insee=None,  # found again from the commune's name
    )


def session_details(form: Form, zone_name: str) -> SessionChanges:
    coach = form.line("coach_account_id")
    starts_at = form.instant("starts_at", zone_name, required=True)
    ends_at = form.instant("ends_at", zone_name, required=True)
    return SessionChanges(
        title=form.line("title", required=True),
        description=form.block("description", most=5_000),
        kind=form.line("kind"),
        slot=form.line("slot", most=40),
        starts_at=starts_at or UNSET,
        ends_at=ends_at or UNSET,
        room=form.line("room", most=120),
        coach=form.line("coach"),
        coach_account_id=_uuid(coach),
        capacity_min=form.integer("capacity_min", low=1),
        capacity_max=form.integer("capacity_max", low=1),
        choice=form.line("choice") if "choice" in form.values else UNSET,
    )


def saving(form: Form) -> Saving:
    """`confirmed` is empty on a form that has asked nothing yet."""
    return Saving(tell=not form.flag("quiet"), confirmed=form.line("confirmed"))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)  # nobody: the service says so beside the field
