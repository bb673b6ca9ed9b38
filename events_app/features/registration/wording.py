"""Words for codes, translated where they are shown."""

from collections.abc import Callable

from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.registration.answers import means_absence
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.kernel.errors import N_

PROFILE_NAMES = {
    "student": N_("Student"),
    "changing_career": N_("Changing career"),
    "job_seeker": N_("Looking for work"),
    "manager": N_("Manager"),
    "in_employment": N_("In employment"),
    "other": N_("Other"),
}

STATUS_NAMES = {
    "pending": N_("To be approved"),
    "confirmed": N_("Confirmed"),
    "waiting": N_("On the waiting list"),
    "cancelled": N_("Withdrawn"),
    "refused": N_("Refused"),
}

SOURCE_NAMES = {
    "page": N_("On the site"),
    "api": N_("By a program"),
    "import": N_("Imported"),
    "walk_in": N_("By the organiser"),
    "door": N_("At the door"),
    "demo": N_("Demonstration"),
}


def states_of(event: EventRecord) -> Callable[[RegistrationRecord], str]:
    """The word of a registration's state: whoever answered that they do not come has not withdrawn, and of a
    postponed event a place is kept."""

    def state(registration: RegistrationRecord) -> str:
        if registration.status is RegistrationStatus.CONFIRMED and event.status is EventStatus.POSTPONED:
            return "kept"
        if registration.status is not RegistrationStatus.CANCELLED:
            return registration.status.value
        return "excused" if means_absence(event.questions, registration.answers) else "withdrawn"

    return state
