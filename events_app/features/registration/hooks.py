"""What higher features do here, handed over at the start by `app.py` as one object: registration knows none.

All run inside the transaction of the deed, so they must be short and reach nothing outside the database.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.registration.model import RegistrationRecord
from events_app.infra.i18n import Translator
from events_app.infra.world import World
from events_app.outputs.tables import Cell

Heard = Callable[[World, RegistrationRecord], Awaitable[None]]
RegisteredHeard = Callable[[World, EventRecord, RegistrationRecord], Awaitable[None]]
TicketCodeOf = Callable[[World, EventRecord, RegistrationRecord], Awaitable[str]]
SeatIn = Callable[[World, list[tuple[UUID, SessionRecord]]], Awaitable[None]]
SeatedIn = Callable[[UUID], Awaitable[list[UUID]]]


class PersonalSection(msgspec.Struct, frozen=True):
    """A part of the personal page that a higher feature fills: its template reads `section.data`."""

    template: str
    data: Any


class Stop(msgspec.Struct, frozen=True):
    """A session that somebody has a place in, by its code."""

    session: str
    starts_at: datetime
    ends_at: datetime
    title: str
    room: str


class ExtraColumns(msgspec.Struct, frozen=True):
    """Of the table of people: `cells` by registration, as many as `heads`, empty for who is not named."""

    heads: list[str]
    cells: dict[UUID, list[Cell]]


StopsOf = Callable[[UUID], Awaitable[dict[UUID, list[Stop]]]]
StopsOfEach = Callable[[Sequence[UUID]], Awaitable[dict[UUID, list[Stop]]]]
ChosenByEach = Callable[[Sequence[UUID]], Awaitable[dict[UUID, list[UUID]]]]
CameIn = Callable[[Sequence[UUID]], Awaitable[dict[UUID, datetime]]]
OwnDataOf = Callable[[EventRecord, RegistrationRecord], Awaitable[dict[str, object]]]
SectionOf = Callable[[World, EventRecord, RegistrationRecord], Awaitable[PersonalSection | None]]


class Hooks(msgspec.Struct, frozen=True, kw_only=True):
    registered: tuple[RegisteredHeard, ...] = ()
    """Somebody now holds a place (registered, approved, promoted): seat them where one is in force."""
    withdrawn: tuple[Heard, ...] = ()
    """Somebody gave a place back."""
    erased: tuple[Heard, ...] = ()
    """Somebody's data are being erased: whoever copied them must blank them."""
    sections: tuple[SectionOf, ...] = ()
    """Asked in this order when somebody opens the personal page; None: nothing to show."""
    desk_sections: tuple[SectionOf, ...] = ()
    """The same for the organiser's page of a person."""
    columns: tuple[Callable[[EventRecord, Translator], Awaitable[ExtraColumns]], ...] = ()
    """What only higher features know of each person, for the export; asked in this order."""
    seat: SeatIn | None = None
    """Give somebody who registers places in the sessions that they chose, checked before."""
    given_later: tuple[Heard, ...] = ()
    """Somebody who was registered has a place at the event only now."""
    ticket_code: TicketCodeOf | None = None
    seated_in: SeatedIn | None = None  # the registrations that have a place in a session
    own_data: tuple[OwnDataOf, ...] = ()
    """What only higher features keep of somebody, by its name in the file that this person is handed."""
    stops: StopsOf | None = None
    """Who has a place in which sessions of an event, in order of time."""
    stops_of_each: StopsOfEach | None = None
    """The same of these registrations."""
    came_in: CameIn | None = None
    """When these registrations first came in at the event's own door; without those who did not."""
    chosen_by_each: ChosenByEach | None = None
    """The sessions that these registrations chose, also before they have a place at the event."""


_given = Hooks()


def hand_over(hooks: Hooks) -> None:
    global _given  # noqa: PLW0603  # at the start, by `app.py` alone
    _given = hooks


async def registered(world: World, event: EventRecord, registration: RegistrationRecord) -> None:
    """`event` as it stands behind its lock."""
    for hear in _given.registered:
        await hear(world, event, registration)


async def seat(world: World, places: list[tuple[UUID, SessionRecord]]) -> None:
    if places and _given.seat:
        await _given.seat(world, places)


async def given_later(world: World, registration: RegistrationRecord) -> None:
    for hear in _given.given_later:
        await hear(world, registration)


async def withdrawn(world: World, registration: RegistrationRecord) -> None:
    for hear in _given.withdrawn:
        await hear(world, registration)


async def erased(world: World, registration: RegistrationRecord) -> None:
    for hear in _given.erased:
        await hear(world, registration)


async def sections(
    world: World, event: EventRecord, registration: RegistrationRecord
) -> list[PersonalSection]:
    found = [await section(world, event, registration) for section in _given.sections]
    return [section for section in found if section is not None]


async def desk_sections(
    world: World, event: EventRecord, registration: RegistrationRecord
) -> list[PersonalSection]:
    found = [await section(world, event, registration) for section in _given.desk_sections]
    return [section for section in found if section is not None]


async def columns(event: EventRecord, words: Translator) -> list[ExtraColumns]:
    return [await ask(event, words) for ask in _given.columns]


async def ticket_code(world: World, event: EventRecord, registration: RegistrationRecord) -> str | None:
    return await _given.ticket_code(world, event, registration) if _given.ticket_code else None


async def seated_in(session_id: UUID) -> list[UUID] | None:
    """None where nobody places people."""
    return await _given.seated_in(session_id) if _given.seated_in else None


async def own_data(event: EventRecord, registration: RegistrationRecord) -> dict[str, object]:
    return {name: kept for ask in _given.own_data for name, kept in (await ask(event, registration)).items()}


async def stops(event_id: UUID) -> dict[UUID, list[Stop]]:
    return await _given.stops(event_id) if _given.stops else {}


async def stops_of_each(registration_ids: Sequence[UUID]) -> dict[UUID, list[Stop]]:
    return await _given.stops_of_each(registration_ids) if _given.stops_of_each else {}


async def chosen_by_each(registration_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    return await _given.chosen_by_each(registration_ids) if _given.chosen_by_each else {}


async def came_in(registration_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    return await _given.came_in(registration_ids) if _given.came_in else {}
