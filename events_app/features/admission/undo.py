"""Taking back a scan: a new row that names the old one; presence is then what the other scans say."""

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from events_app.features.admission import facts, live
from events_app.features.admission.recorder import ScanIdReused
from events_app.features.admission.scan import Outcome, Presence, Reason, presence_after
from events_app.features.admission.schemas import ScanAnswer, VoidRequest
from events_app.features.admission.service import device_of
from events_app.features.events.access import may_edit, may_scan
from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord
from events_app.infra.database import execute, retried, rows, write_transaction
from events_app.infra.world import World
from events_app.kernel.actor import Actor, ActorKind
from events_app.kernel.errors import N_, Conflict, NotAllowed, NotFound

UNDO_WITHIN: Final = timedelta(minutes=1)
"""The page offers it for ten seconds; the rest is for a slow network. An organiser has no limit."""


class TooLateToUndo(Conflict):
    type = "too-late-to-undo"
    title = N_("Too late to undo")
    detail = N_("A scan can be undone right after it only. Please call an organiser.")


@retried
async def undo_scan(
    world: World, actor: Actor, event: EventRecord, scan_id: str, request: VoidRequest
) -> ScanAnswer:
    """The same request again gets the same answer.

    Raises `NotAllowed`, `NotFound`, `TooLateToUndo`, `ScanIdReused`.
    """
    if not may_scan(actor, event):
        raise NotAllowed
    async with write_transaction():
        event = await held(event.id)
        device = device_of(actor, request.device)
        given = (await facts.answers_given(event.id, [(device, request.scan_id)])).get(
            (device, request.scan_id)
        )
        if given is not None:
            if given.voids != scan_id:
                raise ScanIdReused
            return msgspec.json.decode(given.answer, type=ScanAnswer)
        answer = await _undo(world, actor, event, scan_id, request)
    live.tell(event.id)
    return answer


async def _undo(
    world: World, actor: Actor, event: EventRecord, scan_id: str, request: VoidRequest
) -> ScanAnswer:
    device = device_of(actor, request.device)
    undone = _one_of(
        await rows("SELECT * FROM scan WHERE event = {} AND scan_id = {}", event.id, scan_id), device
    )
    now = world.now()
    if not (_is_in_time(undone, request, now) or may_edit(actor, event)):
        raise TooLateToUndo
    answer = ScanAnswer(
        scan_id=request.scan_id,
        outcome=Outcome.VOIDED,
        reason=Reason.UNDONE,
        direction=undone["direction"],
        gate=undone["gate"],
        session=None,
        scanned_at=now,
        registration=None,
        first_scan=None,
        device=device,
    )
    await facts.write_scans([_fact(world, actor, undone, answer)])
    if undone["registration_id"] is not None:
        await _settle_presence(world, undone)
    return answer


def _is_in_time(undone: dict[str, Any], request: VoidRequest, now: datetime) -> bool:
    """Of a device without network, the time between both deeds; it may reach the server much later."""
    if now - undone["received_at"] <= UNDO_WITHIN:
        return True
    if request.undone_at is None:
        return False
    scanned_at: datetime = undone["scanned_at"]
    return timedelta(0) <= request.undone_at - scanned_at <= UNDO_WITHIN


def _one_of(found: list[dict[str, Any]], device: str) -> dict[str, Any]:
    """One's own scan of this id, or the only one. Raises `NotFound`."""
    own = [scan for scan in found if scan["device"] == device] or found
    if len(own) != 1 or own[0]["voids"] is not None:
        raise NotFound
    return own[0]


def _fact(world: World, actor: Actor, undone: dict[str, Any], answer: ScanAnswer) -> facts.ScanFact:
    return facts.ScanFact(
        id=world.new_id(),
        event=undone["event"],
        scan_id=answer.scan_id,
        device=answer.device,
        registration_id=undone["registration_id"],
        session_id=undone["session_id"],
        code_hash="",
        gate=undone["gate"],
        direction=undone["direction"],
        device_id=actor.id if actor.kind is ActorKind.DOOR_DEVICE else None,
        actor_name=actor.name,
        scanned_at=world.now(),
        received_at=world.now(),
        outcome=answer.outcome,
        reason=answer.reason,
        decided="",
        flagged=False,
        voids=undone["scan_id"],
        voids_device=undone["device"],
        answer=msgspec.json.encode(answer).decode(),
    )


async def _settle_presence(world: World, undone: dict[str, Any]) -> None:
    """What the person's other scans at this point say now."""
    person, session = undone["registration_id"], undone["session_id"]
    point = session.hex if session else facts.EVENT_DOOR
    presence = presence_after((await facts.standing_scans([person])).get((person, point), []))
    if presence is None:
        await execute("DELETE FROM presence WHERE registration = {} AND point = {}", person, point)
    else:
        await facts.write_presences([_presence_fact(world, undone, point, presence)])


def _presence_fact(
    world: World, undone: dict[str, Any], point: str, presence: Presence
) -> facts.PresenceFact:
    return facts.PresenceFact(
        id=world.new_id(),
        event=undone["event"],
        registration=undone["registration_id"],
        point=point,
        inside=presence.inside,
        first_scan_id=presence.first.scan_id,
        first_at=presence.first.scanned_at,
        first_gate=presence.first.gate,
        changed_at=world.now(),
    )
