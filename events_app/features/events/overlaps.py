"""Workshops at the same time under different slots: a person could be given only one of them. Pure."""

from collections.abc import Sequence

import msgspec

from events_app.features.events.model import SessionRecord
from events_app.infra.i18n import Translator

MOST_WARNINGS = 20


class ProgrammeWarning(msgspec.Struct, frozen=True):
    """`kind`: overlap, or what a change does to how many people (`consequences`). `sessions`: their codes."""

    kind: str
    sessions: list[str]
    detail: str
    people: int = 0


def overlapping(sessions: Sequence[SessionRecord]) -> list[tuple[SessionRecord, SessionRecord]]:
    """Pairs of different slots at the same time, be it for a minute: nobody can be at both."""
    by_start = sorted(sessions, key=lambda session: (session.starts_at, str(session.id)))
    return [
        (one, other)
        for number, one in enumerate(by_start)
        for other in by_start[number + 1 :]
        if other.starts_at < one.ends_at and one.starts_at < other.ends_at and one.slot_key != other.slot_key
    ]


def warnings_of(sessions: Sequence[SessionRecord], words: Translator) -> list[ProgrammeWarning]:
    """Of workshops: one is placed in each slot, and slots are meant to follow each other."""
    found = overlapping([session for session in sessions if session.is_workshop])
    text = words.gettext(
        "“%(one)s” and “%(other)s” are at the same time under different slots: nobody is given both. "
        "Sessions at the same time belong to one slot."
    )
    return [
        ProgrammeWarning("overlap", [one.code, other.code], text % {"one": one.title, "other": other.title})
        for one, other in found[:MOST_WARNINGS]
    ]
