"""Whole pages that many people read: rendered once per state and language, then answered as bytes."""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Response

_MOST_BYTES = 32_000_000


class RenderedPage(msgspec.Struct, frozen=True):
    """`marker` stands for all that the page was made of; after `valid_until` the clock alone changes it."""

    body: bytes
    zipped: bytes
    etag: str
    marker: Hashable
    valid_until: datetime


class RenderedPages:
    """Bounded by bytes; the page that was not asked for the longest goes first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, RenderedPage] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable, marker: Hashable, now: datetime) -> RenderedPage | None:
        page = self._pages.get(key)
        if page is None or page.marker != marker or now >= page.valid_until:
            return None
        self._pages.move_to_end(key)
        return page

    def put(self, key: Hashable, html: str, marker: Hashable, valid_until: datetime) -> RenderedPage:
        body = html.encode()
        page = RenderedPage(
            body,
            gzip.compress(body, 6, mtime=0),
            hashlib.blake2b(body, digest_size=12).hexdigest(),
            marker,
            valid_until,
        )
        if (old := self._pages.pop(key, None)) is not None:
            self._bytes -= len(old.body) + len(old.zipped)
        self._pages[key] = page
        self._bytes += len(body) + len(page.zipped)
        while self._bytes > _MOST_BYTES and len(self._pages) > 1:
            _, gone = self._pages.popitem(last=False)
            self._bytes -= len(gone.body) + len(gone.zipped)
        return page


def answer(request: Request[Any, Any, Any], page: RenderedPage) -> Response[bytes]:
    zipped = "gzip" in request.headers.get("accept-encoding", "")
    etag = f'"{page.etag}-gz"' if zipped else f'"{page.etag}"'
    headers = {
        "cache-control": "private, no-cache",
        "vary": "Cookie, Accept-Language, Accept-Encoding",
        "etag": etag,
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type="text/html; charset=utf-8")
    if zipped:
        headers["content-encoding"] = "gzip"
    return Response(
        page.zipped if zipped else page.body, headers=headers, media_type="text/html; charset=utf-8"
    )
