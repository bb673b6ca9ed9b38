"""Where a visitor may be sent after a deed: to pages of ours alone, whatever the address says."""

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import RequestFactory

from events_app.kernel.actor import ANONYMOUS, Actor, ActorKind
from events_app.web.pages import actor_of, go_to, is_local_path, language_of, speak

HERE = "https://convive.example"


def as_a_browser_reads_it(path: str) -> str:
    """WHATWG URL: blanks at the ends and tabs and line ends anywhere are nothing, a backslash is a slash."""
    bare = re.sub(r"[\t\n\r]", "", path.strip("\x00-\x1f ")).replace("\\", "/")
    return urljoin(HERE + "/sign-in", bare)


@pytest.mark.parametrize("path", ["/", "/org", "/org/events/été?a=b#c", "/me/abc/wishes"])
def test_a_page_of_ours(path: str) -> None:
    assert is_local_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "org",
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\t\\evil.example",
        "/\n/evil.example",
        "/org\r\nset-cookie: a=b",
        "/org\0",
        " //evil.example",
        "javascript:alert(1)",
    ],
)
def test_no_page_of_ours(path: str) -> None:
    assert not is_local_path(path)


@given(st.text(alphabet="/\\\t\n\r\0 .:@?#%aé", max_size=12))
def test_nobody_is_led_away(tail: str) -> None:
    for path in (tail, "/" + tail):
        if is_local_path(path):
            location = go_to(RequestFactory().get("/"), path).headers["location"]
            for address in (as_a_browser_reads_it(path), as_a_browser_reads_it(location)):
                assert urlsplit(address).netloc == urlsplit(HERE).netloc
            assert location.isascii()
            assert location.isprintable()


def test_a_request_that_nothing_is_known_of_is_nobodys_in_french() -> None:
    request: Any = RequestFactory().get("/")
    assert (actor_of(request), language_of(request)) == (ANONYMOUS, "fr")


def test_a_page_speaks_of_its_event_where_no_language_was_wished() -> None:
    request: Any = RequestFactory().get("/")
    speak(request, "en")
    assert language_of(request) == "en"
    speak(request, "de")  # none of ours
    assert language_of(request) == "en"
    request.scope["state"] |= {"lang": "fr", "lang_wished": True}
    speak(request, "en")
    assert language_of(request) == "fr"


def test_what_is_no_actor_is_nobody() -> None:
    request: Any = RequestFactory().get("/")
    request.scope["state"]["actor"] = Actor(ActorKind.SYSTEM)
    assert actor_of(request).kind is ActorKind.SYSTEM
    request.scope["state"]["actor"] = "administrator"
    assert actor_of(request) is ANONYMOUS
