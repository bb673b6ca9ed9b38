"""The whole application on one database that is put back after each write."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import httpx
from litestar import Litestar

from tests.integration.kept import Kept
from tests.integration.rights_table import Line
from tests.integration.two_bodies import Caller, Place, TwoBodies

BASE = "http://testserver.local"


class Site:
    """The application on one database that is put back after each write, and what watches that database."""

    def __init__(self, app: Litestar, two: TwoBodies, kept: Kept, *, thorough: bool) -> None:
        """`thorough`: what would take long is tried in full here, and by turns on the other database."""
        self.app, self.two, self.thorough = app, two, thorough
        self._forms: dict[tuple[str, str], dict[str, Any]] = {}
        self._kept = kept

    def writes(self) -> int:
        """A number that changes with each commit of the application."""
        return self._kept.writes()

    def path_of(self, path: str, line: Line, place: Place) -> str:
        return str(filled(path, place, line.names))

    def filled_form(self, line: Line, place: Place) -> dict[str, Any]:
        return dict(filled(line.form, place) or {})

    def put_back(self) -> None:
        self._kept.put_back()

    async def call(self, method: str, path: str, line: Line, place: Place, caller: Caller) -> httpx.Response:
        url, query = filled(path, place, line.names), filled(line.query, place)
        form = filled(line.form, place)
        if line.page:
            form = await self.form_on(line.page, line, place) | dict(form or {})
        sent: dict[str, Any] = {"json": filled(line.json, place), "data": form}
        headers = dict(caller.headers)
        if line.content:
            sent = {"content": line.content}
            headers["content-type"] = "text/csv"
        request = httpx.Request(
            method, f"{BASE}{url}?{query}" if query else BASE + url, headers=headers, **sent
        )
        return await answer_of(self.app, request, beginning_only=line.stream)

    async def form_on(self, path: str, line: Line, place: Place) -> dict[str, Any]:
        """What a browser would send from this page as it comes; of a page nobody may see, the own body's."""
        if (path, place.slug) in self._forms:
            return dict(self._forms[path, place.slug])
        for seen in (place, self.two.places["own"], self.two.places["own_draft"]):
            request = httpx.Request(
                "GET",
                BASE + filled(path, seen, line.names),
                headers=self.two.callers["administrator"].headers,
            )
            page = await answer_of(self.app, request, beginning_only=False)
            if page.status_code == 200:
                self._forms[path, place.slug] = fields_of(page.text)
                return dict(self._forms[path, place.slug])
        raise AssertionError(f"no form on {path}")


class _Fields(HTMLParser):
    """The last form of a page that is posted: its fields as a browser sends them untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Any] = {}
        self._inside = False
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        name, value = a.get("name") or "", a.get("value") or ""
        if tag == "form":
            self._inside = a.get("method", "get").lower() == "post"
        elif not self._inside:
            return
        elif tag == "input" and name and a.get("type") not in ("file", "submit"):
            if a.get("type") not in ("checkbox", "radio") or "checked" in a:
                self._add(name, value or ("on" if a.get("type") == "checkbox" else ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in a or self._select not in self.found):
            self.found[self._select] = value
        elif tag == "textarea":
            self._textarea = name
            self.found[name] = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.found[self._textarea] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""
        elif tag == "form":
            self._inside = False

    def _add(self, name: str, value: str) -> None:
        before = self.found.get(name)
        if before is None:
            self.found[name] = value
        else:
            self.found[name] = [*(before if isinstance(before, list) else [before]), value]


def fields_of(html: str) -> dict[str, Any]:
    fields = _Fields()
    fields.feed(html)
    return fields.found


async def answer_of(app: Litestar, request: httpx.Request, beginning_only: bool) -> httpx.Response:
    """Through ASGI; of an endless stream only the status and headers are awaited."""
    found: list[Mapping[str, Any]] = []
    body: bytes | None = request.read()

    async def receive() -> dict[str, Any]:
        nonlocal body
        if body is None or (beginning_only and found):
            return {"type": "http.disconnect"}
        sent, body = body, None
        return {"type": "http.request", "body": sent}

    async def send(message: Mapping[str, Any]) -> None:
        found.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.url.path,
        "raw_path": request.url.raw_path.partition(b"?")[0],
        "query_string": request.url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 1),
        "server": ("testserver.local", 80),
        "state": {},
    }
    await app(scope, receive, send)  # type: ignore[arg-type]
    content = b"" if beginning_only else b"".join(message.get("body", b"") for message in found[1:])
    return httpx.Response(found[0]["status"], headers=found[0]["headers"], content=content, request=request)


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
