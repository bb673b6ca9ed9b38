"""Who came without a registration: on the list and through the door, in one transaction.

Whoever may not come in is not written down at all. Places are given as to everybody; whoever a supervisor,
or a phone without network, let in beyond them is on the list without a place.
"""

from typing import Final

import msgspec
from msgspec.structs import replace

from events_app.features.admission import facts, live
from events_app.features.admission.envelope import Unopened, open_letter
from events_app.features.admission.recorded import Submission, answer_of, fact_of, named
from events_app.features.admission.recorder import EventBatch, ScanIdReused
from events_app.features.admission.scan import Decision, Door, Outcome, Reason, Ticket, decide
from events_app.features.admission.schemas import ScanAnswer, ScanRequest, WalkInPerson, WalkInRequest
from events_app.features.admission.service import submission_of
from events_app.features.admission.tickets import Keyring, keyring
from events_app.features.events.access import may_edit, may_scan
from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord, Visibility
from events_app.features.registration.model import (
    RegistrationRecord,
    RegistrationRequest,
    RegistrationStatus,
    Source,
)
from events_app.features.registration.queries import group_of, registration_by_id
from events_app.features.registration.rules import AlreadyRegistered, EventFull
from events_app.features.registration.service import register_at_door
from events_app.infra.database import retried, write_transaction
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput, NotAllowed
from events_app.kernel.ids import token_hash
from events_app.kernel.text import has_letters

_NO_CODE: Final = "walk-in"
"""What stands for the code of somebody who has none, and was sent away."""
_NAME_MOST: Final = 120


async def walk_in(world: World, actor: Actor, event: EventRecord, request: WalkInRequest) -> ScanAnswer:
    """The same `scan_id` again gets the same answer.

    Raises `NotAllowed`, `InvalidInput`, `AlreadyRegistered`, `ScanIdReused`.
    """
    if not may_scan(actor, event):
        raise NotAllowed
    keys = await keyring(world)
    person = _person_of(keys, request)
    answer = await _recorded(world, keys, actor, event, request, person)
    live.tell(event.id)
    return answer


def _person_of(keys: Keyring, request: WalkInRequest) -> WalkInPerson:
    if not request.letter:
        return request
    try:
        return msgspec.json.decode(open_letter(request.letter, keys.letter_key), type=WalkInPerson)
    except (Unopened, msgspec.DecodeError) as error:
        message = N_("This cannot be read here any more. Please enter the person again.")
        raise InvalidInput.one("/letter", "unreadable", message) from error


@retried
async def _recorded(
    world: World,
    keys: Keyring,
    actor: Actor,
    event: EventRecord,
    request: WalkInRequest,
    person: WalkInPerson,
) -> ScanAnswer:
    async with write_transaction():
        event = await held(event.id)
        item = submission_of(world, keys, actor, event, _scan(request, _NO_CODE), late=False)
        given = await facts.answers_given(event.id, [item.key])
        if item.key in given:
            return await _given_before(event, given[item.key])
        if (refusal := await _against(actor, item, person.people)) is not None:
            return await _sent_away(world, item, refusal)
        is_inside = bool(item.scan.decided or item.scan.override)
        try:
            lead = await _registered(world, actor, event, request, person, is_inside=is_inside)
        except EventFull:
            return await _sent_away(world, item, Reason.EVENT_FULL)
        scans = [
            replace(_scan(request, member.short_code), scan_id=_scan_id(request, number))
            for number, member in enumerate(await group_of(lead.id))
        ]
        items = [submission_of(world, keys, actor, event, scan, late=False) for scan in scans]
        first, *_ = await EventBatch(world, keys, event).record(items)
        if isinstance(first, ScanIdReused):
            raise first
        return first


def _scan(request: WalkInRequest, code: str) -> ScanRequest:
    return ScanRequest(
        scan_id=request.scan_id,
        ticket_code=code,
        gate=request.gate,
        session=request.session,
        scanned_at=request.scanned_at,
        override=request.override,
        decided=request.decided,
        device=request.device,
    )


def _scan_id(request: WalkInRequest, number: int) -> str:
    return f"{request.scan_id}+{number}" if number else request.scan_id


async def _given_before(event: EventRecord, given: facts.GivenAnswer) -> ScanAnswer:
    """Raises `ScanIdReused` where a ticket was read under this id."""
    answer = msgspec.json.decode(given.answer, type=ScanAnswer)
    if answer.registration is None:
        is_ours = given.code_hash == token_hash(_NO_CODE)
    else:
        known = await registration_by_id(answer.registration.id)
        is_ours = known is not None and known.source == Source.DOOR.value
    if not is_ours:
        raise ScanIdReused
    return (await named(event.id, [answer]))[0]


async def _against(actor: Actor, item: Submission, people: int) -> Reason | None:
    """What the door itself says to somebody with a place; or what a phone has said to them already."""
    scan, event = item.scan, item.event
    if scan.decided == "admitted":
        return None
    if scan.decided:
        return Reason.TURNED_AWAY
    session = None
    if scan.session is not None:
        session = (await facts.sessions_by_code(event.id, [scan.session])).get(scan.session)
        if session is None:
            return Reason.UNKNOWN_SESSION
        session = replace(session, inside_count=session.inside_count + people - 1)
    is_decided_elsewhere = event.approval or event.visibility is Visibility.INVITED
    status = RegistrationStatus.CONFIRMED
    if is_decided_elsewhere and not may_edit(actor, event):
        status = RegistrationStatus.PENDING
    decision = decide(
        Door(event.status, event.doors_from, event.ends_at),
        Ticket(registration_status=status.value),
        None,
        session,
        going_out=False,
        overridden=bool(scan.override),
        moment=item.scanned_at,
    )
    return decision.reason if decision.outcome is Outcome.REFUSED else None


async def _sent_away(world: World, item: Submission, reason: Reason) -> ScanAnswer:
    """Counted, and nothing is kept of the person."""
    answer = answer_of(item, None, (), Decision(Outcome.REFUSED, reason), looks_wrong=False)
    await facts.write_scans([fact_of(world.new_id(), item, None, None, answer)])
    return answer


async def _registered(
    world: World,
    actor: Actor,
    event: EventRecord,
    request: WalkInRequest,
    person: WalkInPerson,
    *,
    is_inside: bool,
) -> RegistrationRecord:
    """Raises as `register_at_door`; whoever a phone has let in already is kept in any case."""
    asked = RegistrationRequest(
        email=person.email,
        given_name=person.given_name,
        family_name=person.family_name,
        organisation=person.organisation,
        language=request.language,
        consent=person.consent,
        companions=person.people - 1,
    )
    try:
        return await register_at_door(world, actor, event, asked, is_inside=is_inside)
    except (AlreadyRegistered, InvalidInput):
        if not request.decided:
            raise
    return await register_at_door(world, actor, event, _bare(event, asked), is_inside=True)


def _bare(event: EventRecord, asked: RegistrationRequest) -> RegistrationRequest:
    """What can be kept in any case: the name, as far as it is one, and what this event asks agreement to."""
    given, family = (name[:_NAME_MOST] for name in (asked.given_name, asked.family_name))
    if not has_letters(given + family):
        given, family = translator(event.language).gettext("Without a name"), ""
    known = {purpose.code for purpose in event.consents}
    said = asked.consent
    consent = said if isinstance(said, bool) else [code for code in said if code in known]
    return replace(
        asked, email="", organisation="", given_name=given, family_name=family, consent=consent, language=None
    )
