"""How many hold a place, by organisation and by commune: kept by the database, not counted."""

from typing import Literal
from uuid import UUID

from events_app.infra.database import rows

GroupKind = Literal["organisation", "commune"]


async def confirmed_by(event_id: UUID, kind: GroupKind) -> dict[str, int]:
    """The largest groups first (primary key)."""
    found = await rows(
        "SELECT name, people FROM registered_group WHERE event = {} AND kind = {} ORDER BY people DESC, name",
        event_id,
        kind,
    )
    return {each["name"]: each["people"] for each in found}
