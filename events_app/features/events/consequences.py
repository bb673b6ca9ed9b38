"""What a change does to people who count on what was: said, with how many, before it is done. Pure."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from events_app.features.events.content import EventContent, SessionContent
from events_app.features.events.model import Visibility
from events_app.infra.i18n import Translator
from events_app.kernel.errors import N_, Conflict
from events_app.kernel.text import fill


class Consequence(msgspec.Struct, frozen=True):
    code: str
    people: int
    places: int = 0  # for `capacity-below` alone


class Unconfirmed(Conflict):
    """The change was not made: whoever wanted it has to see this first."""

    type = "unconfirmed"
    title = N_("Please confirm")
    detail = N_("This change concerns people who are registered. Nothing was saved yet.")

    def __init__(self, consequences: Sequence[Consequence]) -> None:
        super().__init__(codes=",".join(each.code for each in consequences))
        self.consequences = list(consequences)


class Saving(msgspec.Struct, frozen=True):
    """How somebody saves a change. `tell`: by mail, whom it concerns. `confirmed`: what the person saw and
    said yes to (`token_of`); None where nobody is asked, as by the API, which reads `noted` afterwards."""

    tell: bool = True
    confirmed: str | None = None
    noted: list[Consequence] = []


class Involved(msgspec.Struct, frozen=True):
    """People by how they stand with an event."""

    confirmed: int
    registered: int  # all who hold or want a place
    waiting: int = 0
    pending: int = 0
    groups_beyond: int = 0  # groups with more companions than will be allowed
    wishing_beyond: int = 0  # people with more wishes than will be asked for
    answers_lost: int = 0  # people who answered what is no longer asked or offered
    agreed_otherwise: int = 0  # people who agreed to words that are changed


def event_consequences(
    old: EventContent, new: EventContent, involved: Involved, now: datetime
) -> list[Consequence]:
    found = []
    if new.capacity is not None and new.capacity != old.capacity and new.capacity < involved.confirmed:
        found.append(Consequence("capacity-below", involved.confirmed, new.capacity))
    if not involved.registered:
        return found
    if involved.answers_lost:
        found.append(Consequence("answers-lost", involved.answers_lost))
    if involved.agreed_otherwise:
        found.append(Consequence("agreed-otherwise", involved.agreed_otherwise))
    most = new.preferences_count  # 0: all workshops
    lowered = new.max_companions < old.max_companions, 0 < most < (old.preferences_count or most + 1)
    shut = old.waiting_list and not new.waiting_list, old.approval and not new.approval
    for code, happens, people in (
        ("companions-below", lowered[0], involved.groups_beyond),
        ("wishes-below", lowered[1], involved.wishing_beyond),
        ("no-waiting-list", shut[0], involved.waiting),
        ("no-approval", shut[1], involved.pending),
    ):
        if happens and people:
            found.append(Consequence(code, people))
    if (old.starts_at, old.ends_at, old.timezone) != (new.starts_at, new.ends_at, new.timezone):
        found.append(Consequence("date-moved", involved.registered))
    if _is_open(old, now) and not _is_open(new, now):
        found.append(Consequence("registration-closed", involved.registered))
    if old.visibility != new.visibility and old.visibility == Visibility.PUBLIC.value:
        found.append(Consequence("hidden", involved.registered))
    elif old.visibility != new.visibility:
        found.append(Consequence("visibility-changed", involved.registered))
    return found


def session_consequences(
    old: SessionContent, new: SessionContent, wishes: int, placed: int
) -> list[Consequence]:
    found = []
    if new.capacity_max is not None and new.capacity_max != old.capacity_max and new.capacity_max < placed:
        found.append(Consequence("capacity-below", placed, new.capacity_max))
    if old.kind != new.kind and (placed or wishes):
        found.append(Consequence("other-kind", max(placed, wishes)))
    if old.slot != new.slot and placed:
        found.append(Consequence("slot-changed", placed))
    if (old.starts_at, old.ends_at) != (new.starts_at, new.ends_at) and placed:
        found.append(Consequence("hours-moved", placed))
    return found


def confirm(consequences: Sequence[Consequence], saving: Saving) -> None:
    """Raises `Unconfirmed`, also when a number has changed since it was seen."""
    if saving.confirmed is not None and consequences and saving.confirmed != token_of(consequences):
        raise Unconfirmed(consequences)
    saving.noted[:] = consequences


def token_of(consequences: Sequence[Consequence]) -> str:
    return ",".join(f"{each.code}:{each.people}" for each in consequences)


def sentence(consequence: Consequence, words: Translator) -> str:
    one, many = _SENTENCES[consequence.code]
    text = words.ngettext(one, many, consequence.people)
    numbers = {"people": consequence.people, "places": consequence.places}
    return fill(text, {name: words.number(number) for name, number in numbers.items()})


def _is_open(content: EventContent, now: datetime) -> bool:
    opens, closes = content.registration_opens_at, content.registration_closes_at or content.starts_at
    return content.registration_required and (opens is None or opens <= now) and now < closes


def ngettext(one: str, many: str) -> tuple[str, str]:
    """Marks the two for the catalogues."""
    return one, many


_SENTENCES = {
    "capacity-below": ngettext(
        "{people} person has a place already, for {places} places. Nobody loses a place by this.",
        "{people} people have a place already, for {places} places. Nobody loses a place by this.",
    ),
    "answers-lost": ngettext(
        "{people} person has answered what is no longer asked or offered: the list and the exports no longer"
        " show it.",
        "{people} people have answered what is no longer asked or offered: the list and the exports no longer"
        " show it.",
    ),
    "agreed-otherwise": ngettext(
        "{people} person agreed to other words, which stay on their page. For another purpose, add an"
        " agreement of its own.",
        "{people} people agreed to other words, which stay on their pages. For another purpose, add an"
        " agreement of its own.",
    ),
    "companions-below": ngettext(
        "{people} group has more companions already. Nobody loses a place by this.",
        "{people} groups have more companions already. Nobody loses a place by this.",
    ),
    "wishes-below": ngettext(
        "{people} person has ranked more workshops already. Those wishes count as they are.",
        "{people} people have ranked more workshops already. Those wishes count as they are.",
    ),
    "no-waiting-list": ngettext(
        "{people} person is on the waiting list, stays there and comes first when a place is free.",
        "{people} people are on the waiting list, stay there and come first when a place is free.",
    ),
    "no-approval": ngettext(
        "{people} request is still to be answered: it stays so until you decide.",
        "{people} requests are still to be answered: they stay so until you decide.",
    ),
    "date-moved": ngettext(
        "{people} person is registered for the date that was announced.",
        "{people} people are registered for the date that was announced.",
    ),
    "registration-closed": ngettext(
        "Registration closes at once; {people} person is registered.",
        "Registration closes at once; {people} people are registered.",
    ),
    "hidden": ngettext(
        "The event leaves the agenda; {people} person is registered and keeps the registration.",
        "The event leaves the agenda; {people} people are registered and keep the registration.",
    ),
    "visibility-changed": ngettext(
        "Who sees the event changes; {people} person is registered and keeps the registration.",
        "Who sees the event changes; {people} people are registered and keep the registration.",
    ),
    "other-kind": ngettext(
        "{people} person wished for this session or is placed in it: it would be of another kind.",
        "{people} people wished for this session or are placed in it: it would be of another kind.",
    ),
    "slot-changed": ngettext(
        "{people} person is placed in this workshop, in the slot that it had.",
        "{people} people are placed in this workshop, in the slot that it had.",
    ),
    "hours-moved": ngettext(
        "{people} person is placed in this session, at the hours that it had.",
        "{people} people are placed in this session, at the hours that it had.",
    ),
}
