"""A Monkey Time with people and wishes, for the tests of placement."""

import random

import msgspec

from events_app.app import introduce_features
from events_app.features.events.model import EventRecord
from events_app.features.registration.model import RegistrationRecord
from events_app.infra import database as db
from events_app.infra.world import World
from tests.factories import WORKSHOPS, make_event, make_registration, make_workshops


class Afternoon(msgspec.Struct):
    event: EventRecord
    people: list[RegistrationRecord]

    @property
    def confirmed(self) -> list[RegistrationRecord]:
        return [person for person in self.people if person.status == "confirmed"]


async def afternoon(
    world: World, people: int = 43, seed: int = 1, without_wishes: int = 0, **event: object
) -> Afternoon:
    """Five workshops of eight; the first ones are wanted more. The last `without_wishes` rank nothing."""
    introduce_features()
    found = await make_event(world, **event)
    await make_workshops(world, found)
    chance = random.Random(seed)  # noqa: S311 - wishes to test with, no secret
    registered = []
    for number in range(people):
        weighted = sorted(WORKSHOPS, key=lambda code: chance.random() * (1 + WORKSHOPS.index(code)))
        wishes = [] if number >= people - without_wishes else weighted[:3]
        registered.append(
            await make_registration(world, found, preferences=wishes, family_name=f"Numéro {number + 1:02}")
        )
    return Afternoon(found, registered)


async def jobs_of(kind: str) -> int:
    found = await db.row("SELECT count(*) AS n FROM job WHERE kind = {}", kind)
    return int(found["n"]) if found else 0
