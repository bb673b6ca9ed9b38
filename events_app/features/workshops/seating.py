"""Rows of places: one for each person and slot. Only these functions write them.

`place.slot` is the name by which the entry in somebody's calendar is known: it stays when the slot of the
programme gets another name, and goes with the place. What slot a place is in, its session says.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from events_app.features.events.model import SessionRecord
from events_app.features.registration.storage import appointments_changed
from events_app.features.workshops.model import PlaceSource
from events_app.features.workshops.tables import Place
from events_app.infra.database import execute, rows
from events_app.infra.world import World

ROWS_A_STATEMENT = 500


class PresentPlace(msgspec.Struct, frozen=True):
    id: UUID
    registration_id: UUID
    entry_key: str
    session_id: UUID
    rank: int | None
    calendar_sequence: int


class NewPlace(msgspec.Struct, frozen=True):
    """`instead`: the place that it replaces, whose calendar entry it takes over."""

    registration_id: UUID
    session: SessionRecord
    rank: int | None
    source: PlaceSource
    instead: PresentPlace | None = None


async def present_places_in(sessions: Iterable[SessionRecord]) -> list[PresentPlace]:
    ids, found = [session.id for session in sessions], []
    for start in range(0, len(ids), ROWS_A_STATEMENT):
        part = ids[start : start + ROWS_A_STATEMENT]
        found += await rows(
            "SELECT id, registration AS registration_id, slot AS entry_key, session AS session_id, rank,"
            f" calendar_sequence FROM place WHERE session IN ({', '.join('{}' for _ in part)})",
            *part,
        )  # index on place(session)
    return [msgspec.convert(line, PresentPlace) for line in found]


async def replace_places(world: World, gone: Sequence[PresentPlace], fresh: Sequence[NewPlace]) -> None:
    """The first are deleted before the second are written. Calendars hear of what is another place now."""
    for start in range(0, len(gone), ROWS_A_STATEMENT):
        part = [place.id for place in gone[start : start + ROWS_A_STATEMENT]]
        await execute(f"DELETE FROM place WHERE id IN ({', '.join('{}' for _ in part)})", *part)
    taken = await _entry_keys([place.registration_id for place in fresh])
    made = []
    for place in fresh:
        mine = taken.setdefault(place.registration_id, set())
        key = _entry_key(place, mine)
        mine.add(key)
        made.append(_row(world, place, key))
    for start in range(0, len(made), ROWS_A_STATEMENT):
        await Place.insert(*made[start : start + ROWS_A_STATEMENT])
    kept = {place.instead.id for place in fresh if place.instead and not _moves(place)}
    changed = {place.registration_id for place in fresh if _moves(place)}
    changed |= {place.registration_id for place in gone if place.id not in kept}
    await appointments_changed(sorted(changed), world.now())


def _moves(place: NewPlace) -> bool:
    return place.instead is None or place.instead.session_id != place.session.id


async def _entry_keys(registration_ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    taken: dict[UUID, set[str]] = {}
    for start in range(0, len(registration_ids), ROWS_A_STATEMENT):
        part = registration_ids[start : start + ROWS_A_STATEMENT]
        marks = ", ".join("{}" for _ in part)
        found = await rows(f"SELECT registration, slot FROM place WHERE registration IN ({marks})", *part)
        for line in found:
            taken.setdefault(line["registration"], set()).add(line["slot"])
    return taken


def _entry_key(place: NewPlace, taken: set[str]) -> str:
    """The former place's; else the slot's name, unless a place keeps it that was given under that name."""
    wanted = [place.instead.entry_key] if place.instead else []
    wanted += [place.session.slot_key, place.session.code, *(str(number) for number in range(len(taken) + 1))]
    return next(key for key in wanted if key not in taken)


def _row(world: World, place: NewPlace, key: str) -> Place:
    before = place.instead
    return Place(
        id=world.new_id(),
        registration=place.registration_id,
        session=place.session.id,
        slot=key,
        rank=place.rank,
        source=place.source.value,
        assigned_at=world.now(),
        calendar_sequence=before.calendar_sequence + _moves(place) if before else 0,
    )
