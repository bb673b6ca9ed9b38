"""Words for codes, translated where they are shown."""

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
    "demo": N_("Demonstration"),
}
