"""What higher features do here, handed over by `app.py`: registration knows none of them.

All run inside the transaction of the deed, so they must be short and reach nothing outside the database.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord
from events_app.features.registration.model import RegistrationRecord
from events_app.infra.i18n import Translator
from events_app.infra.world import World
from events_app.outputs.tables import Cell

Heard = Callable[[World, RegistrationRecord], Awaitable[None]]
TicketCodeOf = Callable[[World, EventRecord, RegistrationRecord], Awaitable[str]]
SeatedIn = Callable[[UUID], Awaitable[list[UUID]]]

REGISTERED: list[Callable[[World, EventRecord, RegistrationRecord], Awaitable[None]]] = []
"""Somebody now holds a place (registered, approved, promoted): seat them where the placement is published."""

WITHDRAWN: list[Heard] = []
"""Somebody gave a place back."""


ERASED: list[Heard] = []
"""Somebody's data are being erased: whoever copied a name must blank it."""


class PersonalSection(msgspec.Struct, frozen=True):
    """A part of the personal page that a higher feature fills: its template reads `section.data`."""

    template: str
    data: Any


SECTIONS: list[Callable[[World, EventRecord, RegistrationRecord], Awaitable[PersonalSection | None]]] = []
"""Asked in this order when somebody opens the personal page; None: nothing to show."""


class ExtraColumns(msgspec.Struct, frozen=True):
    """Of the table of people: `cells` by registration, as many as `heads`, empty for who is not named."""

    heads: list[str]
    cells: dict[UUID, list[Cell]]


COLUMNS: list[Callable[[EventRecord, Translator], Awaitable[ExtraColumns]]] = []
"""What only higher features know of each person, for the export; asked in this order."""


class Providers:
    """Answers that only a higher feature has; None until `app.py` sets them."""

    ticket_code: TicketCodeOf | None = None
    seated_in: SeatedIn | None = None  # the registrations that have a place in a session


async def ticket_code(world: World, event: EventRecord, registration: RegistrationRecord) -> str | None:
    return await Providers.ticket_code(world, event, registration) if Providers.ticket_code else None


async def seated_in(session_id: UUID) -> list[UUID] | None:
    """None where nobody places people."""
    return await Providers.seated_in(session_id) if Providers.seated_in else None
