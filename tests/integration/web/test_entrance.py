"""What every request meets, also where no handler answers."""

import re
from uuid import UUID

import httpx
import pytest


async def test_unknown_address_of_the_api_is_a_problem(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/nothing-here")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/not-found"


async def test_unknown_page_has_the_security_headers(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nothing-here")
    assert answer.status_code == 404
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-request-id"] in answer.text


@pytest.mark.parametrize(
    ("came_from", "shown"),
    [
        ("http://testserver.local/events?page=2", "/events?page=2"),
        ("http://testserver.local/nothing-here", None),
        ("http://testserver.local//evil.example/", None),
        ("https://evil.example/events", None),
        ("http://[", None),
        ("", None),
    ],
)
async def test_an_error_leads_back_to_the_page_before(
    client: httpx.AsyncClient, came_from: str, shown: str | None
) -> None:
    headers = {"referer": came_from, "accept-language": "en"}
    answer = await client.get("/nothing-here", headers=headers)
    assert answer.status_code == 404
    found = re.search(r'href="([^"]*)">Go back<', answer.text)
    assert (found and found[1]) == shown


async def test_an_error_page_names_every_reason(client: httpx.AsyncClient, organiser_key: str) -> None:
    headers = {"authorization": f"Bearer {organiser_key}", "accept-language": "en"}
    answer = await client.get(f"/org/events/some-event/placement/{UUID(int=1)}/move", headers=headers)
    assert answer.status_code == 422
    assert re.search(r"<li>[^<]+</li>", answer.text.partition("<h1>")[2].partition("</main>")[0])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"sec-fetch-site": "same-origin"}, 405),
        ({"origin": "http://testserver.local"}, 405),
        ({}, 405),
    ],
)
async def test_another_site_cannot_post(
    client: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    answer = await client.post("/health/live", headers=headers)
    assert answer.status_code == status


async def test_a_wrong_key_is_refused_everywhere(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/openapi.json", headers={"authorization": "Bearer wrong"})
    assert answer.status_code == 401


async def test_ready_says_that_the_database_answers(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health/ready")).json() == {"status": "ready"}


@pytest.mark.parametrize("path", ["/", "/health/live", "/calendar.ics", "/api/v1/openapi.json"])
async def test_head_is_get_without_the_body(client: httpx.AsyncClient, path: str) -> None:
    got, asked = await client.get(path), await client.head(path)
    assert asked.status_code == got.status_code == 200
    assert asked.content == b""
    assert asked.headers["content-type"] == got.headers["content-type"]
    assert asked.headers["content-length"] == got.headers["content-length"]


async def test_of_two_charsets_nobody_knows_which_is_meant(
    client: httpx.AsyncClient, organiser_key: str
) -> None:
    async def status(kind: str, content: bytes, path: str = "/api/v1/events") -> int:
        headers = {"authorization": f"Bearer {organiser_key}", "content-type": kind}
        return (await client.post(path, content=content, headers=headers)).status_code

    assert await status("application/json; charset=utf-8", b"{}") == 422
    assert await status('application/json; charset="UTF-8"', b"{}") == 422
    assert await status("application/json; charset=utf-8; charset=utf-16", b"{}") == 415
    assert await status("application/json; charset=latin-1", b"{}") == 415
    form = "application/x-www-form-urlencoded"
    assert await status(f"{form}; charset=utf-8", b"email=x", "/sign-in") == 422
    assert await status(f"{form}; charset=utf-8; charset=latin-1", b"email=x", "/sign-in") == 400


async def test_what_refuses_gzip_gets_none(client: httpx.AsyncClient) -> None:
    for path in ("/", "/sign-in", "/calendar.ics", "/static/css/convive.css", "/api/v1/openapi.json"):
        for accepted, zipped in (
            ("gzip", True),
            ("gzip;q=0", False),
            ("*;q=0", False),
            ("gzip;q=0, *", False),
        ):
            answer = await client.get(path, headers={"accept-encoding": accepted})
            if not zipped:
                assert "content-encoding" not in answer.headers, (path, accepted)
