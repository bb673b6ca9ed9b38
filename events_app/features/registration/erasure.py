"""Own data: handed out, erased on demand, erased when kept long enough.

What stays of an erased registration is that somebody was registered and whether they came: a status, a date,
scans without a name.
"""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import sessions_of
from events_app.features.registration import hooks, links, storage
from events_app.features.registration.farewell import farewells, say_farewell
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import group_of, preferences_of_one, registration_by_id
from events_app.features.registration.reading import locked
from events_app.features.registration.service import promote_waiting
from events_app.infra import audit, outbox
from events_app.infra.database import execute, retried, row, rows, unit_of_work
from events_app.infra.forgetting import forget_object, leave_no_trace
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Actor
from events_app.kernel.ids import token_hash
from events_app.kernel.text import fold_email

KEPT_AFTER_EVENT = timedelta(days=396)  # thirteen months: the next yearly edition can still be prepared
AT_ONCE = 200


class OwnData(msgspec.Struct, frozen=True):
    """All that is kept of one registration, as its person may have it (GDPR articles 15 and 20).
    `taking_part`: what the features above keep. What others said of this person is theirs, and not here."""

    event: dict[str, str]
    registration: RegistrationRecord
    companions: list[RegistrationRecord]
    preferences: list[str]
    tags: list[str]
    notes: list[dict[str, object]]
    consents: list[dict[str, object]]
    mails: list[dict[str, object]]
    taking_part: dict[str, object]
    exported_at: datetime


async def own_data(world: World, event: EventRecord, registration: RegistrationRecord) -> OwnData:
    codes = {session.id: session.title for session in await sessions_of(event.id)}
    group = await group_of(registration.group_id) if registration.leads else []
    return OwnData(
        event={"title": event.title, "starts_at": event.starts_at.isoformat(), "organiser": event.body_name},
        registration=registration,
        companions=[member for member in group if not member.leads],
        preferences=[codes[wish] for wish in await preferences_of_one(registration.id)],
        tags=[
            each["tag"]
            for each in await rows(
                "SELECT tag FROM registration_tag WHERE registration = {} ORDER BY tag", registration.id
            )
        ],
        notes=await rows(
            "SELECT text, written_at FROM registration_note WHERE registration = {} ORDER BY written_at, id",
            registration.id,
        ),
        consents=await rows(
            "SELECT code, purpose, given_at, withdrawn_at FROM consent WHERE registration = {}"
            " ORDER BY given_at, code",
            registration.id,
        ),
        mails=await outbox.mails_of(registration.id),
        taking_part=await hooks.own_data(event, registration),
        exported_at=world.now(),
    )


async def erase(world: World, actor: Actor, registration_id: UUID) -> None:
    """Of whoever leads a group, also the companions whom this person named. Before the end of the event
    their places go to the next in line. Repeating it changes nothing. Raises `NotFound`, `NotAllowed`."""
    await _erase(world, actor, registration_id)
    await leave_no_trace()


@retried
async def _erase(world: World, actor: Actor, registration_id: UUID) -> None:
    async with unit_of_work():
        registration, event = await locked(actor, registration_id)
        group = await group_of(registration.group_id) if registration.leads else [registration]
        group = [member for member in group if member.erased_at is None]
        lead = registration if registration.leads else await registration_by_id(registration.group_id)
        last_mails = await farewells(world, event, lead or registration, group)
        active = [member for member in group if member.status.is_active]
        if active and not event.is_over(world.now()):
            ids = [member.id for member in active]
            await storage.set_status(ids, RegistrationStatus.CANCELLED, world.now())
            for member in active:
                await hooks.withdrawn(world, member)
            await promote_waiting(world, event)
        for member in group:
            await _erase_row(world, member)
        await say_farewell(world, event, last_mails)
        if group:
            await audit.record(
                world,
                actor,
                "registration.erased",
                body_id=event.body_id,
                event_id=event.id,
                object_id=registration.id,
                people=len(group),
            )


async def erase_expired(world: World, kept: timedelta = KEPT_AFTER_EVENT) -> int:
    """Erase people of events that ended so long ago; how many. In handfuls, so that nobody waits for it."""
    erased = 0
    while True:
        event = await row(
            "SELECT e.id FROM event e WHERE e.ends_at < {} AND ("
            " EXISTS (SELECT 1 FROM registration r WHERE r.event = e.id AND r.erased_at IS NULL)"
            " OR EXISTS (SELECT 1 FROM invitation i WHERE i.event = e.id)"
            " OR EXISTS (SELECT 1 FROM mail m WHERE m.event_id = e.id)) LIMIT 1",
            world.now() - kept,
        )
        if event is None:
            await leave_no_trace()
            return erased
        erased += await _erase_some(world, event["id"], kept)


@retried
async def _erase_some(world: World, event_id: UUID, kept: timedelta) -> int:
    async with unit_of_work():
        event = await held(event_id)
        if event.ends_at >= world.now() - kept:
            return 0
        due = await rows(
            "SELECT id FROM registration WHERE event = {} AND erased_at IS NULL ORDER BY id LIMIT {}",
            event_id,
            AT_ONCE,
        )
        for found in due:
            if (registration := await registration_by_id(found["id"])) is not None:
                await _erase_row(world, registration)
        if len(due) < AT_ONCE:  # whoever was invited and never came
            await execute("DELETE FROM invitation WHERE event = {}", event_id)
            await outbox.forget_event(event_id)
        if due:
            await audit.record(
                world,
                SYSTEM,
                "registration.erased_expired",
                body_id=event.body_id,
                event_id=event_id,
                people=len(due),
            )
        return len(due)


async def _erase_row(world: World, registration: RegistrationRecord) -> None:
    """Names, address, answers, wishes, agreements and mails go; the links stop working."""
    generation = registration.token_generation + 1
    found = await row("SELECT email, new_email FROM registration WHERE id = {}", registration.id)
    addresses = list(found.values()) if found else []
    await execute(
        "UPDATE registration SET email = '', email_folded = {}, new_email = '', former_token_hash = NULL,"
        " given_name = '', family_name = '',"
        " search_words = '', organisation = '', insee = NULL, commune = '', profile = '', answers = {},"
        " status_reason = '',"
        " token_generation = {}, token_hash = {}, feed_hash = {}, ticket_generation = ticket_generation + 1,"
        " erased_at = {}, revision = revision + 1 WHERE id = {}",
        f"erased:{registration.id}",  # unique, as addresses of active registrations must be
        "{}",
        generation,
        token_hash(links.manage_token(world, registration.id, generation)),
        token_hash(links.feed_token(world, registration.id, generation)),
        world.now(),
        registration.id,
    )
    await execute("DELETE FROM preference WHERE registration = {}", registration.id)
    await execute("DELETE FROM consent WHERE registration = {}", registration.id)
    await execute("DELETE FROM registration_tag WHERE registration = {}", registration.id)
    await execute("DELETE FROM registration_note WHERE registration = {}", registration.id)
    await outbox.forget_registration(registration.id, registration.group_id)
    for address in filter(None, addresses):
        await outbox.forget_address(registration.event_id, address)
        await execute(
            "DELETE FROM invitation WHERE event = {} AND email_folded = {}",
            registration.event_id,
            fold_email(address),
        )
    await forget_object(registration.id)
    await hooks.erased(world, registration)
