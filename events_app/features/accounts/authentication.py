"""From a cookie or a key to an `Actor`. Point reads: this runs before every request that carries either."""

from datetime import datetime
from uuid import UUID

from events_app.features.accounts.rules import PLACEHOLDER_EMAIL
from events_app.infra.database import execute, point
from events_app.infra.world import World
from events_app.kernel.actor import ANONYMOUS, Actor, ActorKind, Authenticate, Credentials, Role
from events_app.kernel.errors import NotSignedIn
from events_app.kernel.ids import token_hash

MAKER_HAS_ACCESS = (
    "(k.created_by IS NULL OR EXISTS (SELECT 1 FROM membership m JOIN account a ON a.id = m.account"
    " WHERE m.account = k.created_by AND m.body = k.body AND a.disabled_at IS NULL))"
)
"""Of a key `k`: who knew it once and was sent away opens nothing with it. The command line's are nobody's."""


def authenticator(world: World) -> Authenticate:
    async def authenticate(credentials: Credentials) -> Actor:
        if credentials.bearer is not None:
            return await actor_of_key(credentials.bearer, world.now())
        for session in credentials.sessions:
            actor = await actor_of_session(session, world.now())
            if actor is not ANONYMOUS:
                return actor
        return ANONYMOUS

    return authenticate


async def actor_of_key(key: str, now: datetime) -> Actor:
    """Raises `NotSignedIn`: whoever sends a key means to be known by it."""
    found = await point(
        "SELECT k.id, k.body, k.event_id, k.name, k.role, k.last_used_on FROM api_key k"
        f" WHERE k.key_hash = {{}} AND k.revoked_at IS NULL AND {MAKER_HAS_ACCESS}",
        token_hash(key),
    )
    if not found:
        raise NotSignedIn
    row = found[0]
    today = now.date().isoformat()
    if row["last_used_on"] != today:
        await execute("UPDATE api_key SET last_used_on = {} WHERE id = {}", today, row["id"])
    return Actor(
        kind=ActorKind.API_KEY,
        id=row["id"],
        name=row["name"],
        roles={row["body"]: Role(row["role"])},
        only_event=row["event_id"],
    )


async def actor_of_session(token: str, now: datetime) -> Actor:
    """A stale or unknown cookie is merely anonymous."""
    found = await point(
        "SELECT s.id AS session_id, a.id, a.name, a.email, a.language, m.body, m.role"
        " FROM login_session s JOIN account a ON a.id = s.account"
        " LEFT JOIN membership m ON m.account = a.id"
        " WHERE s.token_hash = {} AND s.expires_at > {} AND a.disabled_at IS NULL",
        token_hash(token),
        now,
    )
    if not found:
        return ANONYMOUS
    roles: dict[UUID, Role] = {row["body"]: Role(row["role"]) for row in found if row["body"] is not None}
    first = found[0]
    return Actor(
        kind=ActorKind.ACCOUNT,
        id=first["id"],
        name=first["name"] or first["email"],
        roles=roles,
        language=first["language"],
        session_id=first["session_id"],
        must_introduce=first["email"] == PLACEHOLDER_EMAIL,
    )
