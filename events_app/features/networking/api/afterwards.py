"""Afterwards by the public contract (v1): who would meet again, the contacts that pass, the report."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from events_app.features.events.queries import visible_event
from events_app.features.networking import contacts
from events_app.features.networking.mutual import Report
from events_app.features.networking.reporting import Outcome, outcome_of
from events_app.infra.database import read_snapshot
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.web.guards import ORGANISING, READING, requires

TAGS = ["rooms"]
_ROOM = "/events/{slug:str}/sessions/{code:str}/room"
MOST = 1000


class MeetAgain(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"others": "with"}):
    """All whom somebody would like to meet again."""

    others: Annotated[list[UUID], msgspec.Meta(max_length=MOST)]


class PassedPair(msgspec.Struct, frozen=True):
    a: UUID
    b: UUID


class Mutual(msgspec.Struct, frozen=True):
    """Whose contacts have passed to each other. Nobody before `passes_at`, unless the organiser said so."""

    passes_at: datetime
    passed_at: datetime | None
    pairs: list[PassedPair]


@put(
    "/registrations/{registration_id:uuid}/again",
    guards=[requires(*ORGANISING, or_participant=True)],
    status_code=204,
    tags=TAGS,
    operation_id="sayAgain",
)
async def say_again(
    registration_id: FromPath[UUID],
    data: JSONBody[MeetAgain],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    session: FromQuery[str | None] = None,
) -> None:
    """Whom somebody would like to meet again, of those they met; in one session, or in all.

    It can be taken back until the contacts pass, and is shown to nobody else.
    """
    await contacts.say_again(world, actor, registration_id, session, data.others)


@post(
    f"{_ROOM}/release",
    guards=[requires(*ORGANISING)],
    status_code=200,
    tags=TAGS,
    operation_id="releaseContacts",
)
async def release(
    slug: FromPath[str],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Mutual:
    """Contacts pass now, where both said so: to these two alone, by mail and on their pages."""
    event = await visible_event(actor, slug)
    await contacts.release(world, actor, event, code)
    return _mutual(await _outcome(world, actor, slug, code))


@get(f"{_ROOM}/mutual", guards=[requires(*ORGANISING)], tags=TAGS, operation_id="readMutual")
async def read_mutual(
    slug: FromPath[str],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Mutual:
    """Whose contacts have passed to each other. What one person alone says is shown to nobody."""
    return _mutual(await _outcome(world, actor, slug, code))


@get(f"{_ROOM}/report", guards=[requires(*READING)], tags=TAGS, operation_id="readReport")
async def read_report(
    slug: FromPath[str],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Report:
    """Wishes that came about, people who met two or more, meetings that were held, those wished again."""
    return (await _outcome(world, actor, slug, code)).report


async def _outcome(world: World, actor: Actor, slug: str, code: str) -> Outcome:
    async with read_snapshot():
        return await outcome_of(world, actor, await visible_event(actor, slug), code)


def _mutual(outcome: Outcome) -> Mutual:
    pairs = [PassedPair(one.registration_id, other.registration_id) for one, other in outcome.pairs]
    return Mutual(outcome.passes_at, outcome.passed_at, pairs)


ROUTES = [say_again, release, read_mutual, read_report]
