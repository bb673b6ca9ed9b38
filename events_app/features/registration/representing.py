"""Who is registered for which commune or structure, at several events."""

from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord
from events_app.features.registration.answers import means_absence
from events_app.features.registration.model import Answer, RegistrationStatus
from events_app.infra.database import rows


class Representative(msgspec.Struct, frozen=True):
    """`excused`: an answer said that this person does not come."""

    registration_id: UUID
    event_id: UUID
    insee: str
    organisation: str
    name: str
    email: str
    confirmed: bool
    excused: bool


async def representatives_of(
    events: Sequence[EventRecord], insees: Collection[str], *, with_organisations: bool
) -> list[Representative]:
    """Of these communes; and of every organisation, where some are looked for by their name."""
    if not events or not (insees or with_organisations):
        return []
    of_event = {event.id: event for event in events}
    marks = ", ".join("{}" for _ in events)
    wanted, args = [], [event.id for event in events]
    if insees:
        wanted.append(f"insee IN ({', '.join('{}' for _ in insees)})")
    if with_organisations:
        wanted.append("organisation <> ''")
    found = await rows(
        "SELECT id, event, insee, organisation, given_name, family_name, email, status, answers"
        f" FROM registration WHERE event IN ({marks}) AND erased_at IS NULL AND ({' OR '.join(wanted)})"
        " ORDER BY event, arrival",
        *args,
        *insees,
    )
    people = []
    for each in found:
        answers = msgspec.json.decode(each["answers"], type=dict[str, Answer])
        confirmed = each["status"] == RegistrationStatus.CONFIRMED
        people.append(
            Representative(
                registration_id=each["id"],
                event_id=each["event"],
                insee=each["insee"] or "",
                organisation=each["organisation"],
                name=f"{each['given_name']} {each['family_name']}".strip(),
                email=each["email"],
                confirmed=confirmed,
                excused=not confirmed and means_absence(of_event[each["event"]].questions, answers),
            )
        )
    return people
