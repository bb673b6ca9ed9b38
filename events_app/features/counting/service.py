"""Counting, and saying what there is to count."""

from collections.abc import Sequence

import msgspec

from events_app.features.counting.model import Answer, Fate, Site, Tally
from events_app.features.counting.queries import setup_of
from events_app.features.counting.rules import checked_sites, faults_of
from events_app.features.events.access import may_edit, may_read_registrations, may_scan
from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.queries import visible_event
from events_app.infra import audit
from events_app.infra.database import execute, retried, rows, unit_of_work
from events_app.infra.i18n import current_translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor, ActorKind
from events_app.kernel.errors import N_, Conflict, InvalidInput, NotAllowed, RevisionMismatch
from events_app.kernel.text import clean_line

MOST_IN_A_BATCH = 500


class NotCountedNow(Conflict):
    type = "not-counted-now"
    title = N_("This event is not counted")
    detail = N_("Only an event that is published is counted.")


async def countable_event(actor: Actor, slug: str) -> EventRecord:
    """For whoever counts. Raises `NotFound`, `NotAllowed`."""
    event = await visible_event(actor, slug)
    if not may_scan(actor, event):
        raise NotAllowed
    return event


async def counted_event(actor: Actor, slug: str) -> EventRecord:
    """For whoever reads the figures: who counts reads them too. Raises `NotFound`, `NotAllowed`."""
    event = await visible_event(actor, slug)
    if not may_scan(actor, event) and not may_read_registrations(actor, event):
        raise NotAllowed
    return event


def device_of(actor: Actor, said: str) -> str:
    """Whose ids these are: a borrowed phone is known, others say it."""
    if actor.kind is ActorKind.DOOR_DEVICE and actor.id is not None:
        return actor.id.hex
    return clean_line(said)[:80]


@retried
async def record(
    world: World, actor: Actor, event: EventRecord, tallies: Sequence[Tally], device: str = ""
) -> list[Answer]:
    """Each by itself, in any order, and once however often it is sent. Raises `NotCountedNow`."""
    if not may_scan(actor, event):
        raise NotAllowed
    who, say = device_of(actor, device), current_translator().gettext
    answers: list[Answer] = []
    async with unit_of_work():
        fresh = await held(event.id)
        if fresh.status is not EventStatus.PUBLISHED:
            raise NotCountedNow
        known = await _known(fresh, who, [tally.tally_id for tally in tallies])
        for tally in tallies:
            fault = faults_of(tally)
            if fault is not None:
                answers.append(Answer(tally.tally_id[:80], Fate.REFUSED, say(fault.message)))
                continue
            said = (clean_line(tally.site), clean_line(tally.gate), tally.direction.value, tally.count)
            before = known.setdefault(tally.tally_id, said)
            if before is not said:
                same = before == said
                text = "" if same else say(N_("This id was used for another count."))
                answers.append(Answer(tally.tally_id, Fate.KNOWN if same else Fate.REFUSED, text))
                continue
            await _insert(world, fresh, who, tally, said)
            answers.append(Answer(tally.tally_id, Fate.KEPT))
    return answers


async def _known(event: EventRecord, device: str, ids: Sequence[str]) -> dict[str, tuple[str, str, str, int]]:
    if not ids:
        return {}
    marks = ", ".join("{}" for _ in ids)
    found = await rows(  # unique index tally_once
        "SELECT tally_id, site, gate, direction, people FROM tally"
        f" WHERE event = {{}} AND device = {{}} AND tally_id IN ({marks})",
        event.id,
        device,
        *ids,
    )
    return {
        each["tally_id"]: (each["site"], each["gate"], each["direction"], int(each["people"]))
        for each in found
    }


async def _insert(
    world: World, event: EventRecord, device: str, tally: Tally, said: tuple[str, str, str, int]
) -> None:
    now = world.now()
    # A clock that is ahead counts now; to the minute, so that the board's cost follows the hours.
    at = min(tally.at, now) if tally.at else now
    await execute(
        "INSERT INTO tally (id, event, device, tally_id, site, gate, direction, people, at, received_at)"
        " VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
        world.new_id(),
        event.id,
        device,
        tally.tally_id,
        *said,
        at.replace(second=0, microsecond=0),
        now,
    )


@retried
async def set_up(
    world: World, actor: Actor, event: EventRecord, sites: list[Site], revision: int | None = None
) -> list[Site]:
    """Says what is counted. Raises `InvalidInput`, `RevisionMismatch`."""
    if not may_edit(actor, event):
        raise NotAllowed
    cleaned, errors = checked_sites(sites)
    if errors:
        raise InvalidInput(errors)
    async with unit_of_work():
        await held(event.id)
        _, now = await setup_of(event.id)
        if revision is not None and revision != now:
            raise RevisionMismatch
        await execute(
            "INSERT INTO counting_setup (id, event, sites, revision) VALUES ({}, {}, {}, 1)"
            " ON CONFLICT (event) DO UPDATE SET sites = excluded.sites,"
            " revision = counting_setup.revision + 1",
            world.new_id(),
            event.id,
            msgspec.json.encode(cleaned).decode(),
        )
        await audit.record(
            world, actor, "counting.set_up", body_id=event.body_id, event_id=event.id, object_id=event.id
        )
    return cleaned
