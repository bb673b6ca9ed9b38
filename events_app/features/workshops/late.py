"""After the publication: whoever comes takes what is left, whoever leaves gives the place back.

Handed to registration's hooks by `app.py`; runs inside the transaction of the deed, which holds the event.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.events.queries import event_by_id, sessions_of
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.storage import appointments_changed
from events_app.features.workshops.closing import closes
from events_app.features.workshops.inputs import Offered, workshop_keys
from events_app.features.workshops.model import PlaceSource, RunRecord
from events_app.features.workshops.queries import occupancy_of, places_of, published_runs
from events_app.features.workshops.tables import Place
from events_app.infra import jobs
from events_app.infra.database import execute, point, rows
from events_app.infra.world import World


async def seat_late(world: World, registration: RegistrationRecord) -> None:
    """Nothing happens before the placement is published, nor for somebody who has a place already."""
    # Every registration passes here, also in a rush: one point read, and most are done.
    published = await point(
        "SELECT placement_published_at AS at FROM event WHERE id = {}", registration.event_id
    )
    if not published or published[0]["at"] is None:
        return
    event = await event_by_id(registration.event_id)
    if event is None or registration.status is not RegistrationStatus.CONFIRMED:
        return
    sessions = tuple(session for session in await sessions_of(event.id) if session.is_workshop)
    runs, wishes = await published_runs(event.id), await _wishes(registration)
    places = await places_of(registration.id)
    occupancy = await occupancy_of(event.id)
    keys = workshop_keys(sessions)
    taken = {keys[place.session.id] for place in places if place.session.id in keys}
    seated = False
    for slot in dict.fromkeys(session.slot_key for session in sessions):
        run = next((run for run in runs if run.slot in ("", slot)), None)
        if run is None or any(place.slot == slot for place in places):
            continue
        offered = [s for s in sessions if s.slot_key == slot and keys[s.id] not in taken]
        asked = bool(Offered(sessions).wishes_in(wishes, slot))
        session = choose(offered, wishes, occupancy, fill=fills(run, registration, bool(wishes), asked))
        if session is None:
            continue
        await _seat(world, registration, session, sessions, wishes)
        taken.add(keys[session.id])
        seated = True
    # Companions come one by one behind whoever leads the group: one mail for all of them.
    if seated and (registration.leads or not await places_of(registration.group_id)):
        await jobs.enqueue(world, "mail.placed", event_id=event.id, registration_id=registration.group_id)


def fills(run: RunRecord, registration: RegistrationRecord, has_wishes: bool, asked_here: bool) -> bool:
    """Whether somebody is seated in a slot outside of what they ranked, rather than nowhere."""
    silent = run.request.without_wishes and not has_wishes
    return run.request.anything or (registration.accepts_any and (asked_here or silent))


def choose(
    offered: Sequence[SessionRecord], wishes: Sequence[UUID], occupancy: Mapping[UUID, int], fill: bool
) -> SessionRecord | None:
    """The best wish with a free seat in a workshop that takes place; with `fill`, otherwise the emptiest.

    Nobody is seated alone in a workshop that needs several people.
    """

    def free(session: SessionRecord) -> bool:
        people = occupancy.get(session.id, 0)
        opened = session.takes_place and not closes(session, people)
        return opened and (session.capacity_max is None or people < session.capacity_max)

    possible = {session.id: session for session in offered if free(session)}
    for wish in wishes:
        if wish in possible:
            return possible[wish]
    if not fill or not possible:
        return None
    return min(possible.values(), key=lambda session: (occupancy.get(session.id, 0), session.code))


async def free_place(world: World, registration: RegistrationRecord) -> None:
    """Whoever withdrew leaves their seats to others."""
    await execute("DELETE FROM place WHERE registration = {}", registration.id)


async def _wishes(registration: RegistrationRecord) -> list[UUID]:
    """A companion who ranked nothing has the wishes of whoever came with it."""
    found = await rows(
        "SELECT registration, session FROM preference WHERE registration IN ({}, {}) ORDER BY rank",
        registration.id,
        registration.group_id,
    )
    own = [wish["session"] for wish in found if wish["registration"] == registration.id]
    return own or [wish["session"] for wish in found]


async def _seat(
    world: World,
    registration: RegistrationRecord,
    session: SessionRecord,
    sessions: Sequence[SessionRecord],
    wishes: Sequence[UUID],
) -> None:
    await Place(
        id=world.new_id(),
        registration=registration.id,
        session=session.id,
        slot=session.slot_key,
        rank=Offered(sessions).rank(wishes, session.id),
        source=PlaceSource.LATE.value,
        assigned_at=world.now(),
    ).save()
    await appointments_changed([registration.id], world.now())


async def session_changed(
    world: World, _: EventRecord, before: SessionRecord, _after: SessionRecord, _tell: bool
) -> None:
    """The entries of whoever is placed there say something else now."""
    placed = await rows("SELECT registration FROM place WHERE session = {}", before.id)
    await appointments_changed((place["registration"] for place in placed), world.now())
