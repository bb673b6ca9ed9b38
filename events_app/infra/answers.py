"""Answers that are kept for whoever asks the same again (`Idempotency-Key`)."""

import msgspec

from events_app.infra.database import row
from events_app.infra.tables import IdempotentAnswer
from events_app.infra.world import World


class KeptAnswer(msgspec.Struct, frozen=True):
    request_digest: str
    status: int
    answer: bytes


async def keep_answer(world: World, key_hash: str, kept: KeptAnswer) -> None:
    """In the transaction of the deed. Raises `UniqueViolation` where another one of this key was faster."""
    await IdempotentAnswer(
        id=world.new_id(),
        key_hash=key_hash,
        request_digest=kept.request_digest,
        status=kept.status,
        answer=kept.answer,
        created_at=world.now(),
    ).save()


async def kept_answer(key_hash: str) -> KeptAnswer | None:
    found = await row(
        "SELECT request_digest, status, answer FROM idempotent_answer WHERE key_hash = {}", key_hash
    )
    return KeptAnswer(**found) if found else None
