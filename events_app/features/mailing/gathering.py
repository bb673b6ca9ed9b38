"""Several changes that one person was not told of yet go by one mail.

Whichever of their jobs comes first takes the others in and keeps them in its own row, so that a repeat after
a crash says all of it once more.
"""

from typing import Any
from uuid import UUID

import msgspec

from events_app.features.events.holding import held
from events_app.features.mailing.occasions import GATHERED
from events_app.features.registration.job_kinds import TICKET_MAILS, AboutRegistration
from events_app.infra.database import execute, row, rows, unit_of_work
from events_app.infra.job_kinds import ClaimedJob, Kind

_MARKS = ", ".join("{}" for _ in GATHERED)
# Also those that another lane has taken, but none that has begun to write: that one says its own.
_NOT_BEGUN = "done_at IS NULL AND failed_at IS NULL AND payload NOT LIKE '%\"also\":%'"


class News(msgspec.Struct, frozen=True):
    """One change: the kind of mail it asked for, with that job's payload."""

    kind: Kind[Any]
    about: AboutRegistration


class _TakenIn(msgspec.Struct, frozen=True):
    kind: str
    payload: msgspec.Raw


class _Kept(msgspec.Struct, frozen=True):
    """What a payload holds beside what its kind reads in it."""

    also: list[_TakenIn] = []


async def gather(job: ClaimedJob) -> ClaimedJob | None:
    """The job with all that waits for the same person taken in; None where another took this one in."""
    if job.kind not in GATHERED or job.event_id is None:
        return job
    async with unit_of_work():
        await held(job.event_id)
        own = await row("SELECT payload FROM job WHERE id = {}", job.id)
        if own is None:
            return None
        payload = msgspec.json.decode(own["payload"])
        taken = await rows(
            f"DELETE FROM job WHERE event_id = {{}} AND kind IN ({_MARKS}) AND payload LIKE {{}}"
            f" AND id <> {{}} AND {_NOT_BEGUN} RETURNING id, kind, payload",
            job.event_id,
            *GATHERED,
            f'%"{payload["registration_id"]}"%',
            job.id,
        )
        payload["also"] = [
            *payload.get("also", []),
            *(
                {"kind": other["kind"], "payload": msgspec.json.decode(other["payload"])}
                for other in sorted(taken, key=lambda each: each["id"])
            ),
        ]
        kept = msgspec.json.encode(payload).decode()
        await execute("UPDATE job SET payload = {} WHERE id = {}", kept, job.id)
    return msgspec.structs.replace(job, payload=kept)


def news_of(job: ClaimedJob) -> list[News]:
    """What this job tells: its own, then what it took in, oldest first."""
    also = msgspec.json.decode(job.payload, type=_Kept).also
    told = [(job.kind, job.payload), *((each.kind, bytes(each.payload).decode()) for each in also)]
    return [News(GATHERED[kind], GATHERED[kind].read(payload)) for kind, payload in told]


async def ticket_follows(registration_id: UUID, event_id: UUID) -> bool:
    """A confirmation that is still to be written says the workshops too."""
    marks = ", ".join("{}" for _ in TICKET_MAILS)
    found = await rows(
        f"SELECT 1 AS one FROM job WHERE event_id = {{}} AND kind IN ({marks}) AND payload LIKE {{}}"
        " AND done_at IS NULL AND failed_at IS NULL LIMIT 1",
        event_id,
        *TICKET_MAILS,
        f'%"{registration_id}"%',
    )
    return bool(found)
