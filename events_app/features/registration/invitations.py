"""Who may register at an event by invitation: a list of addresses, each with a link of its own."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord
from events_app.features.registration import job_kinds, storage
from events_app.features.registration.access import may_decide
from events_app.features.registration.job_kinds import AboutInvitation, AboutRegistration
from events_app.features.registration.links import invitation_token
from events_app.features.registration.model import RegistrationRequest
from events_app.features.registration.queries import active_lead
from events_app.features.registration.rules import InvitationNeeded
from events_app.infra import audit, jobs, outbox
from events_app.infra.database import retried, row, rows, unit_of_work
from events_app.infra.forgetting import leave_no_trace
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, FieldError, InvalidInput, NotAllowed, NotFound
from events_app.kernel.ids import token_hash
from events_app.kernel.text import clean_email, clean_line, email_problem, fold_email

MOST_AT_ONCE = 2_000
AGAIN_AT_MOST_EVERY = timedelta(hours=1)
_BETWEEN = re.compile(r"[\s,;]+")
# "Léa Martin <lea@example.org>", as a mail program copies it: what stands in the angle brackets counts.
_BRACKETED = re.compile(r"[^<>\n,;]*<([^<>\s]+)>")


class Invited(msgspec.Struct, frozen=True):
    id: UUID
    email: str
    created_at: datetime
    status: str | None  # of the registration under this address, when there is one


async def invited_address(event: EventRecord, token: str) -> str | None:
    """The address that this invitation was made for."""
    found = await row(
        "SELECT email FROM invitation WHERE token_hash = {} AND event = {}", token_hash(token), event.id
    )
    return str(found["email"]) if found else None


async def require_invitation(event: EventRecord, request: RegistrationRequest) -> None:
    """Raises `InvitationNeeded`, the same for everybody without a valid link; with one, `InvalidInput` when
    the address is not the invited one: who holds the link knows that address."""
    address = await invited_address(event, request.invitation) if request.invitation else None
    if address is None:
        raise InvitationNeeded
    if fold_email(clean_email(request.email) or "") != fold_email(address):
        message = N_("This invitation was made for another address. Please use the one it was sent to.")
        raise InvalidInput.one("/email", "not-invited", message)


@retried
async def invite(world: World, actor: Actor, event: EventRecord, pasted: str, *, notify: bool = True) -> int:
    """Invite each address of a pasted list, once; how many are new. Each gets a mail with a link, unless
    `notify` is false.

    Raises `NotAllowed`, and `InvalidInput` naming what is no address: nobody is invited then.
    """
    if not may_decide(actor, event):
        raise NotAllowed
    addresses = addresses_in(pasted)
    async with unit_of_work():
        await held(event.id)
        found = await rows("SELECT email_folded FROM invitation WHERE event = {}", event.id)
        known = {each["email_folded"] for each in found}
        fresh = [(world.new_id(), email) for email in addresses if fold_email(email) not in known]
        now = world.now()
        await storage.insert_rows(
            "invitation",
            ("id", "event", "email", "email_folded", "token_hash", "created_at"),
            [
                (key, event.id, email, fold_email(email), token_hash(invitation_token(world, key)), now)
                for key, email in fresh
            ],
        )
        payloads = [AboutInvitation(key) for key, _ in fresh]
        if notify:
            await jobs.enqueue_many(world, job_kinds.INVITATION, payloads, event_id=event.id)
        if fresh:
            await _note(world, actor, event, "invitation.sent", people=len(fresh))
    return len(fresh)


async def send_again(world: World, actor: Actor, event: EventRecord, email: str) -> None:
    """To whoever is invited under this address, or registered already; the caller is told the same in every
    case. At most once an hour."""
    address = clean_email(email)
    if address is None:
        raise InvalidInput.one("/email", "invalid", email_problem(email))
    async with unit_of_work():
        await held(event.id)
        found = await row(
            "SELECT id FROM invitation WHERE event = {} AND email_folded = {}", event.id, fold_email(address)
        )
        if found is None:
            return
        lately = await row(  # index audit_event
            "SELECT 1 AS one FROM audit_entry WHERE event_id = {} AND at > {} AND object_id = {}"
            " AND action = 'invitation.asked_again'",
            event.id,
            world.now() - AGAIN_AT_MOST_EVERY,
            found["id"],
        )
        if lately is not None:
            return
        known = await active_lead(event.id, address)
        if known is not None:
            kind = job_kinds.ALREADY_REGISTERED
            await jobs.enqueue(world, kind, AboutRegistration(known.id), event_id=event.id)
        else:
            invited = AboutInvitation(found["id"])
            await jobs.enqueue(world, job_kinds.INVITATION, invited, event_id=event.id)
        await audit.record(
            world,
            actor,
            "invitation.asked_again",
            body_id=event.body_id,
            event_id=event.id,
            object_id=found["id"],
        )


async def uninvite(world: World, actor: Actor, event: EventRecord, invitation_id: UUID) -> None:
    """The link stops working; a registration made by it stays. Of whoever never registered nothing is left.
    Raises `NotAllowed`, `NotFound`."""
    if not may_decide(actor, event):
        raise NotAllowed
    async with unit_of_work():
        await held(event.id)
        found = await rows(
            "DELETE FROM invitation WHERE id = {} AND event = {} RETURNING email", invitation_id, event.id
        )
        if not found:
            raise NotFound
        if await active_lead(event.id, found[0]["email"]) is None:
            await outbox.forget_address(event.id, found[0]["email"])
        await _note(world, actor, event, "invitation.taken_back", people=1)
    await leave_no_trace()


async def invitations_of(event_id: UUID) -> list[Invited]:
    """By address, with how far each has come."""
    found = await rows(
        "SELECT i.id, i.email, i.created_at, r.status FROM invitation i LEFT JOIN registration r"
        " ON r.event = i.event AND r.email_folded = i.email_folded AND r.id = r.group_id"
        " AND r.status IN ('pending', 'confirmed', 'waiting')"
        " WHERE i.event = {} ORDER BY i.email_folded",
        event_id,
    )
    return [msgspec.convert(each, Invited) for each in found]


def addresses_in(pasted: str) -> list[str]:
    """Addresses separated by spaces, commas, semicolons or lines, each once. Raises `InvalidInput`."""
    words = [word for word in _BETWEEN.split(_BRACKETED.sub(r" \1 ", pasted)) if word]
    if not words:
        raise InvalidInput.one("/addresses", "required", N_("This field is needed."))
    if len(words) > MOST_AT_ONCE:
        message = N_("Please invite at most {most} people at once.")
        raise InvalidInput.one("/addresses", "too-many", message, most=MOST_AT_ONCE)
    wrong = [word for word in words if clean_email(word) is None]
    if wrong:
        message = N_("These are no e-mail addresses: {words}")
        shown = ", ".join(clean_line(word)[:60] for word in wrong[:10])
        raise InvalidInput([FieldError("/addresses", "invalid", message, {"words": shown})])
    addresses = [email for word in words if (email := clean_email(word))]
    return list({fold_email(email): email for email in reversed(addresses)}.values())[::-1]


async def _note(world: World, actor: Actor, event: EventRecord, action: str, people: int) -> None:
    await audit.record(world, actor, action, body_id=event.body_id, event_id=event.id, people=people)
