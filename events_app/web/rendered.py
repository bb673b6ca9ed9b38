"""Whole pages that many people read: rendered once per state and language, then answered as bytes."""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request

from events_app.web.kept_files import KeptFile

_MOST_BYTES = 25_000_000  # plain; as gzip a fifth more
_HTML = "text/html; charset=utf-8"
_CACHING, _VARY = "private, no-cache", "Cookie, Accept-Language, Accept-Encoding"


class RenderedPage(msgspec.Struct, frozen=True):
    """`marker` stands for all that the page was made of; after `valid_until` the clock alone changes it.

    `stamp` is the database's own (`change_stamp`) when the page was last known to be true.
    """

    file: KeptFile
    marker: Hashable
    stamp: Hashable
    valid_until: datetime


class RenderedPages:
    """Bounded by bytes; the page that was not asked for the longest goes first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, RenderedPage] = OrderedDict()
        self._bytes = 0

    def untouched(self, key: Hashable, stamp: Hashable, now: datetime) -> RenderedPage | None:
        """The page, when nothing at all was committed since it was true."""
        page = self._pages.get(key)
        if page is None or stamp is None or page.stamp != stamp or now >= page.valid_until:
            return None
        self._pages.move_to_end(key)
        return page

    def still_true(
        self, key: Hashable, marker: Hashable, stamp: Hashable, now: datetime
    ) -> RenderedPage | None:
        """The page, when what it was made of is the same; `stamp` was taken before `marker` was read."""
        page = self._pages.get(key)
        if page is None or page.marker != marker or now >= page.valid_until:
            return None
        page = self._pages[key] = msgspec.structs.replace(page, stamp=stamp)
        self._pages.move_to_end(key)
        return page

    def put(
        self, key: Hashable, html: str, marker: Hashable, stamp: Hashable, valid_until: datetime
    ) -> RenderedPage:
        body = html.encode()
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        page = RenderedPage(
            KeptFile(body, _HTML, etag, cache_control=_CACHING, vary=_VARY), marker, stamp, valid_until
        )
        if (old := self._pages.pop(key, None)) is not None:
            self._bytes -= len(old.file)
        self._pages[key] = page
        self._bytes += len(page.file)
        while self._bytes > _MOST_BYTES and len(self._pages) > 1:
            _, gone = self._pages.popitem(last=False)
            self._bytes -= len(gone.file)
        return page


def pages_of(request: Request[Any, Any, Any]) -> RenderedPages:
    """Those of this application, made at the first use."""
    state = request.app.state
    found = state.get("rendered_pages")
    if not isinstance(found, RenderedPages):
        found = state.rendered_pages = RenderedPages()
    return found
