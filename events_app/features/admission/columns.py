"""What the doors saw of each person, for the table of people."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from events_app.features.admission.facts import EVENT_DOOR
from events_app.features.events.model import EventRecord
from events_app.features.registration.hooks import ExtraColumns
from events_app.infra.database import rows
from events_app.infra.i18n import Translator
from events_app.kernel.civil_time import to_wall
from events_app.kernel.errors import N_


async def presence_columns(event: EventRecord, words: Translator) -> ExtraColumns:
    """When somebody first came in, and where; none before anybody did."""
    found = await rows(  # index on presence(event)
        "SELECT registration, first_at, first_gate FROM presence WHERE event = {} AND point = {}"
        " AND first_at IS NOT NULL",
        event.id,
        EVENT_DOOR,
    )
    if not found:
        return ExtraColumns([], {})
    return ExtraColumns(
        [words.gettext(N_("Came in at")), words.gettext(N_("Gate"))],
        {
            each["registration"]: [to_wall(each["first_at"], event.timezone), each["first_gate"] or ""]
            for each in found
        },
    )


async def came_in(registration_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """For the people of one page (unique index presence_once)."""
    if not registration_ids:
        return {}
    marks = ", ".join("{}" for _ in registration_ids)
    found = await rows(
        f"SELECT registration, first_at FROM presence WHERE registration IN ({marks}) AND point = {{}}"
        " AND first_at IS NOT NULL",
        *registration_ids,
        EVENT_DOOR,
    )
    return {each["registration"]: each["first_at"] for each in found}
