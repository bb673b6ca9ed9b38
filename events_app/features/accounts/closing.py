"""Accounts that are closed: disabled at once and everywhere, or gone with the last membership.

What else somebody holds is asked about at each use, not written about: a key (`authentication.py`) or a lent
phone (`admission/devices.py`) works while whoever made it has an access to that body.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from events_app.features.accounts.bodies import administers_site
from events_app.features.accounts.members import LastAdministrator, roles_in
from events_app.features.accounts.rules import leaves_no_administrator
from events_app.features.accounts.tables import Body
from events_app.infra import audit
from events_app.infra.database import execute, lock, read_snapshot, retried, row, rows, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor, ActorKind, Role
from events_app.kernel.errors import N_, Conflict, NotAllowed, NotFound
from events_app.kernel.text import clean_email, fold_email


class OwnAccess(Conflict):
    type = "own-access"
    title = N_("This is your own access")
    detail = N_("Nobody takes their own access away. Another administrator can.")


class AccessRecord(msgspec.Struct, frozen=True):
    """`roles`: name of the body and role in it."""

    id: UUID
    name: str
    email: str
    disabled_at: datetime | None
    roles: list[tuple[str, Role]]


async def all_accounts(actor: Actor) -> list[AccessRecord]:
    """Of every body, by name. Raises `NotAllowed` to whoever does not look after the site."""
    if not await administers_site(actor):
        raise NotAllowed
    async with read_snapshot():
        accounts = await rows("SELECT id, name, email, disabled_at FROM account ORDER BY name, email")
        found = await rows(
            "SELECT m.account, b.name, m.role FROM membership m JOIN body b ON b.id = m.body ORDER BY b.name"
        )
    roles: dict[UUID, list[tuple[str, Role]]] = {account["id"]: [] for account in accounts}
    for each in found:
        roles[each["account"]].append((each["name"], Role(each["role"])))
    return [AccessRecord(roles=roles[account["id"]], **account) for account in accounts]


async def account_of(email: str) -> UUID:
    """Raises `NotFound`."""
    found = await row(
        "SELECT id FROM account WHERE email_folded = {}", fold_email(clean_email(email) or email)
    )
    if found is None:
        raise NotFound
    return UUID(str(found["id"]))


@retried
async def disable_account(world: World, actor: Actor, account_id: UUID) -> None:
    """Ends every session and link; passwords, keys and lent phones of this person stop with it. Raises
    `NotAllowed`, `NotFound`, `LastAdministrator`, `OwnAccess`."""
    async with unit_of_work():
        await _allowed(actor, account_id)
        if actor.kind is ActorKind.ACCOUNT and actor.id == account_id:
            raise OwnAccess
        found = await rows("SELECT body FROM membership WHERE account = {} ORDER BY body", account_id)
        for body_id in sorted(each["body"] for each in found):
            await lock(Body, body_id)
            roles = await roles_in(body_id)
            administers = roles.get(account_id) is Role.ADMINISTRATOR
            if administers and leaves_no_administrator(roles, account_id, None):
                raise LastAdministrator
        done = await execute(
            "UPDATE account SET disabled_at = {} WHERE id = {} AND disabled_at IS NULL",
            world.now(),
            account_id,
        )
        await execute("DELETE FROM login_session WHERE account = {}", account_id)
        await execute("DELETE FROM login_link WHERE account = {}", account_id)
        if done:
            await audit.record(world, actor, "account.disabled", object_id=account_id)


@retried
async def enable_account(world: World, actor: Actor, account_id: UUID) -> None:
    """The roles, the password, keys and lent phones work again; who was signed in signs in anew. Raises
    `NotAllowed`, `NotFound`."""
    async with unit_of_work():
        await _allowed(actor, account_id)
        done = await execute(
            "UPDATE account SET disabled_at = NULL WHERE id = {} AND disabled_at IS NOT NULL", account_id
        )
        if done:
            await audit.record(world, actor, "account.enabled", object_id=account_id)


async def _allowed(actor: Actor, account_id: UUID) -> None:
    if not await administers_site(actor):
        raise NotAllowed
    if await row("SELECT 1 AS one FROM account WHERE id = {}", account_id) is None:
        raise NotFound
