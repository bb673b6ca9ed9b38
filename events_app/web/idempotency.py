"""`Idempotency-Key`: the same key and body give the same answer, once.

The answer is kept in the transaction of the deed itself, so a crash leaves either both or neither. Of two
requests with one key at the same time the second waits for the first one's transaction on SQLite; on
PostgreSQL its insert meets the unique index, its own deed is rolled back, and it reads the first's answer.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar import Request, Response

from events_app.infra.answers import KeptAnswer, keep_answer, kept_answer
from events_app.infra.database import UniqueViolation, unit_of_work
from events_app.infra.world import World
from events_app.kernel.errors import N_, AppError, InvalidInput
from events_app.kernel.ids import token_hash
from events_app.web.pages import actor_of

HEADER = "idempotency-key"


class KeyReused(AppError):
    type = "idempotency-key-reused"
    status = 422
    title = N_("This Idempotency-Key was used for something else")
    detail = N_("The same Idempotency-Key came before with another content. Please use a new one.")


class _Raced(Exception):
    """Another request with the same key was faster."""


async def answer_once(
    request: Request[Any, Any, Any], world: World, work: Callable[[], Awaitable[Any]], status_code: int = 201
) -> Response[bytes]:
    """Run `work` (a service call that returns a Struct) inside one transaction with its kept answer."""
    key = request.headers.get(HEADER)
    if key is None:
        return _response(msgspec.json.encode(await work()), status_code)
    if not 1 <= len(key) <= 255:
        raise InvalidInput.one("/Idempotency-Key", "invalid", N_("This value cannot be accepted."))
    caller = actor_of(request)
    key_hash = token_hash(f"{caller.kind}|{caller.id}|{request.method}|{request.url.path}|{key}")
    digest = hashlib.sha256(await request.body()).hexdigest()
    try:
        async with unit_of_work():
            if kept := await _kept(key_hash, digest):
                return kept
            body = msgspec.json.encode(await work())
            try:
                await keep_answer(world, key_hash, KeptAnswer(digest, status_code, body))
            except UniqueViolation as violation:
                raise _Raced from violation
    except (_Raced, AppError):
        # Also an AppError: the faster request's deed may be what ours collided with.
        if kept := await _kept(key_hash, digest):
            return kept
        raise
    return _response(body, status_code)


async def _kept(key_hash: str, digest: str) -> Response[bytes] | None:
    found = await kept_answer(key_hash)
    if found is None:
        return None
    if found.request_digest != digest:
        raise KeyReused
    return _response(found.answer, found.status)


def _response(body: bytes, status_code: int) -> Response[bytes]:
    return Response(body, status_code=status_code, media_type="application/json")
