"""One batch of scans inside one write transaction: fetch, decide, record.

Scans are facts that are only added to; `presence` is what follows from them and what the next decision reads.
Two processes take turns by the event's row, which the transaction holds, on SQLite by its one writer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec.structs import replace

from events_app.features.admission import facts
from events_app.features.admission.door_list import list_id
from events_app.features.admission.late import Timelines
from events_app.features.admission.places import BookedPlace, places_of
from events_app.features.admission.readings import proof_agrees
from events_app.features.admission.recorded import Submission, answer_of, fact_of, named
from events_app.features.admission.scan import (
    Decision,
    Door,
    FirstScan,
    Outcome,
    PastScan,
    Presence,
    Reason,
    SessionPoint,
    Ticket,
    as_it_went,
    decide,
)
from events_app.features.admission.schemas import GroupMember, ScanAnswer
from events_app.features.admission.tickets import Keyring
from events_app.features.events.model import EventRecord, EventStatus
from events_app.infra.world import World
from events_app.kernel.errors import N_, Conflict

_decode_answer: Final = msgspec.json.Decoder(ScanAnswer).decode
_encode: Final = msgspec.json.Encoder().encode


class ScanIdReused(Conflict):
    type = "scan-id-reused"
    title = N_("This id belongs to another scan")
    detail = N_("This device used the same scan_id for another ticket. Each scan needs an id of its own.")


class EventBatch:
    """The scans of one event in one transaction, and what they find and leave."""

    def __init__(self, world: World, keys: Keyring, event: EventRecord) -> None:
        self._world = world
        self._keys = keys
        self._event = event
        self._door = Door(event.status, event.doors_from, event.ends_at)
        self._scans: list[facts.ScanFact] = []
        self._changed: dict[tuple[UUID, str], facts.PresenceFact] = {}

    async def record(self, submissions: Sequence[Submission]) -> list[ScanAnswer | ScanIdReused]:
        """One answer for each, in this order. Raises UniqueViolation when another process was faster."""
        given = await facts.answers_given(self._event.id, {item.key for item in submissions})
        fresh = [item for item in submissions if item.key not in given]
        await self._fetch(fresh)
        stored = await named(self._event.id, [_decode_answer(each.answer) for each in given.values()])
        answers = dict(zip(given, stored, strict=True))
        for item in fresh:
            if item.key not in answers:  # the same id may come twice in one batch
                answers[item.key] = answer = self._settle(item)
                given[item.key] = facts.GivenAnswer("", item.code_hash, answer.direction, None, None)
        await facts.write_scans(sorted(self._scans, key=lambda fact: (fact.scan_id, fact.device)))
        await facts.write_presences(list(self._changed.values()))
        return [
            answers[item.key] if item.repeats(given[item.key], answers[item.key]) else ScanIdReused()
            for item in submissions
        ]

    async def _fetch(self, items: Sequence[Submission]) -> None:
        self._sessions = await facts.sessions_by_code(
            self._event.id, {item.scan.session for item in items if item.scan.session is not None}
        )
        number = self._event.number
        self._people = await facts.people_by_ticket(
            self._event.id,
            sorted(
                {
                    item.reading.ticket_id
                    for item in items
                    if item.reading.ticket_id is not None and item.reading.event_number in (None, number)
                }
            ),
        )
        self._brought = await facts.companions([person.id for person in self._people.values()])
        ids = [person.id for person in self._people.values()]
        ids += [person.id for group in self._brought.values() for person in group]
        self._presence = await facts.presences(ids)
        self._timelines = await Timelines.of(ids if any(item.late for item in items) else [])
        self._places: Mapping[UUID, Sequence[BookedPlace]] = await places_of(ids)

    def _settle(self, item: Submission) -> ScanAnswer:
        scan = item.scan
        holder = self._person(item)
        person = self._meant(scan.member, holder)
        session = self._sessions.get(scan.session) if scan.session is not None else None
        point = session.session_id.hex if session else facts.EVENT_DOOR
        presence = self._presence_at(item, person, point)
        if scan.session is not None and session is None:
            decision = Decision(Outcome.REFUSED, Reason.UNKNOWN_SESSION)
        else:
            decision = decide(
                self._door_at(item.scanned_at),
                self._ticket(item, holder, person),
                presence,
                session,
                going_out=scan.direction == "out",
                overridden=bool(scan.override),
                moment=item.scanned_at,
            )
        decision = self._noting_changes(item, person, decision)
        looks_wrong = False
        if person is not None and item.late:
            decision = self._timelines.against_later((person.id, point), item.scanned_at, decision)
        if scan.decided:
            decision, looks_wrong = as_it_went(decision, scan.decided, is_known=person is not None)
        if person is not None:
            self._note(item, person.id, point, session, decision)
        answer = answer_of(
            item,
            person,
            self._places.get(person.id, ()) if person else (),
            decision,
            looks_wrong=looks_wrong,
            group=self._group(holder, point),
        )
        self._scans.append(fact_of(self._world.new_id(), item, person, session, answer))
        return answer

    def _meant(self, member: str, holder: facts.ListedPerson | None) -> facts.ListedPerson | None:
        """The holder of the ticket, or whom of their group the door means."""
        if holder is None or not member:
            return holder
        brought = self._brought.get(holder.id, ())
        return next((person for person in brought if self._list_id(person) == member), None)

    def _list_id(self, person: facts.ListedPerson) -> str:
        return list_id(self._keys.verifier.deployment_id, self._event.number, person.ticket_id)

    def _group(self, holder: facts.ListedPerson | None, point: str) -> list[GroupMember]:
        """As they stand now, without those who gave their place back."""
        brought = self._brought.get(holder.id, ()) if holder else ()
        if holder is None or not brought:
            return []
        return [
            GroupMember(self._list_id(person), there is not None and there.inside)
            for person in (holder, *brought)
            if person.status not in ("cancelled", "refused")
            for there in [self._presence.get((person.id, point))]
        ]

    def _presence_at(
        self, item: Submission, person: facts.ListedPerson | None, point: str
    ) -> Presence | None:
        if person is None:
            return None
        if item.late:
            return self._timelines.at((person.id, point), item.scanned_at)
        return self._presence.get((person.id, point))

    def _person(self, item: Submission) -> facts.ListedPerson | None:
        reading = item.reading
        if reading.ticket_id is None or reading.event_number not in (None, self._event.number):
            return None
        person = self._people.get(reading.ticket_id)
        if person is None:
            return None
        proof = b""
        if reading.opaque_proof is not None:
            generation = _generation_at(person, item.scanned_at)
            proof = self._keys.opaque_proof(self._event.number, person.ticket_id, generation)
        return person if proof_agrees(reading, proof) else None

    def _door_at(self, moment: datetime) -> Door:
        """A device that was offline let people in before it could know that the event was called off."""
        event = self._event
        since = {
            EventStatus.CANCELLED: event.cancelled_at,
            EventStatus.POSTPONED: event.postponed_at,
        }.get(event.status)
        if since is not None and moment < since:
            return replace(self._door, event_status=EventStatus.PUBLISHED)
        return self._door

    def _noting_changes(
        self, item: Submission, person: facts.ListedPerson | None, decision: Decision
    ) -> Decision:
        """Admitted by what was true then, and no longer is."""
        if decision.outcome is not Outcome.ADMITTED or person is None:
            return decision
        if (
            person.status == _status_at(person, item.scanned_at)
            and not (item.reading.says_generation and _is_former(person, item.scanned_at))
            and self._door_at(item.scanned_at) is self._door
        ):
            return decision
        return replace(decision, reason=Reason.WITHDRAWN_SINCE)

    def _ticket(
        self, item: Submission, holder: facts.ListedPerson | None, person: facts.ListedPerson | None
    ) -> Ticket:
        reading = item.reading
        if reading.unreadable is not None:
            return Ticket(unreadable=reading.unreadable)
        if reading.event_number not in (None, self._event.number):
            return Ticket(unreadable=Reason.OTHER_EVENT)
        if holder is None or person is None:
            return Ticket(unreadable=Reason.UNKNOWN_CODE)
        return Ticket(
            registration_id=person.id,
            registration_status=_status_at(person, item.scanned_at),
            registration_generation=_generation_at(holder, item.scanned_at),
            generation=reading.generation,
            booked_sessions={place.slot_key: place.session_id for place in self._places.get(person.id, ())},
        )

    def _note(
        self,
        item: Submission,
        person_id: UUID,
        point: str,
        session: SessionPoint | None,
        decision: Decision,
    ) -> None:
        """Presence after this scan, where it changes: of a late one by the whole of the person's scans."""
        before = self._presence.get((person_id, point))
        if item.late:
            happened = Outcome.ADMITTED if item.scan.decided == "admitted" else decision.outcome
            past = PastScan(item.scan.scan_id, happened, item.scan.gate, item.scanned_at)
            after = self._timelines.add((person_id, point), past)
        elif decision.changes_presence:
            first = before.first if before else FirstScan(item.scan.scan_id, item.scan.gate, item.scanned_at)
            after = Presence(decision.outcome is Outcome.ADMITTED, first)
        else:
            return
        if after is None or after == before:
            return
        inside, first = after.inside, after.first
        self._presence[person_id, point] = after
        if session is not None:
            count = session.inside_count + int(inside) - int(before is not None and before.inside)
            self._sessions[str(item.scan.session)] = replace(session, inside_count=count)
        self._changed[person_id, point] = facts.PresenceFact(
            id=self._world.new_id(),  # kept only when the row is new
            event=self._event.id,
            registration=person_id,
            point=point,
            inside=inside,
            first_scan_id=first.scan_id,
            first_at=first.scanned_at,
            first_gate=first.gate,
            changed_at=item.received_at,
        )


def _is_former(person: facts.ListedPerson, moment: datetime) -> bool:
    """Whether the ticket held out then is not the one that holds now."""
    return person.issued_at is not None and moment < person.issued_at


def _generation_at(person: facts.ListedPerson, moment: datetime) -> int:
    """The one before, at most: a ticket is replaced once in a while, and a phone is alone for hours."""
    return (person.generation - _is_former(person, moment)) % 256


def _status_at(person: facts.ListedPerson, moment: datetime) -> str:
    """What a registration was when the ticket was held out: what the device saw on its list.

    Only a place that was taken away is judged so; whoever has one today may come in.
    """
    if (
        person.status in ("cancelled", "refused")
        and person.status_before
        and moment < person.status_changed_at
    ):
        return person.status_before
    return person.status
