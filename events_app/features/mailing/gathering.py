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
from events_app.infra import pending_jobs
from events_app.infra.database import unit_of_work
from events_app.infra.job_kinds import ClaimedJob, Kind

_BEGUN = '"also":'
"""One that has begun to write says its own."""


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
        own = await pending_jobs.payload_of(job.id)
        if own is None:
            return None
        payload = msgspec.json.decode(own)
        about = UUID(payload["registration_id"])
        taken = await pending_jobs.take_in(GATHERED, job.event_id, about, into=job.id, unless=_BEGUN)
        payload["also"] = [
            *payload.get("also", []),
            *({"kind": other.kind, "payload": msgspec.json.decode(other.payload)} for other in taken),
        ]
        kept = msgspec.json.encode(payload).decode()
        await pending_jobs.write_anew(job.id, kept)
    return msgspec.structs.replace(job, payload=kept)


def news_of(job: ClaimedJob) -> list[News]:
    """What this job tells: its own, then what it took in, oldest first."""
    also = msgspec.json.decode(job.payload, type=_Kept).also
    told = [(job.kind, job.payload), *((each.kind, bytes(each.payload).decode()) for each in also)]
    return [News(GATHERED[kind], GATHERED[kind].read(payload)) for kind, payload in told]


async def ticket_follows(registration_id: UUID, event_id: UUID) -> bool:
    """A confirmation that is still to be written says the workshops too."""
    return await pending_jobs.are_asked_for(TICKET_MAILS, event_id, registration_id)
