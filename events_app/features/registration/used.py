"""What of an event and its sessions is in use by people who are registered."""

from uuid import UUID

from events_app.features.events.hooks import Beyond, SessionUse
from events_app.infra.database import row

_ACTIVE = "r.status IN ('pending', 'confirmed', 'waiting')"


async def wishes_for(session_id: UUID) -> SessionUse:
    found = await row(
        "SELECT count(*) AS n FROM preference p JOIN registration r ON r.id = p.registration"
        f" WHERE p.session = {{}} AND {_ACTIVE}",
        session_id,
    )
    return SessionUse(wishes=found["n"] if found else 0)


async def beyond_limits(event_id: UUID, companions: int, wishes: int) -> Beyond:
    groups = await row(
        f"SELECT count(*) AS n FROM (SELECT r.group_id FROM registration r WHERE r.event = {{}} AND {_ACTIVE}"
        " GROUP BY r.group_id HAVING count(*) > {}) g",
        event_id,
        companions + 1,
    )
    wishing = await row(
        "SELECT count(*) AS n FROM (SELECT r.id FROM registration r"
        " JOIN preference p ON p.registration = r.id"
        f" WHERE r.event = {{}} AND {_ACTIVE} GROUP BY r.id HAVING count(*) > {{}}) w",
        event_id,
        wishes,
    )
    return Beyond(groups["n"] if groups else 0, wishing["n"] if wishing else 0)
