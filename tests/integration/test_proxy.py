"""What docs/hosting.md shows of nginx is what works: addresses, limits, cookies, silent callers."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from tests.integration.test_silent_connections import endless_callers
from tests.proxies import HOST, HOW_TO_GET_IT, nginx, nginx_before
from tests.servers import free_port, running_server

pytestmark = pytest.mark.skipif(nginx() is None, reason=HOW_TO_GET_IT)


class Behind(msgspec.Struct, frozen=True):
    http: int
    https: int
    folder: Path
    link: str

    def client(self, **options: Any) -> httpx.Client:
        """As a browser at the public address; `transport` goes to this machine."""
        context = ssl.create_default_context(cafile=str(self.folder / "certificate.pem"))
        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.https}",
            headers={"host": f"{HOST}:{self.https}"} | options.pop("headers", {}),
            verify=context,
            timeout=8,
            **options,
        )


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    with nginx_before(port, folder) as (http, https):
        settings = {
            "CONVIVE_BASE_URL": f"https://{HOST}:{https}",
            "CONVIVE_TRUSTED_PROXIES": "127.0.0.1",
        }
        with running_server(settings, port) as server:
            link = server.log.read_text().partition("once: ")[2].split()[0]
            yield Behind(http, https, folder, link)


def get(client: httpx.Client, path: str) -> httpx.Response:
    return client.get(path, extensions={"sni_hostname": HOST})


def post(client: httpx.Client, path: str, **sent: Any) -> httpx.Response:
    return client.post(path, extensions={"sni_hostname": HOST}, **sent)


def test_http_leads_to_https(behind: Behind) -> None:
    answer = httpx.get(f"http://127.0.0.1:{behind.http}/communes?q=le", headers={"host": HOST})
    assert (answer.status_code, answer.headers["location"]) == (301, f"https://{HOST}/communes?q=le")


def test_signing_in_works_with_cookies_for_https_alone(behind: Behind) -> None:
    with behind.client() as client:
        path = "/sign-in/" + behind.link.rpartition("/")[2]
        origin = {"origin": f"https://{HOST}:{behind.https}"}
        assert get(client, path).status_code == 200
        done = post(client, path, headers=origin)
        assert (done.status_code, done.headers["location"]) == (303, "/org")
        assert "; secure" in done.headers["set-cookie"].lower()
        assert done.headers["strict-transport-security"].startswith("max-age=")
        elsewhere = post(client, "/sign-out", headers={"origin": "https://evil.example"})
        assert elsewhere.status_code == 403


def test_a_caller_who_writes_addresses_of_others_stays_one_caller(behind: Behind) -> None:
    """Fifteen attempts a minute: each under another name, and still they are counted together."""
    statuses = set()
    with behind.client() as client:
        for number in range(20):
            forged = {"x-forwarded-for": f"203.0.113.{number}", "forwarded": f"for=203.0.113.{number}"}
            sent = {"email": f"nobody{number}@example.org", "password": "not this one at all"}
            statuses.add(post(client, "/sign-in", data=sent, headers=forged).status_code)
    assert statuses == {422, 429}


def test_what_is_too_large_is_refused_by_the_one_or_the_other(behind: Behind) -> None:
    """By Convive, whose answer nginx passes on, and by nginx itself."""
    with behind.client() as client:
        for _ in range(10):
            answer = post(client, "/sign-in", data={"email": "x" * 2_000_000})
            assert (answer.status_code, "x-request-id" in answer.headers) == (413, True)
        try:
            answer = post(client, "/sign-in", data={"email": "x" * 12_000_000})
        except httpx.TransportError:
            return  # nginx hangs up while we send: refused as well
        assert (answer.status_code, "x-request-id" in answer.headers) == (413, False)


def test_silent_callers_keep_nobody_out(behind: Behind) -> None:
    with endless_callers(behind.https, 900, b""), behind.client() as client:
        for _ in range(3):
            assert get(client, "/").status_code == 200
