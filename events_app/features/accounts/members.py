"""Who belongs to a body, in which role."""

from datetime import datetime
from uuid import UUID

import msgspec

from events_app.features.accounts.access import may_administer, may_see_members
from events_app.features.accounts.job_kinds import MEMBER_INVITED
from events_app.features.accounts.rules import (
    FIRST_LINK_LIFE,
    INVITATION_LIFE,
    PLACEHOLDER_EMAIL,
    leaves_no_administrator,
    member_errors,
)
from events_app.features.accounts.sign_in import link_url, make_link, open_link, send_link
from events_app.features.accounts.tables import Body, Membership
from events_app.infra import audit
from events_app.infra.database import execute, lock, retried, row, rows, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor, Role
from events_app.kernel.errors import N_, Conflict, InvalidInput, NotAllowed, NotFound
from events_app.kernel.text import clean_email, clean_line, fold_email

DISABLED = N_("This access is disabled. Whoever looks after the site can enable it again.")


class LastAdministrator(Conflict):
    type = "last-administrator"
    title = N_("A body needs an administrator")
    detail = N_("This is the last administrator. Name another one first.")


class MemberRecord(msgspec.Struct, frozen=True):
    account_id: UUID
    name: str
    email: str
    role: Role
    disabled_at: datetime | None
    pending: bool
    """Invited, and never signed in."""


async def members_of(actor: Actor, body_id: UUID) -> list[MemberRecord]:
    """Raises `NotFound` for a body that is not the actor's."""
    if not may_see_members(actor, body_id):
        raise NotFound
    found = await rows(
        "SELECT a.id AS account_id, a.name, a.email, m.role, a.disabled_at,"
        " CASE WHEN a.signed_in_at IS NULL AND a.password_hash IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM login_session s WHERE s.account = a.id) THEN 1 ELSE 0 END AS pending"
        " FROM membership m JOIN account a ON a.id = m.account"
        " WHERE m.body = {} ORDER BY a.name, a.email",
        body_id,
    )
    return [msgspec.convert(member | {"pending": bool(member["pending"])}, MemberRecord) for member in found]


async def ensure_account(world: World, email: str, name: str = "", language: str = "fr") -> UUID:
    """The account of this (valid) address, made when there is none. Inside a transaction."""
    found = await row("SELECT id FROM account WHERE email_folded = {}", fold_email(email))
    if found:
        return UUID(str(found["id"]))
    # DO NOTHING: another body may be inviting the same person at this moment.
    await execute(
        "INSERT INTO account (id, email, email_folded, name, language, created_at)"
        " VALUES ({}, {}, {}, {}, {}, {}) ON CONFLICT (email_folded) DO NOTHING",
        world.new_id(),
        email,
        fold_email(email),
        clean_line(name)[:200],
        language,
        world.now(),
    )
    found = await row("SELECT id FROM account WHERE email_folded = {}", fold_email(email))
    assert found is not None  # noqa: S101 - ours, or the one that was faster
    return UUID(str(found["id"]))


@retried
async def add_member(
    world: World, actor: Actor, body_id: UUID, email: str, role: str, name: str = "", *, invite: bool = True
) -> UUID:
    """Give the account of this address a role (a new one replaces the old). Raises `NotAllowed`,
    `InvalidInput`, `LastAdministrator`."""
    if not may_administer(actor, body_id):
        raise NotAllowed
    if errors := member_errors(email, role):
        raise InvalidInput(errors)
    address = clean_email(email) or ""
    async with unit_of_work():
        await lock(Body, body_id)
        account_id = await ensure_account(world, address, name)
        if await row("SELECT 1 AS one FROM account WHERE id = {} AND disabled_at IS NOT NULL", account_id):
            raise InvalidInput.one("/email", "disabled", DISABLED)
        roles = await roles_in(body_id)
        is_first = not roles
        if not is_first and leaves_no_administrator(roles, account_id, Role(role)):
            raise LastAdministrator
        await execute("DELETE FROM membership WHERE body = {} AND account = {}", body_id, account_id)
        if role == Role.ADMINISTRATOR:
            await _relieve_the_placeholder()
        await Membership(
            id=world.new_id(), body=body_id, account=account_id, role=role, created_at=world.now()
        ).save()
        await audit.record(world, actor, "member.added", body_id=body_id, object_id=account_id, role=role)
        if invite and account_id not in roles:
            await send_link(world, account_id, INVITATION_LIFE, MEMBER_INVITED)
    return account_id


class LinkToHandOver(msgspec.Struct, frozen=True):
    """`url` is empty where the administrator may not have it."""

    email: str
    url: str


async def link_to_hand_over(world: World, actor: Actor, account_id: UUID) -> LinkToHandOver | None:
    """The open link of somebody whom this administrator has just added, to pass on where no mail is sent.

    Whoever holds it is that person, so it is shown only where the administrator may do all that it opens.
    """
    account = await row("SELECT email FROM account WHERE id = {} AND disabled_at IS NULL", account_id)
    found = await rows("SELECT body FROM membership WHERE account = {}", account_id)
    bodies = [membership["body"] for membership in found]
    if account is None or not any(may_administer(actor, body) for body in bodies):
        return None
    if actor.id == account_id or not all(may_administer(actor, body) for body in bodies):
        return LinkToHandOver(account["email"], "")
    return LinkToHandOver(account["email"], await open_link(world, account_id))


