"""Rows to test with: an event, its sessions, people registered for it."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from events_app.features.accounts.service import ensure_first_body
from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.events.queries import event_by_id, sessions_of
from events_app.features.events.tables import Event, Session
from events_app.features.registration.model import RegistrationRecord, RegistrationRequest, Source
from events_app.features.registration.queries import registration_by_id
from events_app.features.registration.service import register
from events_app.infra import database as db
from events_app.infra.job_kinds import ClaimedJob, Kind, P, written
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM

WORKSHOPS = ("mental", "confiance", "orientation", "communiquer", "reseauter")


async def make_event(world: World, **fields: Any) -> EventRecord:
    """The Monkey Time of Lens: published, public, forty places, 10 April 2018 from 14:00 to 16:00 in Paris.

    Fields are columns of `Event`; `questions`, `consents` and `profiles` may be lists of records.
    """
    found = await db.row(
        "INSERT INTO counter (name, value) VALUES ('event', 1)"
        " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value"
    )
    assert found is not None
    number = int(found["value"])
    values: dict[str, Any] = {
        "id": world.new_id(),
        "number": number,
        "slug": "monkey-time" if number == 1 else f"monkey-time-{number}",
        "format": "monkey_time",
        "title": "Monkey Time",
        "language": "fr",
        "timezone": "Europe/Paris",
        "starts_at": datetime(2018, 4, 10, 12, 0, tzinfo=UTC),
        "ends_at": datetime(2018, 4, 10, 14, 0, tzinfo=UTC),
        "venue_name": "Maison syndicale des mineurs",
        "venue_address": "32 rue Casimir Beugnet",
        "venue_insee": "62498",
        "venue_commune": "Lens",
        "capacity": 40,
        "visibility": "public",
        "status": "published",
        "published_at": world.now(),
        "calendar_changed_at": world.now(),
        "created_at": world.now(),
        "updated_at": world.now(),
    } | fields
    if "body" not in values:
        values["body"] = await ensure_first_body(world)
    for name in ("questions", "consents", "profiles"):
        if isinstance(values.get(name), list):
            values[name] = msgspec.json.encode(values[name]).decode()
    await Event(**values).save()
    event = await event_by_id(values["id"])
    assert event is not None
    return event


async def make_session(world: World, event: EventRecord, code: str, **fields: Any) -> SessionRecord:
    """A workshop of the slot "ateliers" for eight people, unless `fields` say otherwise."""
    await Session(
        **{
            "id": world.new_id(),
            "event": event.id,
            "code": code,
            "title": code.capitalize(),
            "kind": "workshop",
            "slot": "ateliers",
            "starts_at": event.starts_at,
            "ends_at": event.ends_at,
            "capacity_min": 4,
            "capacity_max": 8,
            "calendar_changed_at": world.now(),
        }
        | fields
    ).save()
    return next(session for session in await sessions_of(event.id) if session.code == code)


async def make_workshops(world: World, event: EventRecord) -> list[SessionRecord]:
    """The five of the Monkey Time."""
    return [
        await make_session(world, event, code, position=position) for position, code in enumerate(WORKSHOPS)
    ]


async def make_registration(world: World, event: EventRecord, **fields: Any) -> RegistrationRecord:
    """By the service, as an organiser's key would: `fields` are those of `RegistrationRequest`."""
    found = await db.row("SELECT count(*) AS n FROM registration")
    number = int(found["n"]) + 1 if found else 1
    values = {
        "email": f"personne{number}@example.org",
        "given_name": "Personne",
        "family_name": f"Numéro {number}",
    } | fields
    answer = await register(world, SYSTEM, event, RegistrationRequest(**values), Source.API)
    assert answer.registration is not None
    return answer.registration


def mail_job(
    world: World, kind: Kind[P], registration: RegistrationRecord, **payload: object
) -> tuple[ClaimedJob, P]:
    """As the worker would have it, to write one mail with."""
    about = kind.payload(registration_id=registration.id, **payload)
    job = ClaimedJob(world.new_id(), kind.name, written(about), registration.event_id, 1, world.now())
    return job, about


async def again(registration: RegistrationRecord) -> RegistrationRecord:
    """As it now stands."""
    found = await registration_by_id(registration.id)
    assert found is not None
    return found
