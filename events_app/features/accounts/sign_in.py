"""Signing in by a mailed link or a password, and out everywhere."""

from datetime import timedelta
from uuid import UUID

import msgspec

from events_app.features.accounts import job_kinds
from events_app.features.accounts.job_kinds import AskedLink, LinkToSend
from events_app.features.accounts.passwords import hash_password, verify_password
from events_app.features.accounts.rules import LINK_LIFE, SESSION_LIFE, password_errors
from events_app.features.accounts.tables import LoginLink, LoginSession
from events_app.infra import audit, jobs
from events_app.infra.database import execute, row, unit_of_work
from events_app.infra.job_kinds import ClaimedJob, Kind
from events_app.infra.world import World
from events_app.kernel.actor import Actor, ActorKind
from events_app.kernel.errors import N_, AppError, InvalidInput, NotAllowed
from events_app.kernel.ids import token_hash
from events_app.kernel.text import clean_email, fold_email


class LinkSpent(AppError):
    type = "link-spent"
    status = 410
    title = N_("This link no longer works")
    detail = N_("It was used already or is too old. Ask for a new one: it takes a minute.")


class WrongPassword(AppError):
    type = "wrong-password"
    status = 422
    title = N_("Sign-in refused")
    detail = N_("Address or password are not right.")


class SignedIn(msgspec.Struct, frozen=True):
    account_id: UUID
    name: str
    session_token: str  # for the cookie; only its hash is stored


async def ask_for_link(world: World, email: str) -> None:
    """Mail a link to the account of this address. The caller learns nothing of whether there is one: the same
    is read and written for an address that nobody has, and the rest is done by the worker."""
    address = clean_email(email)
    if address is None:
        return
    account = await row(
        "SELECT id FROM account WHERE email_folded = {} AND disabled_at IS NULL", fold_email(address)
    )
    async with unit_of_work():
        await jobs.enqueue(world, job_kinds.SEND_LINK, AskedLink(account["id"] if account else None))


async def send_asked_link(world: World, job: ClaimedJob, asked: AskedLink) -> None:
    if asked.account_id is not None:
        await send_link(world, asked.account_id, LINK_LIFE, job_kinds.SIGN_IN)


async def send_link(world: World, account_id: UUID, life: timedelta, mail: Kind[LinkToSend]) -> None:
    async with unit_of_work():
        link_id = await _new_link(world, account_id, life)
        await jobs.enqueue(world, mail, LinkToSend(account_id, link_id))


async def make_link(world: World, account_id: UUID, life: timedelta) -> str:
    """A single-use address to be handed over by hand or printed at the first start."""
    async with unit_of_work():
        link_id = await _new_link(world, account_id, life)
    return link_url(world, link_id)


async def open_link(world: World, account_id: UUID) -> str:
    """The newest address that still signs this person in; "" without one."""
    found = await row(
        "SELECT id FROM login_link WHERE account = {} AND used_at IS NULL AND expires_at > {}"
        " ORDER BY created_at DESC, id DESC LIMIT 1",
        account_id,
        world.now(),
    )
    return link_url(world, found["id"]) if found else ""


def link_url(world: World, link_id: UUID) -> str:
    """The token is derived, so a job's payload holds no secret."""
    return world.url(f"/sign-in/{world.derived_token('sign-in', str(link_id))}")


async def _new_link(world: World, account_id: UUID, life: timedelta) -> UUID:
    link_id = world.new_id()
    await LoginLink(
        id=link_id,
        token_hash=token_hash(world.derived_token("sign-in", str(link_id))),
        account=account_id,
        created_at=world.now(),
        expires_at=world.now() + life,
    ).save()
    return link_id


async def link_is_good(world: World, token: str) -> bool:
    """Looking does not spend it: mail filters open links before people do."""
    found = await row(
        "SELECT l.id FROM login_link l JOIN account a ON a.id = l.account WHERE l.token_hash = {}"
        " AND l.used_at IS NULL AND l.expires_at > {} AND a.disabled_at IS NULL",
        token_hash(token),
        world.now(),
    )
    return found is not None


async def sign_in_by_link(world: World, token: str, previous_session: str | None) -> SignedIn:
    """Raises `LinkSpent`. Of two clicks at once, one signs in."""
    async with unit_of_work():
        spent = await row(
            "UPDATE login_link SET used_at = {} WHERE token_hash = {} AND used_at IS NULL"
            " AND expires_at > {} RETURNING account",
            world.now(),
            token_hash(token),
            world.now(),
        )
        if spent is None:
            raise LinkSpent
        return await _open_session(world, spent["account"], previous_session, "link")


async def sign_in_by_password(
    world: World, email: str, password: str, previous_session: str | None
) -> SignedIn:
    """Raises `WrongPassword`, the same for an unknown address, after the same time."""
    account = await row(
        "SELECT id, password_hash FROM account WHERE email_folded = {} AND disabled_at IS NULL",
        fold_email(clean_email(email) or ""),
    )
    if (
        not await verify_password(account["password_hash"] if account else None, password[:1000])
        or not account
    ):
        raise WrongPassword
    async with unit_of_work():
        return await _open_session(world, account["id"], previous_session, "password")


async def _open_session(world: World, account_id: UUID, previous: str | None, means: str) -> SignedIn:
    """A new token at each sign-in: one that somebody planted before is worth nothing."""
    account = await row("SELECT name, email FROM account WHERE id = {} AND disabled_at IS NULL", account_id)
    if account is None:
        raise LinkSpent
    if previous:
        await execute("DELETE FROM login_session WHERE token_hash = {}", token_hash(previous))
    await execute("DELETE FROM login_session WHERE account = {} AND expires_at < {}", account_id, world.now())
    await execute("UPDATE account SET signed_in_at = {} WHERE id = {}", world.now(), account_id)
    token = world.new_token()
    await LoginSession(
        id=world.new_id(),
        token_hash=token_hash(token),
        account=account_id,
        created_at=world.now(),
        last_seen_at=world.now(),
        expires_at=world.now() + SESSION_LIFE,
    ).save()
    actor = Actor(ActorKind.ACCOUNT, id=account_id, name=account["name"])
    await audit.record(world, actor, "account.signed_in", object_id=account_id, means=means)
    return SignedIn(account_id, account["name"] or account["email"], token)


async def sign_out_everywhere(world: World, actor: Actor) -> None:
    async with unit_of_work():
        await execute("DELETE FROM login_session WHERE account = {}", actor.id)
        await audit.record(world, actor, "account.signed_out", object_id=actor.id)


async def set_password(world: World, actor: Actor, password: str) -> None:
    """Ends the other sessions of the account. Raises `InvalidInput`."""
    if actor.kind is not ActorKind.ACCOUNT or actor.id is None:
        raise NotAllowed
    account = await row("SELECT email, name FROM account WHERE id = {}", actor.id) or {}
    site = (world.settings.site_name, world.settings.territory)
    if errors := password_errors(password, [*account.values(), *site]):
        raise InvalidInput(errors)
    hashed = await hash_password(password)
    async with unit_of_work():
        await execute("UPDATE account SET password_hash = {} WHERE id = {}", hashed, actor.id)
        await execute("DELETE FROM login_session WHERE account = {} AND id <> {}", actor.id, actor.session_id)
        await audit.record(world, actor, "account.password_set", object_id=actor.id)
