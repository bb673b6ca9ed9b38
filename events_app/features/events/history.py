"""What was done to an event, by whom and when, newest first: the audit, which names no participant."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.events.wording import DEEDS
from events_app.infra.database import rows
from events_app.infra.i18n import Translator
from events_app.kernel.actor import ActorKind
from events_app.kernel.errors import N_, InvalidInput

_WHO = {
    ActorKind.PARTICIPANT.value: N_("The person, by the personal link"),
    ActorKind.ANONYMOUS.value: N_("Somebody, on the site"),
    ActorKind.SYSTEM.value: N_("The program, by itself"),
}


class Deed(msgspec.Struct, frozen=True):
    """`object_id`: what it was done to, where that is not the event itself."""

    id: UUID
    at: datetime
    actor_kind: str
    actor_name: str
    action: str
    object_id: UUID | None
    details: dict[str, Any]

    @property
    def about_person(self) -> bool:
        return self.action.startswith("registration.") and self.object_id is not None

    def who(self, words: Translator) -> str:
        return self.actor_name if self.actor_kind not in _WHO else words.gettext(_WHO[self.actor_kind])

    def what(self, words: Translator) -> str:
        return words.gettext(DEEDS[self.action]) if self.action in DEEDS else self.action


async def deeds_of(event_id: UUID, limit: int, cursor: str = "") -> tuple[list[Deed], str | None]:
    """The newest from behind `cursor` on (index audit_event). Raises `InvalidInput` for a wrong cursor."""
    condition, args = "", list[Any]()
    if cursor:
        before = await _place(event_id, cursor)
        condition, args = " AND (at < {} OR (at = {} AND id < {}))", [before[0], before[0], before[1]]
    found = await rows(
        "SELECT id, at, actor_kind, actor_name, action, object_id, details FROM audit_entry"
        f" WHERE event_id = {{}}{condition} ORDER BY at DESC, id DESC LIMIT {{}}",
        event_id,
        *args,
        limit + 1,
    )
    deeds = [
        msgspec.convert(each | {"details": msgspec.json.decode(each["details"])}, Deed, strict=False)
        for each in found[:limit]
    ]
    return deeds, str(deeds[-1].id) if len(found) > limit else None


async def _place(event_id: UUID, cursor: str) -> tuple[datetime, UUID]:
    try:
        wanted = UUID(cursor)
    except ValueError:
        wanted = UUID(int=0)
    found = await rows("SELECT at, id FROM audit_entry WHERE event_id = {} AND id = {}", event_id, wanted)
    if not found:
        raise InvalidInput.one("/cursor", "invalid", N_("This value cannot be accepted."))
    return found[0]["at"], found[0]["id"]
