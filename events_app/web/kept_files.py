"""Bytes that are answered many times over: header lines and both encodings are made once (RFC 9110).

For what is kept and must answer thousands of times a second: files, feeds, whole pages. `representations` is
for what is made at each question. Litestar's own response and header objects cost as much as all else of such
an answer.
"""

import gzip
from datetime import datetime
from typing import Any

from litestar.types import Receive, Scope, Send

from events_app.web.negotiation import as_date, is_known, takes_gzip, zipped_tag

Headers = list[tuple[bytes, bytes]]
_PAYS = 0.9  # of the plain size, at most


class KeptFile:
    def __init__(
        self,
        body: bytes,
        media_type: str,
        etag: str,
        *,
        cache_control: str = "",
        changed_at: datetime | None = None,
        vary: str = "Accept-Encoding",
        level: int = 6,
    ) -> None:
        """`etag` is strong, with its quotes, of the plain body. `level` of compression; 0: none."""
        self.body = body
        self._zipped: bytes | None = None
        self._level = level
        self._changed_at = changed_at
        self._common = [(b"content-type", media_type.encode()), (b"vary", vary.encode())]
        if cache_control:
            self._common.append((b"cache-control", cache_control.encode()))
        if changed_at is not None:
            self._common.append((b"last-modified", as_date(changed_at).encode()))
        self.etag = etag

    def __len__(self) -> int:
        return len(self.body)

    def compress(self) -> bytes:
        """At the first use; 60 ms for 3 MB, which belong in a thread. Plain where it does not pay."""
        if self._zipped is None:
            small = gzip.compress(self.body, self._level, mtime=0) if self._level else self.body
            self._zipped = small if len(small) < _PAYS * len(self.body) else self.body
        return self._zipped

    def answer(self, scope: Scope, *more: tuple[bytes, bytes]) -> "RawAnswer":
        """200 or 304, plain or gzip, with the body or (HEAD) without."""
        accepted = next((value for name, value in scope["headers"] if name == b"accept-encoding"), b"")
        body = self.compress() if takes_gzip(accepted.decode("latin-1")) else self.body
        zips = body is not self.body
        etag = zipped_tag(self.etag) if zips else self.etag
        headers = [*self._common, *more, (b"etag", etag.encode())]
        if is_known(scope["headers"], self.etag, self._changed_at):
            return RawAnswer(304, headers, b"")
        if zips:
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(body)).encode()))
        return RawAnswer(200, headers, b"" if scope.get("method") == "HEAD" else body)


class RawAnswer:
    """An ASGI application that says one thing."""

    def __init__(self, status: int, headers: Headers, body: bytes) -> None:
        self._status, self._headers, self._body = status, headers, body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Any = {"type": "http.response.start", "status": self._status, "headers": self._headers}
        await send(start)
        await send({"type": "http.response.body", "body": self._body, "more_body": False})
