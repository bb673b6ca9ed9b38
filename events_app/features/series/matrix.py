"""Who was represented at which meeting. Pure.

A member (a commune, or a structure by its name) counts once, whoever and however many come for it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from events_app.kernel.text import fold

ALERT_AFTER = 2  # meetings in a row


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`insee`: of a commune; without one, a structure that is known by its name."""

    name: str
    insee: str = ""

    @property
    def key(self) -> str:
        return self.insee or fold(self.name)


class State(StrEnum):
    PRESENT = "present"
    REGISTERED = "registered"  # will come; or did, where nobody stood at the door
    EXCUSED = "excused"
    ABSENT = "absent"
    SILENT = "silent"  # of a meeting to come: nothing was said


class Meeting(msgspec.Struct, frozen=True):
    """`held`: it is over; `seen`: somebody was let in at its door."""

    id: UUID
    slug: str
    title: str
    starts_at: datetime
    timezone: str
    held: bool
    seen: bool
    announced: bool


class Person(msgspec.Struct, frozen=True):
    """Somebody registered for a member at one meeting."""

    event_id: UUID
    member: str  # Member.key
    name: str
    email: str
    confirmed: bool
    excused: bool
    came: bool


class Cell(msgspec.Struct, frozen=True):
    state: State
    names: list[str]


class Row(msgspec.Struct, frozen=True):
    """`present` of `held` meetings at whose door somebody stood. `missed_in_a_row`: the last of those."""

    member: Member
    cells: list[Cell]
    present: int
    held: int
    missed_in_a_row: int

    @property
    def is_alert(self) -> bool:
        return self.missed_in_a_row >= ALERT_AFTER


class Matrix(msgspec.Struct, frozen=True):
    meetings: list[Meeting]
    rows: list[Row]

    @property
    def represented(self) -> list[int]:
        """How many members were, or will be, represented at each meeting."""
        there = (State.PRESENT, State.REGISTERED)
        return [sum(row.cells[at].state in there for row in self.rows) for at in range(len(self.meetings))]


def matrix_of(members: Sequence[Member], meetings: Sequence[Meeting], people: Collection[Person]) -> Matrix:
    """O(members x meetings + people)."""
    found: dict[tuple[str, UUID], list[Person]] = {}
    for person in people:
        found.setdefault((person.member, person.event_id), []).append(person)
    return Matrix(list(meetings), [_row(member, meetings, found) for member in members])


def _row(member: Member, meetings: Sequence[Meeting], found: Mapping[tuple[str, UUID], list[Person]]) -> Row:
    cells = [cell_of(meeting, found.get((member.key, meeting.id), [])) for meeting in meetings]
    counted = [cell for cell, meeting in zip(cells, meetings, strict=True) if meeting.held and meeting.seen]
    missed = 0
    for cell in reversed(counted):
        if cell.state is State.PRESENT:
            break
        missed += 1
    present = sum(cell.state is State.PRESENT for cell in counted)
    return Row(member, cells, present, len(counted), missed)


def cell_of(meeting: Meeting, people: Sequence[Person]) -> Cell:
    came = [person.name for person in people if person.came]
    if came:
        return Cell(State.PRESENT, came)
    coming = [person.name for person in people if person.confirmed]
    if coming and not (meeting.held and meeting.seen):
        return Cell(State.REGISTERED, coming)
    excused = [person.name for person in people if person.excused]
    if excused:
        return Cell(State.EXCUSED, excused)
    return Cell(State.ABSENT if meeting.held else State.SILENT, coming)


def last_representatives(
    members: Sequence[Member], meetings: Sequence[Meeting], people: Collection[Person]
) -> dict[str, list[str]]:
    """By member, the addresses of who was registered for it at the latest meeting that has any; in order of
    meeting and of the address."""
    order = {meeting.id: at for at, meeting in enumerate(sorted(meetings, key=lambda each: each.starts_at))}
    of_member: dict[str, list[Person]] = {}
    for person in people:
        if person.email and person.event_id in order:
            of_member.setdefault(person.member, []).append(person)
    last = {}
    for member in members:
        theirs = of_member.get(member.key, [])
        latest = max((order[person.event_id] for person in theirs), default=None)
        if latest is not None:
            last[member.key] = sorted({each.email for each in theirs if order[each.event_id] == latest})
    return last
