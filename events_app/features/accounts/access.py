"""Rights over a body and its keys and members."""

from uuid import UUID

from events_app.kernel.actor import Actor, ActorKind, Role


def may_administer(actor: Actor, body_id: UUID) -> bool:
    """Members, keys and the body's own description."""
    return actor.kind is ActorKind.SYSTEM or actor.role_in(body_id) is Role.ADMINISTRATOR


def may_administer_site(actor: Actor, first_body_id: UUID) -> bool:
    """Bodies, legal notice, accounts: whoever administers the territory's own body looks after the site."""
    return may_administer(actor, first_body_id)


def may_see_members(actor: Actor, body_id: UUID) -> bool:
    """Colleagues see each other's names and addresses; programs and borrowed phones do not."""
    return actor.kind is ActorKind.SYSTEM or (actor.kind is ActorKind.ACCOUNT and body_id in actor.roles)
