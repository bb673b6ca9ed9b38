"""What somebody agreed to: shown, taken back, given again (docs/decisions/0085-agreements-taken-back.md).

One row for each: the words that were shown last, and the dates. Every giving and taking back before stands
in the audit.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.events.model import ConsentPurpose, EventRecord
from events_app.features.registration.access import is_theirs
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.queries import registration_by_id
from events_app.features.registration.reading import locked
from events_app.features.registration.rules import NotPossibleNow
from events_app.infra import audit
from events_app.infra.database import execute, retried, rows, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotAllowed, NotFound


class GivenConsent(msgspec.Struct, frozen=True):
    """That somebody agreed, in the words that were shown."""

    code: str
    purpose: str
    given_at: datetime
    withdrawn_at: datetime | None


class ConsentState(msgspec.Struct, frozen=True):
    """How one agreement stands. `at`: when it was given last; None: never."""

    code: str
    purpose: str
    required: bool
    asked: bool  # the event still asks it
    at: datetime | None
    withdrawn_at: datetime | None

    @property
    def given(self) -> bool:
        return self.at is not None and self.withdrawn_at is None


def standing(purposes: Sequence[ConsentPurpose], given: Sequence[GivenConsent]) -> list[ConsentState]:
    """One for each that the event asks, then those that it no longer asks. Pure."""
    by_code = {each.code: each for each in given}
    asked = {purpose.code: purpose for purpose in purposes}
    return [
        _state(code, asked.get(code), by_code.get(code))
        for code in [*asked, *(code for code in by_code if code not in asked)]
    ]


def _state(code: str, purpose: ConsentPurpose | None, last: GivenConsent | None) -> ConsentState:
    return ConsentState(
        code=code,
        purpose=last.purpose if last else purpose.purpose if purpose else "",
        required=purpose is not None and purpose.required,
        asked=purpose is not None,
        at=last.given_at if last else None,
        withdrawn_at=last.withdrawn_at if last else None,
    )


async def consents_of(ids: Sequence[UUID]) -> dict[UUID, list[GivenConsent]]:
    """By registration, in one query; `ids` are those of one page."""
    if not ids:
        return {}
    marks = ", ".join("{}" for _ in ids)
    return _grouped(
        await rows(
            "SELECT registration, code, purpose, given_at, withdrawn_at FROM consent"
            f" WHERE registration IN ({marks}) ORDER BY given_at, code",
            *ids,
        )
    )


async def consents_of_event(event_id: UUID) -> dict[UUID, list[GivenConsent]]:
    return _grouped(
        await rows(
            "SELECT c.registration, c.code, c.purpose, c.given_at, c.withdrawn_at FROM consent c"
            " JOIN registration r ON r.id = c.registration WHERE r.event = {} ORDER BY c.given_at, c.code",
            event_id,
        )
    )


async def standing_of(event: EventRecord, registration: RegistrationRecord) -> list[ConsentState]:
    return standing(event.consents, (await consents_of([registration.id])).get(registration.id, []))


@retried
async def withdraw(
    world: World, actor: Actor, registration_id: UUID, code: str, expected_revision: int | None = None
) -> RegistrationRecord:
    """Possible at any time, also of what is needed to take part and after the event: the registration stays.

    Repeating it changes nothing. Raises `NotFound` also for what was neither asked nor given, `NotAllowed`,
    `RevisionMismatch`.
    """
    async with unit_of_work():
        registration, event = await locked(actor, registration_id, expected_revision)
        state = await _known(event, registration, code)
        if not state.given:
            return registration
        await execute(
            "UPDATE consent SET withdrawn_at = {} WHERE registration = {} AND code = {}"
            " AND withdrawn_at IS NULL",
            world.now(),
            registration.id,
            code,
        )
        return await _changed(world, actor, event, registration, "registration.consent_withdrawn", code)


@retried
async def give(
    world: World, actor: Actor, registration_id: UUID, code: str, expected_revision: int | None = None
) -> RegistrationRecord:
    """By the person alone: nobody agrees for somebody else. Raises as `withdraw`; also `NotPossibleNow` once
    the registration is withdrawn, refused or erased."""
    async with unit_of_work():
        registration, event = await locked(actor, registration_id, expected_revision)
        if not is_theirs(actor, registration):
            raise NotAllowed
        state = await _known(event, registration, code)
        if not state.asked:
            raise NotFound
        if state.given:
            return registration
        if not registration.status.is_active:
            raise NotPossibleNow(status=registration.status.value)
        purpose = next(each for each in event.consents if each.code == code)
        await execute(
            "INSERT INTO consent (id, registration, code, purpose, given_at) VALUES ({}, {}, {}, {}, {})"
            " ON CONFLICT (registration, code) DO UPDATE SET purpose = excluded.purpose,"
            " given_at = excluded.given_at, withdrawn_at = NULL",
            world.new_id(),
            registration.id,
            code,
            purpose.purpose,
            world.now(),
        )
        return await _changed(world, actor, event, registration, "registration.consent_given", code)


async def _known(event: EventRecord, registration: RegistrationRecord, code: str) -> ConsentState:
    found = [each for each in await standing_of(event, registration) if each.code == code]
    if not found or registration.erased_at is not None:
        raise NotFound
    return found[0]


async def _changed(
    world: World, actor: Actor, event: EventRecord, registration: RegistrationRecord, action: str, code: str
) -> RegistrationRecord:
    await execute("UPDATE registration SET revision = revision + 1 WHERE id = {}", registration.id)
    await audit.record(
        world, actor, action, body_id=event.body_id, event_id=event.id, object_id=registration.id, code=code
    )
    return await registration_by_id(registration.id) or registration


def _grouped(found: Sequence[dict[str, Any]]) -> dict[UUID, list[GivenConsent]]:
    by_registration: dict[UUID, list[GivenConsent]] = defaultdict(list)
    for each in found:
        registration_id = each.pop("registration")
        by_registration[registration_id].append(msgspec.convert(each, GivenConsent, strict=False))
    return dict(by_registration)
