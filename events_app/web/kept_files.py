"""Files that are answered many times over: header lines and both encodings are made once (RFC 9110).

For what must answer thousands of times a second; `representations` is for the rest. Litestar's own response
and header objects cost as much as all else of such an answer.
"""

import gzip
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from litestar.types import Receive, Scope, Send

from events_app.web.negotiation import has_one_of, takes_gzip

RawHeaders = list[tuple[bytes, bytes]]


class KeptFile:
    def __init__(
        self, body: bytes, media_type: str, etag: str, changed_at: datetime, cache_control: str
    ) -> None:
        """`etag` is strong, with its quotes, of the plain body."""
        self._body = body
        self._zipped: bytes | None = None
        self._changed_at = changed_at.replace(microsecond=0)
        self._common = [
            (b"content-type", media_type.encode()),
            (b"cache-control", cache_control.encode()),
            (b"last-modified", format_datetime(changed_at.astimezone(UTC), usegmt=True).encode()),
            (b"vary", b"Accept-Encoding"),
        ]
        self._etag = etag.encode()
        # Another encoding is another representation (RFC 9110 section 8.8.3.3).
        self._zipped_etag = self._etag[:-1] + b'-gz"'

    def __len__(self) -> int:
        return len(self._body)

    def compress(self) -> bytes:
        """At the first use; 60 ms for 3 MB, which belong in a thread."""
        if self._zipped is None:
            self._zipped = gzip.compress(self._body, 6, mtime=0)
        return self._zipped

    def answer(self, scope: Scope) -> "RawAnswer":
        """200 or 304, plain or gzip, with the body or (HEAD) without."""
        known, since, accepted = b"", b"", b""
        for name, value in scope["headers"]:
            if name == b"if-none-match":
                known = value
            elif name == b"if-modified-since":
                since = value
            elif name == b"accept-encoding":
                accepted = value
        zips = takes_gzip(accepted.decode("latin-1"))
        headers = [*self._common, (b"etag", self._zipped_etag if zips else self._etag)]
        if self._is_known(known) if known else self._is_as_old(since):
            return RawAnswer(304, headers, b"")
        body = self.compress() if zips else self._body
        if zips:
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(body)).encode()))
        return RawAnswer(200, headers, b"" if scope.get("method") == "HEAD" else body)

    def _is_known(self, tags: bytes) -> bool:
        etags = (self._etag.decode(), self._zipped_etag.decode())
        return has_one_of(tags.decode("latin-1"), *etags)

    def _is_as_old(self, since: bytes) -> bool:
        try:
            return bool(since) and self._changed_at <= parsedate_to_datetime(since.decode()).astimezone(UTC)
        except (ValueError, OverflowError):
            return False


class RawAnswer:
    """An ASGI application that says one thing."""

    def __init__(self, status: int, headers: RawHeaders, body: bytes) -> None:
        self._status, self._headers, self._body = status, headers, body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Any = {"type": "http.response.start", "status": self._status, "headers": self._headers}
        await send(start)
        await send({"type": "http.response.body", "body": self._body, "more_body": False})
