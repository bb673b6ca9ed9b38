"""What cannot be true of a programme at once: workshops at the same time under different slots, of which a
person could be given only one; two sessions in one room, or with one speaker, at the same time. Pure."""

import re
from collections.abc import Sequence

import msgspec

from events_app.features.events.model import SessionRecord
from events_app.infra.i18n import Translator
from events_app.kernel.text import fold

MOST_WARNINGS = 20
_BETWEEN = re.compile(r"[,;/&+]|\s(?:et|and)\s", re.IGNORECASE)


class ProgrammeWarning(msgspec.Struct, frozen=True):
    """`kind`: overlap, room, speaker, or what a change does to how many people (`consequences`).
    `sessions`: their codes."""

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


def warnings_of(
    sessions: Sequence[SessionRecord], words: Translator, most: int = MOST_WARNINGS
) -> list[ProgrammeWarning]:
    """Of workshops: one is placed in each slot, and slots are meant to follow each other."""
    return [*_taken_twice(sessions, words), *_of_slots(sessions, words)][:most]


def _of_slots(sessions: Sequence[SessionRecord], words: Translator) -> list[ProgrammeWarning]:
    found = overlapping([session for session in sessions if session.by_name])
    text = words.gettext(
        "“%(one)s” and “%(other)s” are at the same time under different slots: nobody is given both. "
        "Sessions at the same time belong to one slot."
    )
    return [
        ProgrammeWarning("overlap", [one.code, other.code], text % {"one": one.title, "other": other.title})
        for one, other in found
        if one.is_workshop or other.is_workshop  # of those that people choose, they choose one
    ]


def at_once(sessions: Sequence[SessionRecord]) -> list[tuple[SessionRecord, SessionRecord]]:
    """Pairs that take place and share a moment, the earlier first."""
    by_start = sorted(
        (session for session in sessions if session.takes_place),
        key=lambda session: (session.starts_at, session.code),
    )
    return [
        (one, other)
        for number, one in enumerate(by_start)
        for other in by_start[number + 1 :]
        if other.starts_at < one.ends_at
    ]


def _taken_twice(sessions: Sequence[SessionRecord], words: Translator) -> list[ProgrammeWarning]:
    room = words.gettext("“%(one)s” and “%(other)s” are in the same room at the same time: %(what)s.")
    speaker = words.gettext("“%(one)s” and “%(other)s” need the same person at the same time: %(what)s.")
    found = []
    for one, other in at_once(sessions):
        said = {"one": one.title, "other": other.title}
        codes = [one.code, other.code]
        if fold(one.room) and fold(one.room) == fold(other.room):
            found.append(ProgrammeWarning("room", codes, room % (said | {"what": one.room})))
        if both := _same_speaker(one, other):
            found.append(ProgrammeWarning("speaker", codes, speaker % (said | {"what": both})))
    return found


def _same_speaker(one: SessionRecord, other: SessionRecord) -> str:
    """Whoever is named in both; coaches with an account are known by it, whatever is written."""
    if one.coach_account_id is not None and one.coach_account_id == other.coach_account_id:
        return one.coach or other.coach
    theirs = {fold(name) for name in speakers(other.coach)}
    return ", ".join(name for name in speakers(one.coach) if fold(name) in theirs)


def speakers(written: str) -> list[str]:
    """ "Karim et Léa" are two people."""
    return [name for part in _BETWEEN.split(written) if (name := part.strip()) and fold(name)]
