"""Every route with every caller against own and foreign objects: exactly what `rights_table` says."""

import re
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar
from litestar.routes import HTTPRoute

from events_app.app import create_app
from events_app.infra import database as db
from tests import databases
from tests.integration.rights_table import ROUTES, Line
from tests.integration.two_bodies import Caller, Place, TwoBodies, make_two_bodies
from tests.world import make_world

pytestmark = pytest.mark.asyncio(loop_scope="module")
PLACES = ("own", "own_draft", "foreign", "foreign_draft")
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
        url, query = _filled(path, place, line.names), _filled(line.query, place)
        sent = {"json": _filled(line.json, place), "data": _filled(line.form, place)}
        request = httpx.Request(
            method, f"{BASE}{url}?{query}" if query else BASE + url, headers=caller.headers, **sent
        )
        return await _answer(self.app, request, beginning_only=line.stream)


async def _answer(app: Litestar, request: httpx.Request, beginning_only: bool) -> httpx.Response:
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


def _filled(sent: Any, place: Place, names: Mapping[str, str] | None = None) -> Any:
    """`{name}` in texts, by what the place calls it."""
    if isinstance(sent, str):

        def value(found: re.Match[str]) -> str:
            name = (names or {}).get(found[1], found[1])
            return place.body if name == "body" else place[name]

        return re.sub(r"\{(\w+)\}", value, sent)
    if isinstance(sent, Mapping):
        return {name: _filled(value, place) for name, value in sent.items()}
    if isinstance(sent, list):
        return [_filled(value, place) for value in sent]
    return sent


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    folder = tmp_path_factory.mktemp("rights")
    url = databases.sqlite_copy(sqlite_template, folder)
    db.use_engine(db.make_engine(url))
    await db.open_database()
    try:
        world = make_world(folder / "data")
        two = await make_two_bodies(world)
        app = create_app(world)
        line = ROUTES["GET /api/v1/events"]
        first = Site(app, two, folder / "test.db")
        for caller in two.callers.values():  # what a first use notes, once a day
            await first.call("GET", "/api/v1/events", line, two.places["own"], caller)
        first.close()
        site = Site(app, two, folder / "test.db")
        yield site
        site.close()
    finally:
        await db.close_database()


def _is_refused(answer: httpx.Response) -> bool:
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?")
    return to_sign_in or answer.status_code in (401, 403, 404)


def served(app: Litestar) -> Iterator[str]:
    """`METHOD /path/{name}` of every route; OPTIONS only says what there is."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method in sorted(route.methods - {"OPTIONS"}):
                yield f"{method} {re.sub(r':[a-z]+}', '}', route.path)}"


async def test_every_route_is_in_the_table(site: Site) -> None:
    assert sorted(served(site.app)) == sorted(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
async def test_exactly_those_may(site: Site, route: str) -> None:
    method, path = route.split(" ")
    line = ROUTES[route]
    wrong = []
    for name in PLACES:
        place, may = site.two.places[name], getattr(line, name)
        for caller_name, caller in site.two.callers.items():
            before = site.writes()
            answer = await site.call(method, path, line, place, caller)
            refused, wrote = _is_refused(answer), site.writes() != before
            if refused == (caller_name in may):
                wrong.append(f"{caller_name} on {name}: {answer.status_code}")
            if refused and wrote:
                wrong.append(f"{caller_name} on {name}: refused with {answer.status_code}, yet it wrote")
            if answer.status_code >= 500:
                wrong.append(f"{caller_name} on {name}: {answer.status_code}")
            if wrote:
                site.put_back()
    assert not wrong


async def test_what_is_sent_would_be_accepted(site: Site) -> None:
    """Otherwise a refusal could be for the content, and the table would prove nothing."""
    rejected = []
    for route, line in ROUTES.items():
        method, path = route.split(" ")
        for name in PLACES:
            for caller in sorted(getattr(line, name))[:1]:
                answer = await site.call(method, path, line, site.two.places[name], site.two.callers[caller])
                site.put_back()
                if answer.status_code in (400, 405, 413, 415, 422) or answer.status_code >= 500:
                    rejected.append(
                        f"{route} by {caller} on {name}: {answer.status_code} {answer.text[:300]}"
                    )
    assert not rejected
