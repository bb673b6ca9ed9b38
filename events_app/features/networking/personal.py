"""A participant's own tables: for the personal page and for the door."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.events.queries import sessions_of
from events_app.features.networking.model import SeatRecord
from events_app.features.networking.queries import seats_of, session_by_id
from events_app.features.registration.hooks import PersonalSection
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import group_of
from events_app.infra.world import World

TEMPLATE = "networking/_mine.html"


class MySeats(msgspec.Struct, frozen=True):
    """`holder` is empty for the person whose page it is."""

    holder: str
    title: str
    room: str
    zone: str
    seats: list[SeatRecord]


async def my_tables(
    world: World, event: EventRecord, registration: RegistrationRecord
) -> PersonalSection | None:
    """With the companions' on the page of whoever brought them; None while no plan is published."""
    if registration.status is not RegistrationStatus.CONFIRMED:
        return None
    group = await group_of(registration.group_id) if registration.leads else [registration]
    seats = await seats_of([member.id for member in group])
    if not seats:
        return None
    sessions = {session.id: session for session in await sessions_of(event.id)}
    data = [
        MySeats(
            holder="" if member.id == registration.id else member.name,
            title=session.title,
            room=session.room,
            zone=event.timezone,
            seats=own,
        )
        for member in group
        for session in sessions.values()
        if (own := [seat for seat in seats.get(member.id, []) if seat.session_id == session.id])
    ]
    return PersonalSection(TEMPLATE, data)


async def tables_of_each(
    registration_ids: Sequence[UUID],
) -> dict[UUID, list[tuple[SessionRecord, list[SeatRecord]]]]:
    """By person and session, in order of time: for the door. Constant in the number of people."""
    seats = await seats_of(registration_ids)
    wanted = {seat.session_id for own in seats.values() for seat in own}
    sessions = {session_id: await session_by_id(session_id) for session_id in wanted}
    return {
        registration_id: [
            (sessions[session_id], [seat for seat in own if seat.session_id == session_id])
            for session_id in dict.fromkeys(seat.session_id for seat in own)
        ]
        for registration_id, own in seats.items()
    }
