"""Texts, numbers and dates that one database or the other cannot hold: never a 500, whichever it is.

Every route, each part of its address, each thing it asks for in the query, each text of its body, the headers
and cookies that it reads. PostgreSQL refuses NUL in text, SQLite does not; neither holds a lone surrogate.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from tests.integration.rights_table import ROUTES
from tests.integration.site import BASE, Site, answer_of, filled

pytestmark = pytest.mark.asyncio(loop_scope="module")

IN_ADDRESSES = [
    "a%00b",
    "%ed%a0%80",  # a lone surrogate
    "%C0%80",  # NUL as no UTF-8 has it
    "9" * 40,
    "00000000-0000-0000-0000-00000000000g",
    "a" * 5_000,
]
IN_QUERIES = [
    *IN_ADDRESSES,
    "%ff",
    "-9223372036854775809",
    "0001-01-01T00:00:00%2B14:00",
    "9999-12-31T23:59:59-12:00",
    "NaN",
    "%D9%A1",
]
OF_THE_DATABASE = 4
"""So many of the first depend on the database; the others are refused before it, on either alike."""
IN_BODIES: list[Any] = [
    "a\0b",
    "\0",
    "\ufffe",
    "9" * 400,
    2**63,
    -(2**70),
    1e308,
    "0001-01-01T00:00:00+14:00",
]
IN_FORMS = ["a%00b", "9" * 40, "%ed%a0%80", "0001-01-01T00:00"]
IN_HEADERS = [b"a\x00b", b"\xff", b"9" * 40, b"a" * 5_000, b"", b'"', b"="]
HEADERS = [
    "cookie",
    "authorization",
    "accept",
    "accept-language",
    "if-none-match",
    "if-match",
    "if-modified-since",
    "range",
    "idempotency-key",
    "x-forwarded-for",
    "x-forwarded-proto",
    "origin",
    "referer",
    "user-agent",
    "content-type",
]
SOME_ROUTES = [
    "GET /events/{slug}",
    "GET /org/events/{slug}",
    "GET /api/v1/events/{slug}",
    "GET /calendar.ics",
    "GET /door/{slug}",
    "PATCH /api/v1/events/{slug}",
]
COOKIES = ["convive_session", "convive_door", "convive_lang"]
EVERYWHERE = {"lang", "as"}
"""Asked for by name inside the application; those of a handler's signature are found there."""
NOT_ASKED_FOR = {"request", "world", "actor", "data", "scope", "body"}


async def call(
    site: Site, method: str, url: str, headers: Mapping[str, bytes], content: bytes = b""
) -> httpx.Response:
    request = httpx.Request(method, BASE + url, content=content, headers=list(headers.items()))
    before = site.writes()
    answer = await answer_of(site.app, request, beginning_only="/live" in url)
    if site.writes() != before:
        site.put_back()
    return answer


def tried(site: Site, odd: list[str]) -> list[str]:
    return odd if site.thorough else odd[:OF_THE_DATABASE]


def as_administrator(site: Site) -> dict[str, bytes]:
    return {n: v.encode() for n, v in site.two.callers["administrator"].headers.items()}


def parts_of(path: str) -> list[str]:
    return [part.strip("{}") for part in path.split("/") if part.startswith("{")]


def shown(path: str) -> str:
    return re.sub(r":[a-z]+}", "}", path)


def is_refusal(answer: httpx.Response) -> bool:
    return 300 <= answer.status_code < 500


@pytest.mark.parametrize("route", [route for route in ROUTES if "{" in route])
async def test_each_part_of_an_address(site: Site, route: str) -> None:
    method, path = route.split(" ")
    line, place = ROUTES[route], site.two.places["own"]
    for part in parts_of(path):
        for odd in tried(site, IN_ADDRESSES):
            url = site.path_of(path.replace("{" + part + "}", odd), line, place)
            headers = as_administrator(site) | {"content-type": b"application/json"}
            content = msgspec.json.encode(filled(line.json, place)) if line.json is not None else b""
            if line.json is None and method == "POST":
                headers["content-type"] = b"application/x-www-form-urlencoded"
                content = httpx.Request("POST", BASE, data=site.filled_form(line, place)).content
            answer = await call(site, method, url, headers, content)
            assert is_refusal(answer) or (answer.status_code, odd) == (200, "-1"), (url, answer.status_code)


