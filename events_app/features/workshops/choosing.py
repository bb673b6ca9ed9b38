"""Places that people take themselves, in sessions whose `choice` is `places`: first come, first served.

They are rows of `place` as those of a placement are, so that calendars, tickets, lists and the door know
them. The event's lock makes each choice see all choices before it.
"""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import msgspec

from events_app.features.events.model import SessionRecord
from events_app.features.events.queries import sessions_of
from events_app.features.registration import choices
from events_app.features.registration.access import may_decide
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import group_of, registration_by_id
from events_app.features.registration.reading import locked
from events_app.features.registration.rules import NotPossibleNow
from events_app.features.registration.storage import revised
from events_app.features.workshops.model import PlaceSource
from events_app.features.workshops.queries import occupancy_of, places_of
from events_app.features.workshops.seating import NewPlace, PresentPlace, replace_places
from events_app.infra import audit
from events_app.infra.database import retried, rows, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor


@retried
async def choose(
    world: World,
    actor: Actor,
    registration_id: UUID,
    codes: Sequence[str],
    expected_revision: int | None = None,
) -> RegistrationRecord:
    """These sessions and no others; whoever leads a group chooses for all of it.

    Raises `InvalidInput`, `SessionFull`, `SessionOverlap`, `NotFound`, `NotAllowed`, `RevisionMismatch`;
    `NotPossibleNow` to whoever is not registered, and to a participant who wants what has begun.
    """
    async with unit_of_work():
        registration, event = await locked(actor, registration_id, expected_revision)
        if not registration.status.is_active:
            raise NotPossibleNow(status=registration.status.value)
        sessions = await sessions_of(event.id)
        wanted = choices.chosen(codes, sessions)
        group = await group_of(registration.group_id) if registration.leads else [registration]
        people = [member for member in group if member.status.is_active]
        present = await _present([member.id for member in people])
        if not may_decide(actor, event):
            begun = [each for each in sessions if each.starts_at <= world.now()]
            wanted = _with_begun(registration, wanted, present, begun)
        await _check(event.id, wanted, people, present)
        gone, fresh = _difference(wanted, people, present, {each.id: each for each in sessions})
        if not gone and not fresh:
            return registration
        await replace_places(world, gone, fresh)
        await revised(registration.id)
        await audit.record(
            world,
            actor,
            "registration.sessions_chosen",
            body_id=event.body_id,
            event_id=event.id,
            object_id=registration.id,
        )
        return await registration_by_id(registration.id) or registration


async def seat(world: World, places: list[tuple[UUID, SessionRecord]]) -> None:
    """Of whoever just registers; there is room, as was seen behind the same lock."""
    fresh = [NewPlace(person, session, None, PlaceSource.CHOSEN) for person, session in places]
    await replace_places(world, [], fresh)


async def keep_what_fits(world: World, registration: RegistrationRecord) -> None:
    """Somebody who waited, or had to be accepted, has a place at the event now: in the sessions that they
    chose then, where others have not taken all places meanwhile."""
    present = await _present([registration.id])
    if not present:
        return
    taken = await occupancy_of(registration.event_id)
    sessions = {each.id: each for each in await sessions_of(registration.event_id)}
    gone = [
        place
        for place in present
        if (most := sessions[place.session_id].capacity_max) is not None and taken[place.session_id] > most
    ]
    await replace_places(world, gone, [])


def _with_begun(
    registration: RegistrationRecord,
    wanted: Sequence[SessionRecord],
    present: Sequence[PresentPlace],
    begun: Sequence[SessionRecord],
) -> list[SessionRecord]:
    """What has begun is neither taken nor left any more, except by the organiser."""
    mine = {place.session_id for place in present if place.registration_id == registration.id}
    if any(session in begun and session.id not in mine for session in wanted):
        raise NotPossibleNow(status=registration.status.value)
    kept = [session for session in begun if session.id in mine and session.is_chosen]
    return [*kept, *(session for session in wanted if session not in begun)]


async def _check(
    event_id: UUID,
    wanted: Sequence[SessionRecord],
    people: Sequence[RegistrationRecord],
    present: Sequence[PresentPlace],
) -> None:
    confirmed = [each.id for each in people if each.status is RegistrationStatus.CONFIRMED]
    placed = [place.session for each in confirmed for place in await places_of(each)]
    choices.check_hours(wanted, [session for session in placed if not session.is_chosen])
    own = Counter(place.session_id for place in present if place.registration_id in confirmed)
    new = [session for session in wanted if own[session.id] < len(confirmed)]
    taken = Counter(await occupancy_of(event_id))
    taken.subtract(own)
    choices.check_room(new, taken, len(confirmed))


def _difference(
    wanted: Sequence[SessionRecord],
    people: Sequence[RegistrationRecord],
    present: Sequence[PresentPlace],
    sessions: dict[UUID, SessionRecord],
) -> tuple[list[PresentPlace], list[NewPlace]]:
    """What goes and what comes; a session instead of another of the same hours takes over its appointment."""
    gone: list[PresentPlace] = []
    fresh: list[NewPlace] = []
    for member in people:
        own = [place for place in present if place.registration_id == member.id]
        leaving = [place for place in own if place.session_id not in {each.id for each in wanted}]
        gone += leaving
        for session in wanted:
            if any(place.session_id == session.id for place in own):
                continue
            before = next((p for p in leaving if choices.at_once(sessions[p.session_id], session)), None)
            if before is not None:
                leaving.remove(before)
            fresh.append(NewPlace(member.id, session, None, PlaceSource.CHOSEN, before))
    return gone, fresh


async def _present(registration_ids: Sequence[UUID]) -> list[PresentPlace]:
    """Chosen places, also of those who have none at the event yet (index on place(registration))."""
    marks = ", ".join("{}" for _ in registration_ids) or "NULL"
    found = await rows(
        "SELECT p.id, p.registration AS registration_id, p.slot AS entry_key, p.session AS session_id,"
        " p.rank, p.calendar_sequence FROM place p JOIN session s ON s.id = p.session AND s.choice = 'places'"
        f" WHERE p.registration IN ({marks})",
        *registration_ids,
    )
    return [msgspec.convert(line, PresentPlace) for line in found]


async def chosen_by_person(registration_id: UUID) -> list[UUID]:
    """Sessions."""
    return (await chosen_by_each([registration_id])).get(registration_id, [])


async def chosen_by_each(registration_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Without those who chose nothing."""
    found: dict[UUID, list[UUID]] = {}
    for place in await _present(registration_ids):
        found.setdefault(place.registration_id, []).append(place.session_id)
    return found
