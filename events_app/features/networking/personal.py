"""A participant's own tables: for the personal page and for the door."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord, EventStatus, SessionKind, SessionRecord
from events_app.features.events.queries import sessions_of
from events_app.features.networking.contacts import Afterwards, afterwards
from events_app.features.networking.model import PlanRecord, SeatRecord
from events_app.features.networking.now import room_now
from events_app.features.networking.queries import (
    announced_of,
    at_the_tables_of,
    guests_of,
    published_plan,
    rounds_of,
    seats_of,
    session_by_id,
    settings_of,
)
from events_app.features.networking.sides import meetings_in, sides_of
from events_app.features.networking.wishes import cards_for
from events_app.features.registration.hooks import PersonalSection
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import group_of
from events_app.infra.world import World

_KINDS = (SessionKind.NETWORKING, SessionKind.SPEED_DATING)
TEMPLATE = "networking/_mine.html"


class MySeat(msgspec.Struct, frozen=True):
    """`whom`: of speed-dating, the structure or the candidate. `beside`: who else sits at the table, of those
    who agreed that their names are shown there."""

    seat: SeatRecord
    whom: str
    beside: list[str] = []


class MySeats(msgspec.Struct, frozen=True):
    """`holder` is empty for the person whose page it is. `wishes`: of speed-dating before it is published,
    how many they have said; None where there is nothing to wish."""

    holder: str
    code: str
    title: str
    room: str
    zone: str
    seats: list[MySeat]
    in_pairs: bool = False
    wishes: int | None = None
    afterwards: Afterwards | None = None


async def my_tables(
    world: World, event: EventRecord, registration: RegistrationRecord
) -> PersonalSection | None:
    """With the companions' on the page of whoever brought them; None while there is nothing to say."""
    if registration.status is not RegistrationStatus.CONFIRMED or event.status is EventStatus.CANCELLED:
        return None
    sessions = [each for each in await sessions_of(event.id) if each.kind in _KINDS]
    if not sessions:
        return None
    group = await group_of(registration.group_id) if registration.leads else [registration]
    seats = await seats_of([member.id for member in group])
    data = []
    for session in sessions:
        plan = await published_plan(session.id)
        partners = await _partners(plan) if plan else {}
        for member in group:
            own = [seat for seat in seats.get(member.id, []) if seat.session_id == session.id]
            beside = await _beside(session, plan, member.id) if plan and own else {}
            mine = [
                MySeat(seat, partners.get((member.id, seat.round), ""), beside.get(seat.round, []))
                for seat in own
            ]
            wishes = None
            if plan is None and member.id == registration.id and world.now() < session.starts_at:
                wishes = await _wishes_said(event, session, member)
            then = await afterwards(world, session, member.id) if member.id == registration.id else None
            if mine or wishes is not None or then is not None:
                data.append(
                    MySeats(
                        holder="" if member.id == registration.id else member.name,
                        code=session.code,
                        title=session.title,
                        room=session.room,
                        zone=event.timezone,
                        seats=[each for each in mine if each.whom] if partners else mine,
                        in_pairs=session.kind is SessionKind.SPEED_DATING,
                        wishes=wishes,
                        afterwards=then,
                    )
                )
    return PersonalSection(TEMPLATE, data) if data else None


class SeatsAppointment(msgspec.Struct, frozen=True):
    """One person's seats in one session, for their calendar. `changed_at`, `revision`: of the plan."""

    session: SessionRecord
    seats: list[MySeat]
    changed_at: datetime
    revision: int


async def appointments_of(event: EventRecord, registration_id: UUID) -> list[SeatsAppointment]:
    """Of published plans."""
    seats = (await seats_of([registration_id])).get(registration_id, [])
    found = []
    for session_id in dict.fromkeys(seat.session_id for seat in seats):
        plan = await published_plan(session_id)
        if plan is None or plan.published_at is None:
            continue
        partners = await _partners(plan)
        mine = [
            MySeat(seat, partners.get((registration_id, seat.round), ""))
            for seat in seats
            if seat.session_id == session_id
        ]
        mine = [each for each in mine if each.whom] if partners else mine
        announced = (await announced_of([plan.id])).get(plan.id, {})
        changed_at = max([plan.published_at, *announced.values()])
        if mine:
            session = await session_by_id(session_id)
            found.append(SeatsAppointment(session, mine, changed_at, plan.revision))
    return found


async def _beside(session: SessionRecord, plan: PlanRecord, person: UUID) -> dict[int, list[str]]:
    """By round; as the settings are now, not when the plan was made."""
    settings, _ = await settings_of(session.id)
    if settings is None or not settings.names_by or plan.settings.sides is not None:
        return {}
    return await at_the_tables_of(person, plan.id, settings.names_by)


async def _partners(plan: PlanRecord) -> dict[tuple[UUID, int], str]:
    """Of speed-dating: whom each meets, by person and round."""
    if plan.settings.sides is None:
        return {}
    guests = {guest.registration_id: guest for guest in await guests_of(plan.event_id)}
    two = sides_of(list(guests.values()), plan.settings.sides)
    found = {}
    for number, _, person, host in meetings_in(await rounds_of(plan), two):
        found[person, number] = guests[host].organisation or guests[host].name
        found[host, number] = guests[person].name
    return found


async def _wishes_said(event: EventRecord, session: SessionRecord, member: RegistrationRecord) -> int | None:
    if session.kind is not SessionKind.SPEED_DATING:
        return None
    cards = cards_for(await room_now(event, session), member.id)
    return None if not cards else sum(card.value is not None for card in cards)


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
