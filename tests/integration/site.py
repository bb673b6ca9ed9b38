"""The whole application on one database that is put back after each write."""

import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar

from tests.integration.rights_table import Line
from tests.integration.two_bodies import Caller, Place, TwoBodies

BASE = "http://testserver.local"


class Site:
    """The application on one database that is put back after each write, and what watches that database."""

    def __init__(self, app: Litestar, two: TwoBodies, path: Path) -> None:
        self.app, self.two = app, two
        self._watcher = sqlite3.connect(path)
        self._as_it_was = sqlite3.connect(":memory:")
        self._watcher.backup(self._as_it_was)

    def writes(self) -> int:
        """A number that changes with each commit of the application."""
        return int(self._watcher.execute("PRAGMA data_version").fetchone()[0])

    def put_back(self) -> None:
        self._as_it_was.backup(self._watcher)

    def close(self) -> None:
        self._watcher.close()
        self._as_it_was.close()

    async def call(self, method: str, path: str, line: Line, place: Place, caller: Caller) -> httpx.Response:
        url, query = filled(path, place, line.names), filled(line.query, place)
        sent = {"json": filled(line.json, place), "data": filled(line.form, place)}
        request = httpx.Request(
            method, f"{BASE}{url}?{query}" if query else BASE + url, headers=caller.headers, **sent
        )
        return await answer_of(self.app, request, beginning_only=line.stream)


async def answer_of(app: Litestar, request: httpx.Request, beginning_only: bool) -> httpx.Response:
    """Through ASGI; of an endless stream only the status and headers are awaited."""
    if not beginning_only:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client:  # type: ignore[arg-type]
            return await client.send(request)
    found: list[Mapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"} if found else {"type": "http.request", "body": b""}

    async def send(message: Mapping[str, Any]) -> None:
        found.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.url.path,
        "raw_path": request.url.raw_path,
        "query_string": request.url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 1),
        "server": ("testserver.local", 80),
        "state": {},
    }
    await app(scope, receive, send)  # type: ignore[arg-type]
    return httpx.Response(found[0]["status"], headers=found[0]["headers"])


def filled(sent: Any, place: Place, names: Mapping[str, str] | None = None) -> Any:
    """`{name}` in texts, by what the place calls it."""
    if isinstance(sent, str):

        def value(found: re.Match[str]) -> str:
            name = (names or {}).get(found[1], found[1])
            return place.body if name == "body" else place[name]

        return re.sub(r"\{(\w+)\}", value, sent)
    if isinstance(sent, Mapping):
        return {name: filled(value, place) for name, value in sent.items()}
    if isinstance(sent, list):
        return [filled(value, place) for value in sent]
    return sent
