"""How often somebody who organises is told by mail what is new, and until when they have been.

The moment is moved on by whichever process comes first: nobody is told the same twice.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from enum import StrEnum
from hmac import compare_digest
from uuid import UUID

import msgspec

from events_app.infra.database import execute, row, rows
from events_app.infra.world import World
from events_app.kernel.actor import Role
from events_app.kernel.civil_time import DEFAULT_ZONE, to_instant, to_wall
from events_app.kernel.errors import NotFound

HOUR = 7  # of the territory's clock
EACH_AFTER = timedelta(minutes=15)


class Frequency(StrEnum):
    DAILY = "daily"
    EACH = "each"
    NEVER = "never"


class Reader(msgspec.Struct, frozen=True):
    account_id: UUID
    frequency: Frequency
    until: datetime | None


def due_at(frequency: Frequency, until: datetime) -> datetime | None:
    """When the next one is due. Pure."""
    if frequency is Frequency.NEVER:
        return None
    if frequency is Frequency.EACH:
        return until + EACH_AFTER
    wall = to_wall(until, DEFAULT_ZONE)
    day = wall.date() + timedelta(days=wall.hour >= HOUR)
    return to_instant(datetime.combine(day, time(HOUR)), DEFAULT_ZONE)


async def due_readers(world: World) -> list[Reader]:
    """Who edits events somewhere and is to be told now. Whoever is new is told of what comes from now on."""
    found = await rows(
        "SELECT DISTINCT a.id AS account_id, a.digest AS frequency, a.digest_until AS until FROM account a"
        " JOIN membership m ON m.account = a.id WHERE a.disabled_at IS NULL AND a.digest <> {}"
        " AND m.role IN ({}, {})",
        Frequency.NEVER.value,
        Role.ADMINISTRATOR.value,
        Role.ORGANISER.value,
    )
    readers = [msgspec.convert(each, Reader, strict=False) for each in found]
    await _begin(world, (each.account_id for each in readers if each.until is None))
    return [each for each in readers if _is_due(each, world.now())]


def _is_due(reader: Reader, now: datetime) -> bool:
    due = due_at(reader.frequency, reader.until) if reader.until else None
    return due is not None and due <= now


async def _begin(world: World, accounts: Iterable[UUID]) -> None:
    for account_id in accounts:
        await execute(
            "UPDATE account SET digest_until = {} WHERE id = {} AND digest_until IS NULL",
            world.now(),
            account_id,
        )


async def moved_on(world: World, reader: Reader) -> bool:
    """Inside the transaction that tells them: False where another process has."""
    found = await rows(
        "UPDATE account SET digest_until = {} WHERE id = {} AND digest_until = {} RETURNING id",
        world.now(),
        reader.account_id,
        reader.until,
    )
    return bool(found)


async def set_frequency(world: World, account_id: UUID, frequency: Frequency) -> None:
    """What was missed meanwhile is not told afterwards."""
    await execute(
        "UPDATE account SET digest = {}, digest_until = {} WHERE id = {} AND digest <> {}",
        frequency.value,
        world.now(),
        account_id,
        frequency.value,
    )


async def frequency_of(account_id: UUID) -> Frequency:
    found = await row("SELECT digest FROM account WHERE id = {}", account_id)
    return Frequency(found["digest"]) if found else Frequency.NEVER


def stop_url(world: World, account_id: UUID) -> str:
    """The one click of a mail that stops them (RFC 8058)."""
    return world.url(f"/unsubscribe-digest/{account_id}/{_proof(world, account_id)}")


async def asked_to_stop(world: World, account_id: UUID, proof: str) -> Frequency:
    """Raises `NotFound` for a link that we did not write."""
    if not compare_digest(proof.encode(), _proof(world, account_id).encode()):
        raise NotFound
    return await frequency_of(account_id)


def _proof(world: World, account_id: UUID) -> str:
    return world.derived_token("unsubscribe-digest", str(account_id))
