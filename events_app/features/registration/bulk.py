"""One deed for many people: each by itself, so that what cannot be done for one stops nobody else."""

from collections.abc import Awaitable, Callable
from typing import Literal
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord
from events_app.features.events.queries import sessions_of
from events_app.features.registration import approval, restoring, withdrawal
from events_app.features.registration.access import may_decide
from events_app.features.registration.approval import cleaned_reason
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import Narrower, registration_by_id, registrations_of
from events_app.features.registration.tags import set_tag
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, AppError, InvalidInput, NotAllowed, NotFound

Action = Literal["approve", "refuse", "cancel", "restore"]
BulkAction = Literal["approve", "refuse", "cancel", "restore", "tag", "untag"]
MOST_AT_ONCE = 1000

_Deed = Callable[[World, Actor, UUID], Awaitable[RegistrationRecord]]
_DEEDS: dict[Action, _Deed] = {
    "approve": approval.approve,
    "cancel": withdrawal.cancel,
    "restore": restoring.restore,
}


class BulkFilter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As the list's own filters. All that is given must hold."""

    status: RegistrationStatus | None = None
    session: str = ""
    q: str = ""
    consent: str = ""
    tag: str = ""
    commune: str = ""
    profile: str = ""

    @property
    def narrower(self) -> Narrower:
        return Narrower(self.consent, self.tag, self.commune, self.profile)


class Refused(msgspec.Struct, frozen=True):
    """`error` says why; the name is empty where there is no such person at this event."""

    registration_id: UUID
    name: str
    error: AppError


class BulkOutcome(msgspec.Struct, frozen=True):
    done: list[UUID]
    refused: list[Refused]


async def carry_out(
    world: World, actor: Actor, event: EventRecord, action: Action, ids: list[UUID], reason: str = ""
) -> BulkOutcome:
    """In the order given; companions go with whoever leads their group where the single deed does so.

    Each person's deed is a transaction of its own, as if it had been asked for alone. `reason`: of a
    refusal, read by each. Raises `NotAllowed`, `InvalidInput`.
    """
    _expect_possible(actor, event, ids)
    cleaned_reason(reason)
    done: list[UUID] = []
    refused: list[Refused] = []
    for registration_id in dict.fromkeys(ids):
        registration = await registration_by_id(registration_id)
        if registration is None or registration.event_id != event.id:
            refused.append(Refused(registration_id, "", NotFound()))
            continue
        try:
            if action == "refuse":
                await approval.refuse(world, actor, registration_id, reason=reason)
            else:
                await _DEEDS[action](world, actor, registration_id)
            done.append(registration_id)
        except AppError as error:
            refused.append(Refused(registration_id, registration.name, error))
    return BulkOutcome(done, refused)


async def put_tag(
    world: World, actor: Actor, event: EventRecord, ids: list[UUID], tag: str, *, on: bool
) -> BulkOutcome:
    """All in one transaction. Raises `NotAllowed`, `InvalidInput`."""
    _expect_possible(actor, event, ids)
    wanted = list(dict.fromkeys(ids))
    tagged = set((await set_tag(world, actor, event, wanted, tag, on=on)).people)
    return BulkOutcome(
        [each for each in wanted if each in tagged],
        [Refused(each, "", NotFound()) for each in wanted if each not in tagged],
    )


def _expect_possible(actor: Actor, event: EventRecord, ids: list[UUID]) -> None:
    if not may_decide(actor, event):
        raise NotAllowed
    if len(ids) > MOST_AT_ONCE:
        message = N_("Please choose {most} people at most.")
        raise InvalidInput.one("/ids", "range", message, most=MOST_AT_ONCE)


async def chosen_by(event: EventRecord, wanted: BulkFilter) -> list[UUID]:
    """Who is meant by a filter, in order of arrival; one more than may be meant at once tells that it is
    too many. Raises `InvalidInput`."""
    session_id = None
    if wanted.session:
        found = [each.id for each in await sessions_of(event.id) if each.code == wanted.session]
        if not found:
            message = N_("This event has no such session.")
            raise InvalidInput.one("/filter/session", "unknown", message)
        session_id = found[0]
    people = await registrations_of(
        event.id,
        wanted.status.value if wanted.status else None,
        wanted.q,
        session_id,
        limit=MOST_AT_ONCE + 1,
        narrower=wanted.narrower,
    )
    return [each.id for each in people]
