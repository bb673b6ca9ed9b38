"""Borrowed phones: enrolled by a link that works once and for ten minutes, bound to one event, revocable."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from events_app.features.admission.tables import DoorDevice
from events_app.features.events.access import may_edit
from events_app.features.events.model import EventRecord
from events_app.infra import audit
from events_app.infra.database import execute, point, row, rows, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor, ActorKind, Role
from events_app.kernel.errors import N_, AppError, FieldError, InvalidInput, NotAllowed, NotFound
from events_app.kernel.ids import token_hash
from events_app.kernel.text import clean_line

ENROL_WITHIN: Final = timedelta(minutes=10)
VALID_AFTER_THE_END: Final = timedelta(days=1)
_SEEN_EVERY: Final = timedelta(minutes=1)


class DeviceRecord(Struct, frozen=True):
    id: UUID
    event_id: UUID
    gate: str
    label: str
    kiosk: bool
    created_at: datetime
    enrol_expires_at: datetime
    enrolled_at: datetime | None
    last_seen_at: datetime | None
    revoked_at: datetime | None

    def state(self, now: datetime) -> str:
        if self.revoked_at is not None:
            return "revoked"
        if self.enrolled_at is not None:
            return "enrolled"
        return "offered" if now < self.enrol_expires_at else "expired"


class DoorLinkSpent(AppError):
    type = "door-link-spent"
    status = 410
    title = N_("This link was used already")
    detail = N_(
        "A link for a phone at the door works once, within ten minutes. Ask whoever gave it to you for a new"
        " one. Members of the organisation need none: they sign in and open the door from the event's page."
    )


class Enrolment(Struct, frozen=True):
    """What the phone gets: its secret (shown this once) and where to go."""

    device_token: str
    door_path: str
    valid_until: datetime


_LENDER_HAS_ACCESS = (
    "(d.created_by IS NULL OR EXISTS (SELECT 1 FROM membership m JOIN account a ON a.id = m.account"
    " JOIN event e ON e.body = m.body"
    " WHERE m.account = d.created_by AND e.id = d.event AND a.disabled_at IS NULL))"
)
"""Of a device `d`: a phone is lent in somebody's name, and is given back when that person's access ends."""
_COLUMNS = (
    "id, event AS event_id, gate, label, kiosk, created_at, enrol_expires_at, enrolled_at, last_seen_at,"
    " revoked_at"
)


async def offer_enrolment(
    world: World, actor: Actor, event: EventRecord, gate: str, label: str, *, kiosk: bool = False
) -> tuple[DeviceRecord, str]:
    """The device and the secret part of its link, shown this once. Raises `NotAllowed`, `InvalidInput`."""
    if not may_edit(actor, event):
        raise NotAllowed
    gate, label = clean_line(gate), clean_line(label)
    errors = []
    if not 1 <= len(gate) <= 80:
        errors.append(FieldError("/gate", "length", N_("Please name the gate in 1 to 80 characters.")))
    if len(label) > 120:
        errors.append(FieldError("/label", "length", N_("Please shorten this to 120 characters.")))
    if errors:
        raise InvalidInput(errors)
    token, now = world.new_token(), world.now()
    device_id = world.new_id()
    async with unit_of_work():
        await DoorDevice(
            id=device_id,
            event=event.id,
            gate=gate,
            label=label,
            kiosk=kiosk,
            enrol_hash=token_hash(token),
            enrol_expires_at=now + ENROL_WITHIN,
            created_at=now,
            created_by=actor.id if actor.kind is ActorKind.ACCOUNT else None,
        ).save()
        await audit.record(
            world,
            actor,
            "door_device.offered",
            body_id=event.body_id,
            event_id=event.id,
            object_id=device_id,
        )
    found = await row(f"SELECT {_COLUMNS} FROM door_device WHERE id = {{}}", device_id)
    return msgspec.convert(found, DeviceRecord), token


async def linked(token: str) -> DeviceRecord:
    """The device of a link, whatever has become of it. Raises `NotFound`."""
    found = await row(f"SELECT {_COLUMNS} FROM door_device WHERE enrol_hash = {{}}", token_hash(token))
    if found is None:
        raise NotFound
    return msgspec.convert(found, DeviceRecord)


async def offered(world: World, token: str) -> DeviceRecord:
    """The device that a link would enrol. Raises `NotFound`; `DoorLinkSpent` once it is used, too old or
    revoked."""
    device = await linked(token)
    if device.state(world.now()) != "offered":
        raise DoorLinkSpent
    if (
        await row(f"SELECT 1 AS one FROM door_device d WHERE d.id = {{}} AND {_LENDER_HAS_ACCESS}", device.id)
        is None
    ):
        raise DoorLinkSpent
    return device


async def enrol(world: World, token: str) -> Enrolment:
    """Of two phones with one link, one is enrolled. Raises `NotFound`, `DoorLinkSpent`."""
    await offered(world, token)
    secret, now = world.new_token(), world.now()
    async with unit_of_work():
        taken = await rows(
            "UPDATE door_device SET token_hash = {}, enrolled_at = {}, last_seen_at = {}"
            " WHERE enrol_hash = {} AND enrolled_at IS NULL AND revoked_at IS NULL AND enrol_expires_at > {}"
            " RETURNING event, kiosk",
            token_hash(secret),
            now,
            now,
            token_hash(token),
            now,
        )
        if not taken:
            raise DoorLinkSpent
        event = await row("SELECT slug, ends_at FROM event WHERE id = {}", taken[0]["event"])
    if event is None:
        raise NotFound
    path = door_path(event["slug"], bool(taken[0]["kiosk"]))
    return Enrolment(secret, path, event["ends_at"] + VALID_AFTER_THE_END)


def door_path(slug: str, kiosk: bool) -> str:
    return f"/kiosk/{slug}" if kiosk else f"/door/{slug}"


async def revoke(world: World, actor: Actor, event: EventRecord, device_id: UUID) -> None:
    """At once: its next request is a stranger's. Raises `NotAllowed`, `NotFound`."""
    if not may_edit(actor, event):
        raise NotAllowed
    async with unit_of_work():
        done = await execute(
            "UPDATE door_device SET revoked_at = {} WHERE id = {} AND event = {} AND revoked_at IS NULL",
            world.now(),
            device_id,
            event.id,
        )
        if not done:
            raise NotFound
        await audit.record(
            world,
            actor,
            "door_device.revoked",
            body_id=event.body_id,
            event_id=event.id,
            object_id=device_id,
        )


