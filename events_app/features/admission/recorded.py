"""A scan as it comes, its answer, and the row that keeps it: nothing here decides."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from events_app.features.admission import facts
from events_app.features.admission.places import BookedPlace
from events_app.features.admission.readings import Reading
from events_app.features.admission.scan import Decision, Outcome, Reason, SessionPoint
from events_app.features.admission.schemas import GroupMember, ScanAnswer, ScannedPerson, ScanRequest
from events_app.features.events.model import EventRecord
from events_app.kernel.actor import Actor, ActorKind
from events_app.kernel.ids import token_hash

_encode: Final = msgspec.json.Encoder().encode


class Submission(Struct, frozen=True):
    """A scan on its way: cleaned, its code read. `late`: sent afterwards, by a device that decided alone."""

    event: EventRecord
    actor: Actor
    scan: ScanRequest
    reading: Reading
    scanned_at: datetime
    received_at: datetime
    device: str
    """Whose the scan's id is."""
    late: bool = False

    @property
    def key(self) -> facts.ScanKey:
        return self.device, self.scan.scan_id

    @property
    def code_hash(self) -> str:
        """Of what was read; one ticket may be read for each of a group."""
        said = self.scan.ticket_code
        return token_hash(f"{said} {self.scan.member}" if self.scan.member else said)

    def repeats(self, given: facts.GivenAnswer, answer: ScanAnswer) -> bool:
        """Whether the scan that had this id is this one, sent again."""
        said = (given.code_hash, given.direction, answer.session)
        return said == (self.code_hash, self.scan.direction, self.scan.session)


def answer_of(
    item: Submission,
    person: facts.ListedPerson | None,
    places: Sequence[BookedPlace],
    decision: Decision,
    *,
    looks_wrong: bool,
    group: list[GroupMember] | None = None,
) -> ScanAnswer:
    scan, first = item.scan, decision.first
    elsewhere = first is not None and (first.gate != scan.gate or item.scanned_at < first.scanned_at)
    shown = None
    if person is not None:
        said = [place.at(item.scanned_at) for place in places]
        shown = ScannedPerson(person.id, person.name, person.organisation, said, person.given_name)
    return ScanAnswer(
        scan_id=scan.scan_id,
        outcome=decision.outcome,
        reason=decision.reason,
        direction=scan.direction,
        gate=scan.gate,
        session=scan.session,
        scanned_at=item.scanned_at,
        registration=shown,
        first_scan=first,
        conflict=decision.reason is Reason.WITHDRAWN_SINCE
        or looks_wrong
        or (not scan.decided and item.late and decision.outcome is Outcome.ALREADY_ADMITTED and elsewhere),
        override=scan.override,
        device=item.device,
        group=group or [],
    )


def fact_of(
    new_id: UUID,
    item: Submission,
    person: facts.ListedPerson | None,
    session: SessionPoint | None,
    answer: ScanAnswer,
) -> facts.ScanFact:
    device = item.actor.id if item.actor.kind is ActorKind.DOOR_DEVICE else None
    return facts.ScanFact(
        id=new_id,
        event=item.event.id,
        scan_id=answer.scan_id,
        device=item.device,
        registration_id=person.id if person else None,
        session_id=session.session_id if session else None,
        code_hash=item.code_hash,
        gate=answer.gate,
        direction=answer.direction,
        device_id=device,
        actor_name=item.actor.name,
        scanned_at=item.scanned_at,
        received_at=item.received_at,
        outcome=answer.outcome,
        reason=answer.reason,
        decided=item.scan.decided,
        flagged=answer.conflict,
        voids=None,
        voids_device=None,
        answer=_encode(_without_name(answer)).decode(),
    )


async def named(event_id: UUID, answers: Sequence[ScanAnswer]) -> list[ScanAnswer]:
    """Stored answers with the names put back, as they stand on the list today."""
    ids = [answer.registration.id for answer in answers if answer.registration]
    known = await facts.people(event_id, ids)
    named = []
    for answer in answers:
        shown = answer.registration
        if shown is not None and (person := known.get(shown.id)):
            shown = replace(
                shown, name=person.name, organisation=person.organisation, given_name=person.given_name
            )
            answer = replace(answer, registration=shown)
        named.append(answer)
    return named


def _without_name(answer: ScanAnswer) -> ScanAnswer:
    """What is stored: an erased registration must not live on in the answers of the doors."""
    if answer.registration is None:
        return answer
    return replace(answer, registration=replace(answer.registration, name="", organisation="", given_name=""))
