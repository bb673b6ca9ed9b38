"""Jobs that were asked for and are not done: taken back, taken into another, written anew, done again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Generic
from uuid import UUID

import msgspec

from events_app.infra.database import execute, row, rows
from events_app.infra.job_kinds import Kind, P
from events_app.infra.world import World

_UNDONE = "done_at IS NULL AND failed_at IS NULL"


class TakenBack(msgspec.Struct, Generic[P], frozen=True):
    payload: P
    run_at: datetime


class TakenIn(msgspec.Struct, frozen=True):
    kind: str
    payload: str


async def take_back(kind: Kind[P], event_id: UUID) -> list[TakenBack[P]]:
    """What was asked for and nobody has begun, oldest first: whoever asks anew for the same says it all."""
    found = await rows(  # index job_due: what is pending
        "DELETE FROM job WHERE event_id = {} AND kind = {} AND attempts = 0 AND leased_until IS NULL"
        f" AND {_UNDONE} RETURNING id, payload, run_at",
        event_id,
        kind.name,
    )
    return [
        TakenBack(kind.read(job["payload"]), job["run_at"])
        for job in sorted(found, key=lambda job: job["id"])
    ]


async def take_in(
    kinds: Collection[str], event_id: UUID, about: UUID, *, into: UUID, unless: str
) -> list[TakenIn]:
    """Deleted, oldest first: what waits of these kinds and names `about`, also what another lane has claimed,
    but nothing whose payload holds `unless`. The job `into` does it all."""
    marks = ", ".join("{}" for _ in kinds)
    found = await rows(
        f"DELETE FROM job WHERE event_id = {{}} AND kind IN ({marks}) AND payload LIKE {{}} AND id <> {{}}"
        f" AND {_UNDONE} AND payload NOT LIKE {{}} RETURNING id, kind, payload",
        event_id,
        *kinds,
        f'%"{about}"%',
        into,
        f"%{unless}%",
    )
    return [TakenIn(each["kind"], each["payload"]) for each in sorted(found, key=lambda each: each["id"])]


async def are_asked_for(kinds: Collection[str], event_id: UUID, about: UUID) -> bool:
    marks = ", ".join("{}" for _ in kinds)
    found = await row(
        f"SELECT 1 AS one FROM job WHERE event_id = {{}} AND kind IN ({marks}) AND payload LIKE {{}}"
        f" AND {_UNDONE} LIMIT 1",
        event_id,
        *kinds,
        f'%"{about}"%',
    )
    return found is not None


async def payload_of(job_id: UUID) -> str | None:
    """As it stands now; None where another has taken it in."""
    found = await row("SELECT payload FROM job WHERE id = {}", job_id)
    return str(found["payload"]) if found else None


async def write_anew(job_id: UUID, payload: str) -> None:
    await execute("UPDATE job SET payload = {} WHERE id = {}", payload, job_id)


async def do_again(world: World, job_ids: Sequence[UUID]) -> None:
    """Whatever became of them: due now, as if nobody had tried."""
    marks = ", ".join("{}" for _ in job_ids)
    await execute(
        "UPDATE job SET done_at = NULL, failed_at = NULL, error = NULL, attempts = 0, run_at = {},"
        f" leased_until = NULL WHERE id IN ({marks})",
        world.now(),
        *job_ids,
    )


async def drop_all_but(event_id: UUID, kinds: Collection[str]) -> None:
    """What is asked for of these kinds, but for one event."""
    marks = ", ".join("{}" for _ in kinds)
    await execute(
        f"DELETE FROM job WHERE kind IN ({marks}) AND (event_id IS NULL OR event_id <> {{}})",
        *kinds,
        event_id,
    )
