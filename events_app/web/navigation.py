"""Where one can go: the organiser's menu, and the tabs of one event."""

from typing import Protocol

import msgspec

from events_app.infra.i18n import translator
from events_app.kernel.actor import Actor, Role
from events_app.kernel.errors import N_
from events_app.web.guards import ORGANISING, READING


class Link(msgspec.Struct, frozen=True):
    href: str
    label: str
    icon: str = ""
    count: int | None = None


_ORGANISER = (
    ("/org", N_("Events"), "calendar-days", tuple(Role)),
    ("/org/coach", N_("My sessions"), "users", (Role.COACH,)),
    ("/org/series", N_("Series"), "repeat-2", (*ORGANISING, *READING)),
    ("/org/assemblies", N_("Committees"), "gavel", (*ORGANISING, *READING)),
    ("/org/statistics", N_("Statistics"), "chart-column", READING),
    ("/org/outbox", N_("Mail"), "mail", ORGANISING),
    ("/org/members", N_("Members"), "users", ORGANISING),
    ("/org/bodies", N_("Organisations"), "building-2", (Role.ADMINISTRATOR,)),
    ("/org/keys", N_("API keys"), "key-round", (Role.ADMINISTRATOR,)),
    ("/org/account", N_("My account"), "user-round", tuple(Role)),
)

_EVENT = (
    ("", N_("Overview"), True),
    ("/edit", N_("Details"), True),
    ("/programme", N_("Programme"), True),
    ("/form", N_("Form"), False),
    ("/registrations", N_("Registrations"), False),
    ("/placement", N_("Placement"), False),
    ("/messages", N_("Messages"), False),
    ("/door", N_("Door"), False),
    ("/mail", N_("Mail"), False),
)
"""Path, label, and whether an event where nobody registers has it too."""
_COUNTED = (("/counting", N_("Count")),)
_SITTING = (("/sitting", N_("Sitting")),)


class Tabbed(Protocol):
    """An event, as far as its tabs go."""

    @property
    def slug(self) -> str: ...
    @property
    def format(self) -> str: ...
    @property
    def registration_required(self) -> bool: ...


def organiser(actor: Actor, language: str) -> list[Link]:
    """The pages that are open to this person's roles."""
    words = translator(language)
    return [
        Link(href, words.gettext(label), icon)
        for href, label, icon, roles in _ORGANISER
        if actor.has_role(*roles)
    ]


def event_tabs(event: Tabbed, language: str) -> list[Link]:
    words = translator(language)
    if event.registration_required:
        shown = [(path, label) for path, label, _ in _EVENT]
    else:
        shown = [(path, label) for path, label, always in _EVENT if always] + [*_COUNTED]
    if event.format == "committee":
        shown[3:3] = _SITTING
    return [Link(f"/org/events/{event.slug}{path}", words.gettext(label)) for path, label in shown]
