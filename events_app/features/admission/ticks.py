"""Who was ticked on paper while the phones failed: entered afterwards, each once, as what happened there."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from events_app.features.admission.printing import people_listed
from events_app.features.admission.schemas import MOST_SCANS_IN_BATCH, ScanRequest
from events_app.features.admission.service import record_scans
from events_app.features.events.model import EventRecord
from events_app.infra.i18n import Translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor

_DEVICE: Final = "paper"
_IS_ID: Final = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def enter_ticks(
    world: World, actor: Actor, event: EventRecord, ticked: Sequence[str], at: datetime, words: Translator
) -> int:
    """How many came in by it; whoever a phone saw already stays as they are. Raises `NotAllowed`."""
    ids = [UUID(text) for text in ticked if _IS_ID.fullmatch(text)]
    people = await people_listed(event.id, ids) if ids else []
    scans = [
        ScanRequest(
            scan_id=f"paper-{person.id.hex}",
            ticket_code=person.short_code,
            gate=words.gettext("Paper list"),
            scanned_at=at,
            decided="admitted",
            device=_DEVICE,
        )
        for person in people
        if person.inside is None
    ]
    for start in range(0, len(scans), MOST_SCANS_IN_BATCH):
        await record_scans(world, actor, event, scans[start : start + MOST_SCANS_IN_BATCH])
    return len(scans)
