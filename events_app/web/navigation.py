"""Where one can go: the organiser's menu, and the tabs of one event."""

import msgspec

from events_app.infra.i18n import translator
from events_app.kernel.actor import Actor, Role
from events_app.kernel.errors import N_
from events_app.web.guards import ORGANISING


class Link(msgspec.Struct, frozen=True):
    href: str
    label: str
    icon: str = ""
    count: int | None = None


_ORGANISER = (
    ("/org", N_("Events"), "calendar-days", tuple(Role)),
    ("/org/coach", N_("My sessions"), "users", (Role.COACH,)),
    ("/org/outbox", N_("Mail"), "mail", ORGANISING),
    ("/org/members", N_("Members"), "users", ORGANISING),
    ("/org/bodies", N_("Organisations"), "building-2", (Role.ADMINISTRATOR,)),
    ("/org/keys", N_("API keys"), "key-round", (Role.ADMINISTRATOR,)),
    ("/org/account", N_("My account"), "user-round", tuple(Role)),
)

_EVENT = (
    ("", N_("Overview")),
    ("/edit", N_("Details")),
    ("/programme", N_("Programme")),
    ("/form", N_("Form")),
    ("/registrations", N_("Registrations")),
    ("/placement", N_("Placement")),
    ("/messages", N_("Messages")),
    ("/door", N_("Door")),
    ("/mail", N_("Mail")),
)


def organiser(actor: Actor, language: str) -> list[Link]:
    """The pages that are open to this person's roles."""
    words = translator(language)
    return [
        Link(href, words.gettext(label), icon)
        for href, label, icon, roles in _ORGANISER
        if actor.has_role(*roles)
    ]


def event_tabs(slug: str, language: str) -> list[Link]:
    words = translator(language)
    return [Link(f"/org/events/{slug}{path}", words.gettext(label)) for path, label in _EVENT]