async def give_back(world: World, actor: Actor, event: EventRecord) -> None:
    """The phone ends its own enrolment. Raises `NotAllowed` to whoever is no enrolled phone."""
    if actor.kind is not ActorKind.DOOR_DEVICE or actor.id is None:
        raise NotAllowed
    async with unit_of_work():
        await execute("UPDATE door_device SET revoked_at = {} WHERE id = {}", world.now(), actor.id)
        await audit.record(
            world,
            actor,
            "door_device.given_back",
            body_id=event.body_id,
            event_id=event.id,
            object_id=actor.id,
        )


async def devices_of(event_id: UUID) -> list[DeviceRecord]:
    """Newest first."""
    found = await rows(
        f"SELECT {_COLUMNS} FROM door_device WHERE event = {{}} ORDER BY created_at DESC, id DESC", event_id
    )
    return [msgspec.convert(device, DeviceRecord) for device in found]


async def actor_of_device(token: str, now: datetime) -> Actor | None:
    """Who holds this cookie; None when it is unknown, revoked, or its event was over yesterday."""
    found = await point(
        "SELECT d.id, d.event, d.gate, d.label, d.kiosk, d.last_seen_at, e.body, e.ends_at FROM door_device d"
        f" JOIN event e ON e.id = d.event WHERE d.token_hash = {{}} AND d.revoked_at IS NULL"
        f" AND {_LENDER_HAS_ACCESS}",
        token_hash(token),
    )
    if not found or now > found[0]["ends_at"] + VALID_AFTER_THE_END:
        return None
    device = found[0]
    if now - device["last_seen_at"] > _SEEN_EVERY:
        await execute("UPDATE door_device SET last_seen_at = {} WHERE id = {}", now, device["id"])
    return Actor(
        kind=ActorKind.DOOR_DEVICE,
        id=device["id"],
        name=device["label"] or device["gate"],
        roles={device["body"]: Role.DOOR},
        only_event=device["event"],
        gate=device["gate"],
        is_kiosk=bool(device["kiosk"]),
    )
