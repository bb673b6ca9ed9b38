"""Bodies as they are sent: refused with a status that says why, never an error of ours."""

from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar, Request, post
from litestar.testing import RequestFactory, TestClient

from events_app.web.requests import BodyRequest


@post("/json", status_code=200)
async def read_json(request: Request[Any, Any, Any]) -> dict[str, Any]:
    return {"read": await request.json()}


@post("/form", status_code=200)
async def read_form(request: Request[Any, Any, Any]) -> list[Any]:
    return list((await request.form()).multi_items())


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Any]]:
    app = Litestar([read_json, read_form], request_class=BodyRequest, openapi_config=None)
    with TestClient(app) as client:
        yield client


def answer(client: TestClient[Any], path: str, body: bytes, content_type: str) -> tuple[int, Any]:
    headers = {"content-type": content_type} if content_type else {}
    got = client.post(path, content=body, headers=headers)
    return got.status_code, got.json() if got.status_code == 200 else None


@pytest.mark.parametrize(
    "content_type",
    ["", "application/json", "application/problem+json", 'application/json; charset="UTF-8"'],
)
def test_json_is_read_where_it_says_so_or_nothing(client: TestClient[Any], content_type: str) -> None:
    assert answer(client, "/json", b'{"a": [1]}', content_type) == (200, {"read": {"a": [1]}})


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"],
)
def test_what_says_to_be_something_else_is_unsupported(client: TestClient[Any], content_type: str) -> None:
    assert answer(client, "/json", b"{}", content_type) == (415, None)


@pytest.mark.parametrize("body", [b'"\xff"', b"[" * 100_000, b"{", b"{} {}"])
def test_json_that_cannot_be_read_is_a_bad_request(client: TestClient[Any], body: bytes) -> None:
    assert answer(client, "/json", body, "application/json") == (400, None)


def test_a_form_keeps_every_value_of_a_name_in_order(client: TestClient[Any]) -> None:
    status, found = answer(client, "/form", b"a=2&b=%C3%A9&a=&a=1", "application/x-www-form-urlencoded")
    assert [value for name, value in found if name == "a"] == ["2", "", "1"]
    assert (status, [value for name, value in found if name == "b"]) == (200, ["é"])


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"a=1", "application/x-www-form-urlencoded; charset=utf-8; charset=latin-1"),
        (b"nothing of the kind", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data"),
    ],
)
def test_a_form_that_cannot_be_read_is_a_bad_request(
    client: TestClient[Any], body: bytes, content_type: str
) -> None:
    status, read = answer(client, "/form", body, content_type)
    assert (status, read) in [(400, None), (200, [])]


def test_of_two_cookies_of_one_name_the_first_counts() -> None:
    request = BodyRequest(RequestFactory().get("/").scope)
    assert request.cookies == {}
    request.scope["state"]["cookies"] = {"a": ("1", "2")}
    assert request.cookies == {"a": "1"}
