"""Files that are made on request: strong entity tag, date of last change, 304, gzip, HEAD (RFC 9110)."""

import asyncio
import gzip
import hashlib
import zlib
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any

from litestar import Request, Response
from litestar.response import Stream

from events_app.web.negotiation import as_date, is_known, takes_gzip, zipped_tag

_WORTH_COMPRESSING = 1000  # bytes
_QUICKLY = 3  # of nine
_GZIP_FORMAT = 31


def entity_tag(*parts: str | bytes) -> str:
    """A strong tag of everything that the bytes depend on, quotes included."""
    digest = hashlib.blake2b(digest_size=12)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return f'"{digest.hexdigest()}"'


def is_unchanged(request: Request[Any, Any, Any], etag: str, changed_at: datetime | None = None) -> bool:
    return is_known(request.scope["headers"], etag, changed_at)


def unchanged(etag: str, cache_control: str, changed_at: datetime | None = None) -> Response[None]:
    return Response(None, status_code=304, headers=_headers(etag, cache_control, changed_at))


def representation(
    request: Request[Any, Any, Any],
    body: bytes,
    media_type: str,
    *,
    etag: str,
    cache_control: str,
    changed_at: datetime | None = None,
    compressible: bool = False,
    filename: str | None = None,
) -> Response[bytes]:
    """200, or 304 when the caller has it. `filename` (of ours, ASCII) is what a download is called."""
    compresses = (
        compressible
        and len(body) > _WORTH_COMPRESSING
        and takes_gzip(request.headers.get("accept-encoding", ""))
    )
    headers = _headers(zipped_tag(etag) if compresses else etag, cache_control, changed_at)
    if compressible:
        headers["vary"] = "Accept-Encoding"
    if is_unchanged(request, etag, changed_at):
        return Response(b"", status_code=304, headers=headers)
    if compresses:
        body = gzip.compress(body, 6, mtime=0)
        headers["content-encoding"] = "gzip"
    if filename is not None:
        headers["content-disposition"] = f'inline; filename="{filename}"'
    if request.method == "HEAD":
        headers["content-length"] = str(len(body))
        body = b""
    return Response(body, media_type=media_type, headers=headers)


def streamed(
    request: Request[Any, Any, Any],
    pieces: Iterable[bytes],
    media_type: str,
    *,
    etag: str,
    cache_control: str,
) -> Response[Any]:
    """200 in pieces, compressed where the caller takes it: in a thread, so that nobody waits for it.
    Whether the caller has it was asked before (`is_unchanged`): these pieces are dear."""
    compresses = takes_gzip(request.headers.get("accept-encoding", ""))
    headers = _headers(zipped_tag(etag) if compresses else etag, cache_control, None)
    headers["vary"] = "Accept-Encoding"
    if compresses:
        headers["content-encoding"] = "gzip"
    body = _zipped(pieces) if compresses else _one_by_one(pieces)
    return Stream(body, media_type=media_type, headers=headers)


async def _one_by_one(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
        await asyncio.sleep(0)


async def _zipped(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    zipper = zlib.compressobj(_QUICKLY, zlib.DEFLATED, _GZIP_FORMAT)
    for piece in pieces:
        zipped = await asyncio.to_thread(zipper.compress, piece)
        if zipped:
            yield zipped
    yield zipper.flush()


def _headers(etag: str, cache_control: str, changed_at: datetime | None) -> dict[str, str]:
    headers = {"etag": etag, "cache-control": cache_control}
    if changed_at is not None:
        headers["last-modified"] = as_date(changed_at)
    return headers
