"""Registrations one by one, and their list."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody

from events_app.features.events.queries import sessions_of, visible_event
from events_app.features.registration import (
    approval,
    changes,
    companions,
    consents,
    restoring,
    service,
    views,
    withdrawal,
)
from events_app.features.registration.api.limits import expect_patience
from events_app.features.registration.changes import RegistrationChanges
from events_app.features.registration.model import Companion, RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import Narrower, registrations_of
from events_app.features.registration.reading import readable, readable_list
from events_app.features.registration.schemas import (
    CompanionIn,
    NewRegistration,
    PreferencesIn,
    RefusalIn,
    RegistrationList,
    RegistrationReceipt,
    RegistrationView,
)
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput
from events_app.web.guards import ORGANISING, READING, requires
from events_app.web.idempotency import answer_once
from events_app.web.revisions import etag_of, expected_revision

AnyRequest = Request[Any, Any, Any]
LIMIT_MOST = 500


_COMPANION = ResponseSpec(RegistrationView, description="The companion", media_type="application/json")
_RECEIPT = ResponseSpec(RegistrationReceipt, description="The receipt", media_type="application/json")


@post("/events/{slug:str}/registrations", tags=["registrations"], responses={201: _RECEIPT})
async def register(
    request: AnyRequest,
    slug: FromPath[str],
    data: JSONBody[NewRegistration],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """Register somebody. Without a key the number per minute is limited, and links come by mail only."""
    if not actor.is_known:
        expect_patience(request)
    event = await visible_event(actor, slug)

    async def work() -> RegistrationReceipt:
        answer = await service.register(world, actor, event, data.request())
        return await views.receipt(world, event, answer)

    return await answer_once(request, world, work)


@get("/events/{slug:str}/registrations", guards=[requires(*READING)], tags=["registrations"])
async def list_registrations(
    slug: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    status: FromQuery[RegistrationStatus | None] = None,
    q: FromQuery[str] = "",
    session: FromQuery[str] = "",
    consent: FromQuery[str] = "",
    tag: FromQuery[str] = "",
    commune: FromQuery[str] = "",
    profile: FromQuery[str] = "",
    cursor: FromQuery[str] = "",
    limit: FromQuery[int] = 100,
) -> RegistrationList:
    """People registered, in order of arrival.

    `session`: who has a place in it (before placement: who wishes it). `consent`: who agrees to this now.
    `commune`: by name or INSEE code.
    """
    event = await readable_list(actor, slug)
    if not 1 <= limit <= LIMIT_MOST:
        message = N_("Please enter a whole number from {low} to {high}.")
        raise InvalidInput.one("/limit", "range", message, low=1, high=LIMIT_MOST)
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 9):
        raise InvalidInput.one("/cursor", "invalid", N_("This value cannot be accepted."))
    session_id = None
    if session:
        found = [each.id for each in await sessions_of(event.id) if each.code == session]
        if not found:
            raise InvalidInput.one("/session", "unknown", N_("This event has no such session."))
        session_id = found[0]
    if consent and consent not in {purpose.code for purpose in event.consents}:
        raise InvalidInput.one("/consent", "unknown", N_("This event does not ask this."))
    registrations = await registrations_of(
        event.id,
        status,
        q,
        session_id,
        int(cursor or 0),
        limit + 1,
        narrower=Narrower(consent, tag, commune, profile),
    )
    page = registrations[:limit]
    more = len(registrations) > limit
    return RegistrationList(
        items=await views.view_many(world, actor, event, page),
        next_cursor=str(page[-1].arrival) if more else None,
    )


@get(
    "/registrations/{registration_id:uuid}",
    guards=[requires(*READING, or_participant=True)],
    tags=["registrations"],
)
async def read_registration(
    registration_id: FromPath[UUID], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[RegistrationView]:
    """One registration, with its links and its place in the waiting list."""
    registration, _ = await readable(actor, registration_id)
    return await _answer(world, actor, registration)


@patch(
    "/registrations/{registration_id:uuid}",
    guards=[requires(*ORGANISING, or_participant=True)],
    tags=["registrations"],
)
async def change_registration(
    request: AnyRequest,
    registration_id: FromPath[UUID],
    data: JSONBody[RegistrationChanges],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[RegistrationView]:
    """Change what is named: names, organisation, commune, profile, answers, language."""
    changed = await changes.change(world, actor, registration_id, data, expected_revision(request))
    return await _answer(world, actor, changed)


@post(
    "/registrations/{registration_id:uuid}/cancel",
    status_code=200,
    guards=[requires(*ORGANISING, or_participant=True)],
    tags=["registrations"],
)
async def cancel_registration(
    request: AnyRequest,
    registration_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[RegistrationView]:
    """Withdraw a registration.

    The place goes to the next in line at once. Whoever leads a group takes all of it along.
    """
    cancelled = await withdrawal.cancel(world, actor, registration_id, expected_revision(request))
    return await _answer(world, actor, cancelled)


@post(
    "/registrations/{registration_id:uuid}/approve",
    status_code=200,
    guards=[requires(*ORGANISING)],
    tags=["registrations"],
)
async def approve_registration(
    request: AnyRequest,
    registration_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[RegistrationView]:
    """Say yes to somebody who is pending, or give a free place to somebody who waits."""
    approved = await approval.approve(world, actor, registration_id, expected_revision(request))
    return await _answer(world, actor, approved)


@post(
    "/registrations/{registration_id:uuid}/refuse",
    status_code=200,
    guards=[requires(*ORGANISING)],
    tags=["registrations"],
)
async def refuse_registration(
    request: AnyRequest,
    registration_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    data: JSONBody[RefusalIn | None] = None,
) -> Response[RegistrationView]:
    """Say no to somebody who is pending, or take somebody off the waiting list; with a reason or without."""
    reason = data.reason if data else ""
    refused = await approval.refuse(world, actor, registration_id, expected_revision(request), reason)
    return await _answer(world, actor, refused)


@post(
    "/registrations/{registration_id:uuid}/restore",
    status_code=200,
    guards=[requires(*ORGANISING)],
    tags=["registrations"],
)
async def restore_registration(
    request: AnyRequest,
    registration_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[RegistrationView]:
    """Register again who withdrew or was refused, by the rules of this moment: behind who came meanwhile."""
    restored = await restoring.restore(world, actor, registration_id, expected_revision(request))
    return await _answer(world, actor, restored)


@put(
    "/registrations/{registration_id:uuid}/preferences",
    guards=[requires(*ORGANISING, or_participant=True)],
    tags=["registrations"],
)
async def set_preferences(
    request: AnyRequest,
    registration_id: FromPath[UUID],
    data: JSONBody[PreferencesIn],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[RegistrationView]:
    """Replace the ranked wishes. A participant sends the secret of the personal link as bearer token."""
    revision = expected_revision(request)
    changed = await changes.set_preferences(
        world, actor, registration_id, data.preferences, revision, accepts_any=data.accepts_any
    )
    return await _answer(world, actor, changed)


@put(
    "/registrations/{registration_id:uuid}/consents/{code:str}",
    guards=[requires(or_participant=True)],
    tags=["registrations"],
)
async def give_consent(
    request: AnyRequest,
    registration_id: FromPath[UUID],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[RegistrationView]:
    """Agree, from now on. By the secret of the personal link alone: nobody agrees for somebody else."""
    changed = await consents.give(world, actor, registration_id, code, expected_revision(request))
    return await _answer(world, actor, changed)


@delete(
    "/registrations/{registration_id:uuid}/consents/{code:str}",
    status_code=200,
    guards=[requires(*ORGANISING, or_participant=True)],
    tags=["registrations"],
)
async def withdraw_consent(
    request: AnyRequest,
    registration_id: FromPath[UUID],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[RegistrationView]:
    """Take an agreement back, from now on. The registration stays; repeating it changes nothing."""
    changed = await consents.withdraw(world, actor, registration_id, code, expected_revision(request))
    return await _answer(world, actor, changed)


@post(
    "/registrations/{registration_id:uuid}/companions",
    guards=[requires(*ORGANISING, or_participant=True)],
    tags=["registrations"],
    responses={
        201: ResponseSpec(RegistrationView, description="The companion", media_type="application/json")
    },
)
async def add_companion(
    request: AnyRequest,
    registration_id: FromPath[UUID],
    data: JSONBody[CompanionIn],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """Somebody more for this person's group. To name or replace one, change that registration's names."""
    wanted = Companion(data.given_name, data.family_name)

    async def work() -> RegistrationView:
        added = await companions.add(world, actor, registration_id, wanted, expected_revision(request))
        _, event = await readable(actor, added.id)
        return await views.view_one(world, actor, event, added)

    return await answer_once(request, world, work)


async def _answer(world: World, actor: Actor, registration: RegistrationRecord) -> Response[RegistrationView]:
    _, event = await readable(actor, registration.id)
    view = await views.view_one(world, actor, event, registration)
    return Response(view, headers={"etag": etag_of(registration.revision)})


ROUTES = [
    register,
    list_registrations,
    read_registration,
    change_registration,
    cancel_registration,
    approve_registration,
    refuse_registration,
    restore_registration,
    set_preferences,
    add_companion,
    give_consent,
    withdraw_consent,
]
