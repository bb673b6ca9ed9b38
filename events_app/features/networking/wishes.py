"""Speed-dating: what people say of each other before the rounds are published."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord, Question, SessionKind, SessionRecord
from events_app.features.networking.errors import WishesClosed
from events_app.features.networking.model import Guest, WishValue
from events_app.features.networking.now import RoomNow, room_now
from events_app.features.networking.queries import networking_session, published_plan
from events_app.features.networking.tables import MeetingWish
from events_app.features.registration.reading import locked
from events_app.infra import audit
from events_app.infra.database import execute, retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, FieldError, InvalidInput, NotFound


class Card(msgspec.Struct, frozen=True):
    """Of the other side, as somebody sees it. `about`: who is named in a wish. A structure knows candidates
    by `number` only: they have no `name`."""

    about: UUID
    number: int
    name: str
    profile: str
    said: list[tuple[str, str]]  # question and answer
    value: WishValue | None


def cards_for(now: RoomNow, person: UUID) -> list[Card] | None:
    """None for whoever is on no side."""
    two, questions = now.two, _shown(now.event, now.settings.shown)
    said = {about: value for (who, about), value in now.wishes.items() if who == person}
    if any(guest.registration_id == person for guest in two.candidates):
        first: dict[int, Guest] = {}
        for post, structure in zip(two.posts, two.structure_of, strict=True):
            first.setdefault(structure, post)
        return [
            _card(post, number + 1, two.structures[number], questions, said.get(post.registration_id))
            for number, post in first.items()
        ]
    if any(guest.registration_id == person for guest in two.posts):
        return [
            _card(guest, number, "", questions, said.get(guest.registration_id))
            for number, guest in enumerate(two.candidates, 1)
        ]
    return None


@retried
async def set_wishes(
    world: World,
    actor: Actor,
    registration_id: UUID,
    code: str,
    wishes: Mapping[UUID, WishValue],
) -> None:
    """All that this person says in this session. Raises `NotFound`, `NotAllowed`, `InvalidInput`,
    `WishesClosed` once the rounds are published."""
    async with unit_of_work():
        registration, event = await locked(actor, registration_id)
        session = await speed_session(event, code)
        now = await room_now(event, session)
        cards = cards_for(now, registration.id)
        if cards is None:
            raise InvalidInput.one("/session", "invalid", N_("This person is on neither side."))
        known = {card.about for card in cards}
        unknown = [about for about in wishes if about not in known]
        if unknown:
            message = N_("One of these people is not on the other side.")
            raise InvalidInput([FieldError("/wishes", "unknown", message)])
        if await published_plan(session.id) is not None:
            raise WishesClosed
        await execute(
            "DELETE FROM meeting_wish WHERE session = {} AND registration = {}", session.id, registration.id
        )
        rows = [
            MeetingWish(
                id=world.new_id(), session=session.id, registration=registration.id, about=about, value=value
            )
            for about, value in wishes.items()
        ]
        if rows:
            await MeetingWish.insert(*rows)
        await audit.record(
            world,
            actor,
            "networking.wished",
            body_id=event.body_id,
            event_id=event.id,
            object_id=registration.id,
            people=len(rows),
        )


async def speed_session(event: EventRecord, code: str) -> SessionRecord:
    """Raises `NotFound`, also for tables."""
    session = await networking_session(event, code)
    if session.kind is not SessionKind.SPEED_DATING:
        raise NotFound
    return session


def _shown(event: EventRecord, codes: list[str]) -> list[Question]:
    return [question for question in event.questions if question.code in codes]


def _card(
    guest: Guest,
    number: int,
    name: str,
    questions: list[Question],
    value: WishValue | None,
) -> Card:
    said = [(question.label, ", ".join(guest.said(question.code))) for question in questions]
    profile = "" if name else guest.profile
    return Card(guest.registration_id, number, name, profile, [pair for pair in said if pair[1]], value)
