"""Where a person's workshop is, for the door to say so.

Placement is a neighbour that this feature does not know: `app.py` hands over the function that reads it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from events_app.features.admission.schemas import DoorPlace


class BookedTable(Struct, frozen=True):
    """Where somebody sits in one round of a networking session."""

    round: int
    table: int
    starts_at: datetime
    ends_at: datetime


class BookedPlace(Struct, frozen=True):
    """`tables`: by round, of a networking session only."""

    session_id: UUID
    slot_key: str
    shown: DoorPlace
    tables: tuple[BookedTable, ...] = ()

    def at(self, moment: datetime) -> DoorPlace:
        """What is said at this moment: behind the last round, the last table."""
        if not self.tables:
            return self.shown
        seat = next((seat for seat in self.tables if moment < seat.ends_at), self.tables[-1])
        return replace(self.shown, table=seat.table)


PlacesReader = Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, Sequence[BookedPlace]]]]
"""The published places of these registrations, in programme order."""

_readers: list[PlacesReader] = []


def read_places_with(reader: PlacesReader) -> None:
    _readers[:] = [reader]


async def places_of(registration_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[BookedPlace]]:
    """Nobody has a place until a placement is published (or while no reader was handed over)."""
    if not _readers or not registration_ids:
        return {}
    return await _readers[0](registration_ids)
