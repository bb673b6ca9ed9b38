"""What participants see of their places, and coaches of who comes to their sessions."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from events_app.features.events.access import may_see_session_people
from events_app.features.events.model import EventRecord, EventStatus, SessionRecord
from events_app.features.events.queries import event_by_id, session_record, sessions_of
from events_app.features.registration.hooks import PersonalSection
from events_app.features.registration.model import Answer, RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import answers_of, group_of
from events_app.features.workshops.inputs import Offered
from events_app.features.workshops.model import PlaceRecord, RunRecord, SeatedPerson
from events_app.features.workshops.queries import (
    people_in,
    places_of_each,
    published_runs,
    ranks_in,
    wishes_of_each,
)
from events_app.infra.database import rows
from events_app.infra.world import World
from events_app.kernel.actor import Actor

TEMPLATE = "workshops/_mine.html"


class Why(StrEnum):
    CLOSED = "closed"  # it does not take place
    FULL = "full"
    FREE = "free"  # since the publication: the organiser decides who gets it


class Missed(msgspec.Struct, frozen=True):
    """A workshop that somebody wished for and does not have."""

    session: SessionRecord
    why: Why
    there: tuple[tuple[int | None, int], ...] = ()
    """Of a full one: how many of those there had it as which wish, best first; None: had not ranked it."""

    @property
    def people(self) -> int:
        return sum(number for _, number in self.there)


class MyPlace(msgspec.Struct, frozen=True):
    """`rank`: among the wishes as they are now; None: outside of them. `missed`: better wishes; those that do
    not take place first. `seed`: the number of the draw."""

    session: SessionRecord
    rank: int | None
    missed: list[Missed]
    seed: int = 0


class MyPlaces(msgspec.Struct, frozen=True):
    """`holder` is empty for the person whose page it is. `without`: for each slot where one asked for a place
    and has none, why. `asked`: for anything at all."""

    holder: str
    places: list[MyPlace]
    without: list[list[Missed]]
    asked: bool


async def my_places(
    world: World, event: EventRecord, registration: RegistrationRecord
) -> PersonalSection | None:
    """With the companions' places on the page of whoever brought them; None before the publication."""
    if event.placement_published_at is None or registration.status is not RegistrationStatus.CONFIRMED:
        return None
    group = await group_of(registration.group_id) if registration.leads else [registration]
    confirmed = [member for member in group if member.status is RegistrationStatus.CONFIRMED]
    places = await places_of_each([member.id for member in confirmed])
    wishes = await wishes_of_each([*(member.id for member in confirmed), registration.group_id])
    workshops = [session for session in await sessions_of(event.id) if session.is_workshop]
    seated, runs = await ranks_in(event.id), await published_runs(event.id)
    return PersonalSection(
        TEMPLATE,
        [
            places_and_reasons(
                "" if member.id == registration.id else member.name,
                places.get(member.id, []),
                wishes.get(member.id) or wishes.get(registration.group_id) or [],
                workshops,
                seated,
                runs,
            )
            for member in confirmed
        ],
    )


async def closed_wishes(
    world: World, event: EventRecord, registration: RegistrationRecord
) -> list[SessionRecord]:
    """Workshops that do not take place and that somebody, or who came along, wished for more than theirs."""
    section = await my_places(world, event, registration)
    found: dict[UUID, SessionRecord] = {}
    for mine in section.data if section else ():
        missed = [one for place in mine.places for one in place.missed]
        missed += [one for slot in mine.without for one in slot]
        found |= {one.session.id: one.session for one in missed if one.why is Why.CLOSED}
    return list(found.values())


def places_and_reasons(
    holder: str,
    places: Sequence[PlaceRecord],
    wishes: Sequence[UUID],
    workshops: Sequence[SessionRecord],
    seated: Mapping[UUID, Sequence[tuple[int | None, int]]],
    runs: Sequence[RunRecord],
) -> MyPlaces:
    """Pure."""
    offered, by_id = Offered(workshops), {session.id: session for session in workshops}
    decided = {
        session.slot_key for session in workshops if any(r.slot in ("", session.slot_key) for r in runs)
    }
    held = {place.session.slot_key: place for place in places}
    mine, without = [], []
    for slot in dict.fromkeys(session.slot_key for session in workshops):
        wanted = [by_id[wish] for wish in offered.wishes_in(wishes, slot)]
        place = held.get(slot)
        if place is not None:
            rank = offered.rank(wishes, place.session.id)
            better = wanted[: rank - 1] if rank else wanted
            missed = sorted((_missed(each, seated) for each in better), key=lambda one: one.why != Why.CLOSED)
            run = next((run for run in runs if run.slot in ("", slot)), None)
            mine.append(MyPlace(place.session, rank, missed, run.seed if run else 0))
        elif wanted and slot in decided:
            without.append([_missed(each, seated) for each in wanted])
    return MyPlaces(holder, mine, without, asked=bool(wishes))


def _missed(session: SessionRecord, seated: Mapping[UUID, Sequence[tuple[int | None, int]]]) -> Missed:
    if not session.takes_place:
        return Missed(session, Why.CLOSED)
    there = tuple(seated.get(session.id, ()))
    most = session.capacity_max
    if most is None or sum(number for _, number in there) < most:
        return Missed(session, Why.FREE)
    return Missed(session, Why.FULL, there)


SHOWN_AFTERWARDS = timedelta(days=30)


class CoachedSession(msgspec.Struct, frozen=True):
    event: EventRecord
    session: SessionRecord
    people: list[SeatedPerson]
    answers: dict[UUID, list[tuple[str, Answer]]] = {}
    """By registration: question and answer, of the questions that are meant for the coach."""


async def sessions_of_coach(actor: Actor, now: datetime) -> list[CoachedSession]:
    """Coming ones first, and those of the last month, in order of time; without cancelled events."""
    found = await rows(
        "SELECT * FROM session WHERE coach_account_id = {} AND ends_at > {} ORDER BY starts_at, code",
        actor.id,
        now - SHOWN_AFTERWARDS,
    )
    coached = []
    for session in (session_record(line) for line in found):
        event = await event_by_id(session.event_id)
        if event is None or event.status is EventStatus.CANCELLED:
            continue
        if may_see_session_people(actor, event, session):
            people = await people_in(session.id)
            coached.append(CoachedSession(event, session, people, await _answers_for_coach(event, people)))
    return coached


async def _answers_for_coach(
    event: EventRecord, people: list[SeatedPerson]
) -> dict[UUID, list[tuple[str, Answer]]]:
    meant = [question for question in event.questions if question.for_coach]
    if not meant:
        return {}
    given = await answers_of([person.registration_id for person in people])
    return {
        registration_id: [(each.label, answers[each.code]) for each in meant if each.code in answers]
        for registration_id, answers in given.items()
    }
