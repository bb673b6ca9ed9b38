"""Ranked wishes for workshops, checked against the programme. Pure."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord, SessionRecord
from events_app.kernel.errors import N_, FieldError


class Asked(msgspec.Struct, frozen=True):
    """How many wishes: `most` 0 is as many as there are workshops; `least` of those who make any."""

    most: int
    least: int


def asked_of(event: EventRecord, accepts_any: bool) -> Asked:
    """Whoever accepts no workshop that they did not rank names several: a list of one would be a way to be
    sure of it."""
    return Asked(event.preferences_count, 0 if accepts_any else event.preferences_least)


def most_wishes(event: EventRecord, workshops: Sequence[SessionRecord]) -> int:
    return min(event.preferences_count or len(workshops), len(workshops))


def least_wishes(event: EventRecord, workshops: Sequence[SessionRecord]) -> int:
    """Of whoever accepts no other workshop: never more than one may rank."""
    return min(event.preferences_least, most_wishes(event, workshops))


def _by_code_or_title(workshops: Sequence[SessionRecord]) -> dict[str, UUID]:
    """Our own export writes titles; one that two bear is none."""
    titles = Counter(session.title for session in workshops)
    by_title = {session.title: session.id for session in workshops if titles[session.title] == 1}
    return by_title | {session.code: session.id for session in workshops}


def check_preferences(
    codes: Sequence[str], sessions: Sequence[SessionRecord], asked: Asked
) -> tuple[list[UUID], list[FieldError]]:
    """The sessions, best first, and every error at `/preferences/<index>`; at `/preferences` too few."""
    workshops = _by_code_or_title([session for session in sessions if session.is_workshop])
    wanted: list[UUID] = []
    errors: list[FieldError] = []
    offered = sum(session.is_workshop for session in sessions)
    most = asked.most or offered
    for index, code in enumerate(codes[:200]):
        session_id = workshops.get(code.strip())
        pointer = f"/preferences/{index}"
        if session_id is None:
            errors.append(FieldError(pointer, "unknown", N_("This event has no such workshop.")))
        elif session_id in wanted:
            errors.append(FieldError(pointer, "duplicate", N_("This workshop is among your wishes already.")))
        elif index >= most:
            errors.append(
                FieldError(pointer, "too-many", N_("Please choose at most {most} workshops."), {"most": most})
            )
        else:
            wanted.append(session_id)
    least = min(asked.least, most, offered)
    if wanted and not errors and len(wanted) < least:
        message = N_("Please rank at least {least} workshops, or accept another one.")
        errors.append(FieldError("/preferences", "too-few", message, {"least": least}))
    return wanted, errors