async def one_member(actor: Actor, body_id: UUID, account_id: UUID) -> MemberRecord:
    """For whoever may change it. Raises `NotAllowed`, `NotFound`."""
    if not may_administer(actor, body_id):
        raise NotAllowed
    for member in await members_of(actor, body_id):
        if member.account_id == account_id:
            return member
    raise NotFound


@retried
async def invite_again(world: World, actor: Actor, body_id: UUID, account_id: UUID) -> None:
    """A new link for a member who has never come: mailed, or made for `link_to_hand_over`.

    Raises `NotAllowed`, `NotFound`; `Conflict` for whoever has signed in already, who can ask for a link.
    """
    async with unit_of_work():
        member = await one_member(actor, body_id, account_id)
        if not member.pending or member.disabled_at is not None:
            raise Conflict
        if world.settings.sends_mail:
            await send_link(world, account_id, INVITATION_LIFE, MEMBER_INVITED)
        else:
            await make_link(world, account_id, INVITATION_LIFE)
        await audit.record(world, actor, "member.invited_again", body_id=body_id, object_id=account_id)


async def ends_with(body_id: UUID, account_id: UUID) -> tuple[int, bool]:
    """What a removal ends: working keys that this member made, and whether the whole access goes."""
    found = await row(
        "SELECT (SELECT count(*) FROM api_key WHERE body = {} AND created_by = {} AND revoked_at IS NULL)"
        " AS keys, (SELECT count(*) FROM membership WHERE account = {} AND body <> {}) AS others",
        body_id,
        account_id,
        account_id,
        body_id,
    )
    return (int(found["keys"]), not found["others"]) if found else (0, True)


@retried
async def remove_member(world: World, actor: Actor, body_id: UUID, account_id: UUID) -> None:
    """Raises `NotAllowed`, `NotFound`, `LastAdministrator`."""
    if not may_administer(actor, body_id):
        raise NotAllowed
    async with unit_of_work():
        await lock(Body, body_id)
        found = await row("SELECT role FROM membership WHERE body = {} AND account = {}", body_id, account_id)
        if found is None:
            raise NotFound
        roles = await roles_in(body_id)
        if account_id in roles and leaves_no_administrator(roles, account_id, None):
            raise LastAdministrator
        await execute("DELETE FROM membership WHERE body = {} AND account = {}", body_id, account_id)
        # Who belongs nowhere any more has no access: their name, address, sessions and links go with it.
        await execute(
            "DELETE FROM account WHERE id = {} AND disabled_at IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.account = account.id)",
            account_id,
        )
        await audit.record(world, actor, "member.removed", body_id=body_id, object_id=account_id)


async def roles_in(body_id: UUID) -> dict[UUID, Role]:
    """Of those who have an access: whoever is disabled administers nothing."""
    found = await rows(
        "SELECT m.account, m.role FROM membership m JOIN account a ON a.id = m.account"
        " WHERE m.body = {} AND a.disabled_at IS NULL",
        body_id,
    )
    return {member["account"]: Role(member["role"]) for member in found}


async def _relieve_the_placeholder() -> None:
    """The first start makes an administrator whom nobody is yet: gone once somebody else is one, unless
    somebody has already come in as it and is about to say who they are."""
    await execute(
        "DELETE FROM account WHERE email_folded = {}"
        " AND NOT EXISTS (SELECT 1 FROM login_session s WHERE s.account = account.id)",
        PLACEHOLDER_EMAIL,
    )


async def first_administrator_link(world: World, body_id: UUID) -> str | None:
    """A one-time link for the first administrator; None once somebody has an account."""
    async with unit_of_work():
        found = await row(
            "SELECT (SELECT count(*) FROM login_session) AS sessions,"
            " (SELECT count(*) FROM membership) AS members"
        )
        if found is None or found["sessions"] or found["members"] > 1:
            return None
        account_id = await ensure_account(world, PLACEHOLDER_EMAIL, "Administrateur")
        if not await roles_in(body_id):
            await Membership(
                id=world.new_id(),
                body=body_id,
                account=account_id,
                role=Role.ADMINISTRATOR.value,
                created_at=world.now(),
            ).save()
        # A second server that starts beside the first one prints the same link.
        fresh = await row(
            "SELECT id FROM login_link WHERE account = {} AND used_at IS NULL AND expires_at > {}",
            account_id,
            world.now() + FIRST_LINK_LIFE / 2,
        )
        if fresh is not None:
            return link_url(world, fresh["id"])
        await execute("DELETE FROM login_link WHERE account = {}", account_id)
        return await make_link(world, account_id, FIRST_LINK_LIFE)


async def describe_account(world: World, actor: Actor, name: str, language: str) -> None:
    """One's own name and language."""
    async with unit_of_work():
        await execute(
            "UPDATE account SET name = {}, language = {} WHERE id = {}",
            clean_line(name)[:200],
            language,
            actor.id,
        )
        await audit.record(world, actor, "account.changed", object_id=actor.id)
