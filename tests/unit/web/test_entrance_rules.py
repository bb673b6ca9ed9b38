"""What the entrance reads of a request before anything else: whose it is, its host, its language."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.web.entrance import _bearer, _is_host, _language, is_cross_site


@pytest.mark.parametrize(
    ("headers", "crosses"),
    [
        ({}, False),  # a program
        ({b"sec-fetch-site": "same-origin"}, False),
        ({b"sec-fetch-site": "none"}, False),  # typed, or a bookmark
        ({b"sec-fetch-site": "same-site"}, True),  # a neighbour under the same domain
        ({b"sec-fetch-site": "cross-site"}, True),
        ({b"sec-fetch-site": "cross-site", b"origin": "https://convive.example"}, True),
        ({b"origin": "https://convive.example"}, False),
        ({b"origin": "https://convive.example:444"}, True),
        ({b"origin": "https://convive.example.evil.example"}, True),
        ({b"origin": "null"}, True),
        ({b"origin": ""}, True),
        ({b"origin": "http://["}, True),
    ],
)
def test_another_site_is_known_by_what_no_page_can_forge(headers: dict[bytes, str], crosses: bool) -> None:
    assert is_cross_site({b"host": "convive.example"} | headers) is crosses


@given(st.text(alphabet="htps:/.@#?abc", max_size=20))
def test_no_origin_that_only_ends_or_begins_like_ours_is_ours(more: str) -> None:
    for origin in (f"https://convive.example{more}", f"https://{more}convive.example"):
        ours = urlsplit(origin).netloc == "convive.example"
        assert is_cross_site({b"host": "convive.example", b"origin": origin}) is not ours


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "convive.example",
        "convive.example:8000",
        "192.0.2.1:80",
        "[::1]",
        "[2001:db8::1]:443",
        "a_b",
    ],
)
def test_a_host(host: str) -> None:
    assert _is_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "a b",
        "a/b",
        "a@b",
        "a:b",
        "a:99999",
        "a:-1",
        "[::1",
        "[zz]",
        "[1.2.3.4]",
        "é",
        "a\n",
        "a:80:80",
        ":80",
    ],
)
def test_no_host(host: str) -> None:
    assert not _is_host(host)


@pytest.mark.parametrize(
    ("field", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer  abc ", "abc"),
        ("BEARER abc", "abc"),
        ("Basic abc", None),
        ("abc", None),
        ("", None),
    ],
)
def test_a_key_comes_as_a_bearer(field: str, token: str | None) -> None:
    assert _bearer(field) == token


@pytest.mark.parametrize(
    ("query", "accept", "kept", "language"),
    [
        (b"", None, (), None),
        (b"lang=en", "fr", ("fr",), "en"),
        (b"a=b&lang=fr", "en", (), "fr"),
        (b"lang=de", "fr", ("en",), "en"),
        (b"lang=", None, (), None),
        (b"xlang=en", None, (), None),
        (b"lang=%ff", "en", (), "en"),
        (b"", "fr", ("de", "en"), "en"),  # another domain's cookie of the same name
        (b"", "de, en;q=0.5", (), "en"),
        (b"", "de", (), None),
    ],
)
def test_the_address_the_cookie_then_the_browser(
    query: bytes, accept: str | None, kept: tuple[str, ...], language: str | None
) -> None:
    scope: Any = {"query_string": query}
    headers = {} if accept is None else {b"accept-language": accept}
    assert _language(scope, headers, {"convive_lang": kept} if kept else {}) == language
