"""A networking session as it now is: who takes part, how it is held, what people wish."""

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord, SessionKind, SessionRecord
from events_app.features.networking.arrangement import quality_of, suggested, tables_for
from events_app.features.networking.model import Guest, PlanRecord, Quality, RoomSettings, Rounds, Wishes
from events_app.features.networking.queries import guests_of, settings_of, wishes_of
from events_app.features.networking.sides import (
    TwoSides,
    quality_of_meetings,
    sides_of,
    suggested_meetings,
)


class RoomNow(msgspec.Struct, frozen=True):
    """`settings`: what was saved, else what is proposed; `saved` tells which."""

    event: EventRecord
    session: SessionRecord
    guests: list[Guest]
    settings: RoomSettings
    saved: bool
    revision: int
    wishes: Wishes

    @property
    def meets_in_pairs(self) -> bool:
        return self.session.kind is SessionKind.SPEED_DATING

    @property
    def two(self) -> TwoSides:
        return sides_of(self.guests, self.settings.sides)

    @property
    def tables(self) -> int:
        return len(self.two.posts) if self.meets_in_pairs else tables_for(self.settings, len(self.guests))

    @property
    def known(self) -> dict[UUID, Guest]:
        return {guest.registration_id: guest for guest in self.guests}

    @property
    def digest(self) -> str:
        return digest_of(self.guests, self.settings, self.wishes)


async def room_now(event: EventRecord, session: SessionRecord) -> RoomNow:
    guests = await guests_of(event.id)
    saved, revision = await settings_of(session.id)
    available = session.ends_at - session.starts_at
    in_pairs = session.kind is SessionKind.SPEED_DATING
    if saved is not None:
        settings = saved
    elif in_pairs:
        settings = suggested_meetings(guests, event.questions, available)
    else:
        settings = suggested(len(guests), available)
    wishes = await wishes_of(session.id) if in_pairs else {}
    return RoomNow(event, session, guests, settings, saved is not None, revision, wishes)


def digest_of(guests: Sequence[Guest], settings: RoomSettings, wishes: Wishes) -> str:
    """Of all that decides a plan but the seed. Names decide nothing, unless they are of structures."""
    if settings.sides is None:
        people = [[str(guest.registration_id), guest.trait(settings.mix)] for guest in guests]
    else:
        two = sides_of(guests, settings.sides)
        people = [
            [name, *(f"{guest.registration_id} {guest.organisation}" for guest in side)]
            for name, side in (("a", two.candidates), ("b", two.posts))
        ]
    settings = msgspec.structs.replace(settings, names_by="")  # decides what is shown, not who sits where
    wished = sorted([str(who), str(about), value] for (who, about), value in wishes.items())
    return hashlib.sha256(msgspec.json.encode([people, settings, wished])).hexdigest()


def quality_in(plan: PlanRecord, rounds: Rounds, guests: Mapping[UUID, Guest], wishes: Wishes) -> Quality:
    """Counted from the seats themselves, whoever moved them."""
    if plan.settings.sides is None:
        return quality_of(rounds, guests, plan.settings, plan.possible)
    return quality_of_meetings(rounds, guests, plan.settings, plan.possible, wishes)
