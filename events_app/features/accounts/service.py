"""Bodies and their API keys."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from events_app.features.accounts import hooks
from events_app.features.accounts.access import may_administer
from events_app.features.accounts.authentication import MAKER_HAS_ACCESS
from events_app.features.accounts.naming import split_article
from events_app.features.accounts.tables import ApiKey, Body
from events_app.infra import audit
from events_app.infra.database import execute, row, rows, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor, ActorKind, Role
from events_app.kernel.errors import N_, InvalidInput, NotAllowed, NotFound
from events_app.kernel.ids import token_hash
from events_app.kernel.text import clean_line, slugify

KEY_ROLES = (Role.ORGANISER, Role.DOOR, Role.READER)
KEY_PREFIX = "cvv_"


class KeyRecord(msgspec.Struct, frozen=True):
    """A key as it is listed: never the key itself."""

    id: UUID
    name: str
    role: Role
    hint: str
    created_at: datetime
    last_used_on: date | None
    revoked_at: datetime | None
    event_slug: str | None
    stopped: bool
    """Whoever made it has no access to the body any more."""


async def ensure_first_body(world: World) -> UUID:
    """The territory's own body, made at the first start; the one that a bare command line means."""
    async with unit_of_work():
        found = await row("SELECT id FROM body ORDER BY created_at, id LIMIT 1")
        if found:
            return UUID(str(found["id"]))
        article, name = split_article(world.settings.territory)
        body = Body(
            id=world.new_id(),
            slug=slugify(name, "territoire"),
            name=name,
            article=article,
            created_at=world.now(),
        )
        await body.save()
        return body.id


async def body_by_slug(slug: str) -> UUID | None:
    found = await row("SELECT id FROM body WHERE slug = {}", slug)
    return UUID(str(found["id"])) if found else None


async def body_ids() -> list[UUID]:
    """The oldest first."""
    return [found["id"] for found in await rows("SELECT id FROM body ORDER BY created_at, id")]


async def create_api_key(
    world: World, actor: Actor, body_id: UUID, name: str, role: Role, event_id: UUID | None = None
) -> str:
    """The key itself, shown this once. Raises `NotAllowed`, `InvalidInput`."""
    if not may_administer(actor, body_id):
        raise NotAllowed
    name = clean_line(name)
    if not 1 <= len(name) <= 200:
        raise InvalidInput.one("/name", "length", N_("Please give the key a name of 1 to 200 characters."))
    if role not in KEY_ROLES:
        raise InvalidInput.one("/role", "unknown", N_("Please choose one of the values offered."))
    key = KEY_PREFIX + world.new_token()
    async with unit_of_work():
        key_row = ApiKey(
            id=world.new_id(),
            body=body_id,
            event_id=event_id,
            name=name,
            role=role.value,
            key_hash=token_hash(key),
            hint=key[:8],
            created_at=world.now(),
            created_by=actor.id if actor.kind is ActorKind.ACCOUNT else None,
        )
        await key_row.save()
        await audit.record(
            world, actor, "api_key.created", body_id=body_id, object_id=key_row.id, role=role.value
        )
    return key


async def revoke_api_key(world: World, actor: Actor, key_id: UUID) -> None:
    """From this moment the key is refused. Raises `NotFound`, `NotAllowed`."""
    async with unit_of_work():
        found = await row("SELECT body FROM api_key WHERE id = {}", key_id)
        if found is None or (actor.kind is not ActorKind.SYSTEM and found["body"] not in actor.roles):
            raise NotFound
        if not may_administer(actor, found["body"]):
            raise NotAllowed
        done = await execute(
            "UPDATE api_key SET revoked_at = {} WHERE id = {} AND revoked_at IS NULL", world.now(), key_id
        )
        if not done:  # revoked already: nothing happened, so nothing is noted
            return
        await audit.record(world, actor, "api_key.revoked", body_id=found["body"], object_id=key_id)


async def keys_of(actor: Actor, body_id: UUID) -> list[KeyRecord]:
    """Raises `NotAllowed`."""
    if not may_administer(actor, body_id):
        raise NotAllowed
    found = await rows(
        "SELECT k.id, k.name, k.role, k.hint, k.created_at, k.last_used_on, k.revoked_at,"
        f" k.event_id, CASE WHEN {MAKER_HAS_ACCESS} THEN 0 ELSE 1 END AS stopped"
        " FROM api_key k WHERE k.body = {} ORDER BY k.created_at DESC",
        body_id,
    )
    slugs = await hooks.event_slugs([key["event_id"] for key in found if key["event_id"]])
    return [
        msgspec.convert(
            key | {"stopped": bool(key["stopped"]), "event_slug": slugs.get(key["event_id"])}, KeyRecord
        )
        for key in found
    ]