def asked_for(app: Litestar, route: str) -> set[str]:
    """The names that the handler of a GET route takes from the query."""
    for each in app.routes:
        if isinstance(each, HTTPRoute) and "GET" in each.methods and shown(each.path) == route.split(" ")[1]:
            handler, _ = each.route_handler_map["GET"]
            parameters = handler.parsed_fn_signature.parameters.values()
            names = {getattr(p.kwarg_definition, "query", None) or p.name for p in parameters}
            return EVERYWHERE | names - NOT_ASKED_FOR - set(parts_of(shown(each.path)))
    raise AssertionError(route)


@pytest.mark.parametrize("route", [route for route in ROUTES if route.startswith("GET ")])
async def test_each_thing_asked_for(site: Site, route: str) -> None:
    line, place = ROUTES[route], site.two.places["own"]
    url = site.path_of(route.split(" ")[1], line, place)
    for name in sorted(asked_for(site.app, route)):
        for odd in tried(site, IN_QUERIES):
            answer = await call(site, "GET", f"{url}?{name}={odd}", as_administrator(site))
            assert answer.status_code < 500, (url, name, odd)


def bent(value: Any, odd: Any) -> Iterator[Any]:
    """The value with each text or number in it, and each name, replaced, one at a time."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from ({**value, name: other} for other in bent(inner, odd))
            yield {**value, f"{name}\0": inner}
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from ([*value[:n], other, *value[n + 1 :]] for other in bent(inner, odd))
    else:
        yield odd


@pytest.mark.parametrize("route", [route for route, line in ROUTES.items() if line.json])
async def test_each_value_of_a_body(site: Site, route: str) -> None:
    method, path = route.split(" ")
    line, place = ROUTES[route], site.two.places["own"]
    headers = {n: v.encode() for n, v in site.two.callers["key_organiser"].headers.items()}
    for odd in IN_BODIES:
        for body in bent(filled(line.json, place), odd):
            url = site.path_of(path, line, place)
            content = json.dumps(body).encode()
            answer = await call(site, method, url, headers | {"content-type": b"application/json"}, content)
            assert answer.status_code < 500, (url, content)


@pytest.mark.parametrize("route", [route for route, line in ROUTES.items() if line.form or line.page])
async def test_each_field_of_a_form(site: Site, route: str) -> None:
    method, path = route.split(" ")
    line = ROUTES[route]
    place = site.two.places["own" if line.own else "own_draft"]
    fields = (await site.form_on(line.page, line, place) if line.page else {}) | site.filled_form(line, place)
    headers = as_administrator(site) | {"content-type": b"application/x-www-form-urlencoded"}
    for name in fields:
        for odd in IN_FORMS if site.thorough else IN_FORMS[:2]:
            others = httpx.Request("POST", BASE, data={n: v for n, v in fields.items() if n != name}).content
            content = b"&".join(part for part in (others, f"{quote(name)}={odd}".encode()) if part)
            answer = await call(site, method, site.path_of(path, line, place), headers, content)
            assert answer.status_code < 500, (path, name, odd)


@pytest.mark.parametrize("header", HEADERS)
async def test_each_header(site: Site, header: str) -> None:
    place = site.two.places["own"]
    for route in SOME_ROUTES:
        method, path = route.split(" ")
        url = site.path_of(path, ROUTES[route], place)
        for odd in IN_HEADERS:
            answer = await call(site, method, url, as_administrator(site) | {header: odd})
            assert answer.status_code < 500, (url, header, odd)


@pytest.mark.parametrize("cookie", COOKIES)
async def test_each_cookie(site: Site, cookie: str) -> None:
    for route in SOME_ROUTES:
        method, path = route.split(" ")
        url = site.path_of(path, ROUTES[route], site.two.places["own"])
        for odd in IN_HEADERS:
            answer = await call(site, method, url, {"cookie": cookie.encode() + b"=" + odd})
            assert answer.status_code < 500, (url, cookie, odd)
