"""What the list is narrowed by: read from the address, kept in it, taken away one by one."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.registration.model import RegistrationStatus
from events_app.features.registration.queries import Narrower
from events_app.features.registration.wording import PROFILE_NAMES, STATUS_NAMES
from events_app.features.territory.communes import commune_by_name
from events_app.infra.i18n import Translator
from events_app.kernel.errors import N_
from events_app.kernel.text import clean_line

NAMES = ("q", "status", "session", "consent", "tag", "commune", "profile")
LABELS = {
    "q": N_("Search"),
    "status": N_("Status"),
    "session": N_("Workshop"),
    "consent": N_("Agrees to"),
    "tag": N_("Tag"),
    "commune": N_("Commune"),
    "profile": N_("Profile"),
}


class Chip(msgspec.Struct, frozen=True):
    """One filter in force, and the address of the list without it."""

    label: str
    value: str
    without: str


class Asked(msgspec.Struct, frozen=True):
    """Only what holds for this event: an unknown value filters nothing, and is named in `unknown`."""

    values: dict[str, str]
    session_id: UUID | None
    unknown: tuple[str, ...] = ()

    @property
    def status(self) -> str | None:
        return self.values.get("status")

    @property
    def q(self) -> str:
        return self.values.get("q", "")

    @property
    def narrower(self) -> Narrower:
        return Narrower(*(self.values.get(name, "") for name in ("consent", "tag", "commune", "profile")))

    def address(self, here: str, **also: object) -> str:
        query = urlencode(self.values | {name: str(value) for name, value in also.items()})
        return f"{here}?{query}" if query else here

    def chips(
        self, here: str, event: EventRecord, sessions: Sequence[SessionRecord], words: Translator
    ) -> list[Chip]:
        known = {
            "status": {code: words.gettext(name) for code, name in STATUS_NAMES.items()},
            "session": {each.code: each.title for each in sessions},
            "consent": {each.code: each.purpose for each in event.consents},
            "profile": {code: words.gettext(name) for code, name in PROFILE_NAMES.items()},
        }
        return [
            Chip(
                words.gettext(LABELS[name]),
                known.get(name, {}).get(value, value),
                Asked({one: each for one, each in self.values.items() if one != name}, None).address(here),
            )
            for name, value in self.values.items()
        ]


def asked_by(
    given: Mapping[str, str], event: EventRecord, sessions: Sequence[SessionRecord], tags: Sequence[str]
) -> Asked:
    """`given`: a query or a form, whatever stands in it."""
    values = {name: clean_line(given.get(name, "")) for name in NAMES}
    session_id = next((each.id for each in sessions if each.code == values["session"]), None)
    commune = commune_by_name(values["commune"])
    allowed = {
        "status": values["status"] in list(RegistrationStatus),
        "session": session_id is not None,
        "consent": values["consent"] in {each.code for each in event.consents},
        "tag": values["tag"] in tags,
        "profile": values["profile"] in PROFILE_NAMES or values["profile"] in event.profiles,
    }
    if commune is not None:
        values["commune"] = commune.name
    given_values = {name: value for name, value in values.items() if value}
    return Asked(
        {name: value for name, value in given_values.items() if allowed.get(name, True)},
        session_id,
        tuple(name for name in given_values if not allowed.get(name, True)),
    )
