"""The last mail to somebody whose data are erased: it strikes the event out of their calendar.

The address stands in that mail's job alone, which forgets it once the mail is out.
"""

from collections.abc import Sequence

from events_app.features.events.model import EventRecord
from events_app.features.registration.job_kinds import ERASED, TICKET_MAILS, Farewell
from events_app.features.registration.model import RegistrationRecord
from events_app.infra import jobs
from events_app.infra.database import rows
from events_app.infra.world import World
from events_app.kernel.text import called


async def farewells(
    world: World, event: EventRecord, lead: RegistrationRecord, erased: Sequence[RegistrationRecord]
) -> list[Farewell]:
    """What the mails need of those who were sent an entry for their calendar; read before all of it goes."""
    if not world.settings.sends_mail or event.is_over(world.now()) or not lead.email:
        return []
    kinds = ", ".join("{}" for _ in TICKET_MAILS)
    marks = ", ".join("{}" for _ in erased) or "NULL"
    found = await rows(  # index mail_registration
        f"SELECT DISTINCT registration_id FROM mail WHERE status = 'sent' AND kind IN ({kinds})"
        f" AND registration_id IN ({marks})",
        *TICKET_MAILS,
        *(member.id for member in erased),
    )
    told = {each["registration_id"] for each in found}
    return [
        Farewell(
            registration_id=str(member.id),
            to=lead.email,
            name=called(lead.given_name, lead.family_name),
            language=lead.language,
            is_companion=member.id != lead.id,
            sequence=member.calendar_sequence + 2,  # the withdrawal counted one
        )
        for member in erased
        if member.id in told
    ]


async def say_farewell(world: World, event: EventRecord, wanted: Sequence[Farewell]) -> None:
    """After the erasure, in its transaction: what the erasure forgets would take these along."""
    await jobs.enqueue_many(world, ERASED, wanted, event_id=event.id)
