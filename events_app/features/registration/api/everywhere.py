"""One search over all that a key may see, by the public contract (v1)."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from events_app.features.registration.everywhere import look_everywhere
from events_app.features.registration.model import RegistrationStatus
from events_app.kernel.actor import Actor
from events_app.web.guards import READING, requires


class EventFound(msgspec.Struct, frozen=True):
    slug: str
    title: str
    starts_at: datetime


class PersonFound(msgspec.Struct, frozen=True):
    id: UUID
    event: str
    given_name: str
    family_name: str
    organisation: str
    status: RegistrationStatus


class SessionFound(msgspec.Struct, frozen=True):
    event: str
    code: str
    title: str


class BodyFound(msgspec.Struct, frozen=True):
    slug: str
    name: str


class SearchAnswer(msgspec.Struct, frozen=True):
    events: list[EventFound]
    people: list[PersonFound]
    sessions: list[SessionFound]
    bodies: list[BodyFound]


@get(
    "/search",
    guards=[requires(*READING)],
    tags=["registrations"],
    operation_id="search",
)
async def search(actor: NamedDependency[Actor], q: FromQuery[str] = "") -> SearchAnswer:
    """Events, people, sessions and organisations, twelve of each: every word begins one of theirs.

    Two letters at least. People of the newest events come first.
    """
    found = await look_everywhere(actor, q)
    return SearchAnswer(
        [EventFound(each.slug, each.title, each.starts_at) for each in found.events],
        [
            PersonFound(
                person.id,
                each.event.slug,
                person.given_name,
                person.family_name,
                person.organisation,
                person.status,
            )
            for each in found.people
            for person in [each.registration]
        ],
        [SessionFound(each.slug, each.code, each.title) for each in found.sessions],
        [BodyFound(each.slug, each.name) for each in found.bodies],
    )


ROUTES = [search]
