"""Taking back a scan: a new row that names the old one; presence is then what the other scans say."""

from datetime import timedelta
from typing import Any, Final

import msgspec

from events_app.features.admission import facts, live
from events_app.features.admission.scan import Outcome, PastScan, Presence, Reason, presence_after
from events_app.features.admission.schemas import ScanAnswer, VoidRequest
from events_app.features.events.access import may_edit, may_scan
from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord
from events_app.infra.database import execute, retried, row, rows, write_transaction
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
    """Raises `NotAllowed`, `NotFound`, `TooLateToUndo`. The same request again gets the same answer."""
    if not may_scan(actor, event):
        raise NotAllowed
    async with write_transaction():
        event = await held(event.id)
        given = await facts.answers_given(event.id, [request.scan_id])
        if request.scan_id in given:
            return msgspec.json.decode(given[request.scan_id], type=ScanAnswer)
        answer = await _undo(world, actor, event, scan_id, request)
    live.tell(event.id)
    return answer


async def _undo(
    world: World, actor: Actor, event: EventRecord, scan_id: str, request: VoidRequest
) -> ScanAnswer:
    undone = await row("SELECT * FROM scan WHERE event = {} AND scan_id = {}", event.id, scan_id)
    if undone is None or undone["voids"] is not None:
        raise NotFound
    now = world.now()
    if now - undone["received_at"] > UNDO_WITHIN and not may_edit(actor, event):
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
    )
    await facts.write_scans([_fact(world, actor, undone, answer)])
    if undone["registration_id"] is not None:
        await _settle_presence(world, undone)
    return answer


def _fact(world: World, actor: Actor, undone: dict[str, Any], answer: ScanAnswer) -> facts.ScanFact:
    return facts.ScanFact(
        id=world.new_id(),
        event=undone["event"],
        scan_id=answer.scan_id,
        registration_id=undone["registration_id"],
        session_id=undone["session_id"],
        code_hash="",
        gate=undone["gate"],
        direction=undone["direction"],
        device_id=actor.id if actor.kind is ActorKind.DOOR_DEVICE else None,
        actor_name=actor.name,
        scanned_at=answer.scanned_at,
        received_at=answer.scanned_at,
        outcome=answer.outcome,
        reason=answer.reason,
        flagged=False,
        voids=undone["scan_id"],
        answer=msgspec.json.encode(answer).decode(),
    )


async def _settle_presence(world: World, undone: dict[str, Any]) -> None:
    """What the person's other scans at this point say now."""
    person, session = undone["registration_id"], undone["session_id"]
    point = session.hex if session else facts.EVENT_DOOR
    presence = presence_after(await _standing_scans(person, point))
    if presence is None:
        await execute("DELETE FROM presence WHERE registration = {} AND point = {}", person, point)
    else:
        await facts.write_presences([_presence_fact(world, undone, point, presence)])


async def _standing_scans(registration_id: object, point: str) -> list[PastScan]:
    found = await rows(  # index scan_registration
        "SELECT scan_id, outcome, gate, scanned_at, session_id, voids FROM scan"
        " WHERE registration_id = {} ORDER BY received_at, id",
        registration_id,
    )
    undone = {scan["voids"] for scan in found}
    return [
        PastScan(scan["scan_id"], scan["outcome"], scan["gate"], scan["scanned_at"])
        for scan in found
        if scan["scan_id"] not in undone
        and (scan["session_id"].hex if scan["session_id"] else facts.EVENT_DOOR) == point
    ]


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
