"""After the publication: whoever comes takes what is left, whoever leaves gives the place back.

Handed to registration's hooks by `app.py`; runs inside the transaction of the deed, which holds the event.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.events.queries import sessions_of
from events_app.features.events.telling import told_at
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.storage import appointments_changed
from events_app.features.workshops.inputs import Offered, excludes
from events_app.features.workshops.job_kinds import PLACED
from events_app.features.workshops.model import PlaceSource, RunRecord
from events_app.features.workshops.queries import occupancy_of, places_of, published_runs
from events_app.features.workshops.seating import NewPlace, replace_places
from events_app.features.workshops.tally import closes
from events_app.infra import jobs
from events_app.infra.database import execute, rows
from events_app.infra.world import World

NOBODY_DECIDES_ANY_MORE = timedelta(days=1)  # before the start: then whoever comes is seated at once


async def seat_late(world: World, event: EventRecord, registration: RegistrationRecord) -> None:
    """Nothing happens before the placement is published, nor for somebody who has a place already."""
    if event.placement_published_at is None or registration.status is not RegistrationStatus.CONFIRMED:
        return
    sessions = tuple(session for session in await sessions_of(event.id) if session.is_workshop)
    runs, wishes = await published_runs(event.id), await _wishes(registration)
    held = [place.session for place in await places_of(registration.id)]
    occupancy, offered = await occupancy_of(event.id), Offered(sessions)
    nobody_decides = world.now() >= event.starts_at - NOBODY_DECIDES_ANY_MORE
    seated = False
    for slot in dict.fromkeys(session.slot_key for session in sessions):
        run = next((run for run in runs if run.slot in ("", slot)), None)
        if run is None or any(session.slot_key == slot for session in held):
            continue
        here = [session for session in sessions if session.slot_key == slot]
        possible = [session for session in here if not any(excludes(other, session) for other in held)]
        wanted = offered.wishes_in(wishes, slot)
        fill = fills(run, registration, bool(wishes), bool(wanted))
        session = choose(possible, wanted, occupancy, fill)
        while session and not nobody_decides and await _claimed(registration, session, here, occupancy):
            possible.remove(session)
            session = choose(possible, wanted, occupancy, fill)
        if session is None:
            continue
        rank = offered.rank(wishes, session.id)
        await replace_places(world, [], [NewPlace(registration.id, session, rank, PlaceSource.LATE)])
        held.append(session)
        seated = True
    # Companions come one by one behind whoever leads the group: one mail for all of them.
    if seated and (registration.leads or not await places_of(registration.group_id)):
        await jobs.enqueue(
            world,
            PLACED,
            AboutRegistration(registration.group_id),
            event_id=event.id,
            run_at=told_at(world, event),
        )


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


async def _claimed(
    registration: RegistrationRecord,
    session: SessionRecord,
    slot: Sequence[SessionRecord],
    occupancy: Mapping[UUID, int],
) -> bool:
    """Whether as many people who came before as there are seats would rather have one than their own place.

    They come first; the organiser is shown it and decides (docs/decisions/0061-who-gets-a-freed-seat.md).
    """
    if session.capacity_max is None:
        return False
    free = session.capacity_max - occupancy.get(session.id, 0)
    marks = ", ".join("{}" for _ in slot)
    found = await rows(  # index on preference(session)
        "SELECT 1 AS one FROM preference w JOIN registration r ON r.id = w.registration"
        " WHERE w.session = {} AND r.status = 'confirmed' AND r.arrival < {}"
        " AND NOT EXISTS (SELECT 1 FROM place p LEFT JOIN preference h"
        " ON h.registration = p.registration AND h.session = p.session"
        f" WHERE p.registration = w.registration AND p.session IN ({marks})"
        " AND (p.session = w.session OR h.rank < w.rank)) LIMIT {}",
        session.id,
        registration.arrival,
        *(one.id for one in slot),
        free,
    )
    return len(found) >= free


async def session_changed(
    world: World, _: EventRecord, before: SessionRecord, _after: SessionRecord, _tell: bool
) -> None:
    """The entries of whoever is placed there say something else now."""
    placed = await rows("SELECT registration FROM place WHERE session = {}", before.id)
    await appointments_changed((place["registration"] for place in placed), world.now())
