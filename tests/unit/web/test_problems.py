"""Errors in words: the field that is meant, values that stay values, the way back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import RequestFactory

from events_app.infra.i18n import translator
from events_app.kernel.errors import FieldError, InvalidInput
from events_app.kernel.text import fill
from events_app.web.problems import _came_from, field_error, path_and_message, reasons_of, sentences_of


@pytest.mark.parametrize(
    ("key", "message", "pointer", "code"),
    [
        ("scans[0].gate", "Expected `str`, got `int`", "/scans/0/gate", "invalid"),
        ("data", "Object missing required field `title`", "/title", "required"),
        ("", "Object contains unknown field `tittle`", "/tittle", "unknown-field"),
        ("venue", "Object contains unknown field `x`", "/venue/x", "unknown-field"),
        ("[2][0]", "Expected `str`", "/2/0", "invalid"),
        ("", "", "", "invalid"),
    ],
)
def test_a_field_is_pointed_at(key: str, message: str, pointer: str, code: str) -> None:
    found = field_error(key, message)
    assert (found.pointer.replace("//", "/"), found.code) == (pointer, code)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Expected `str`, got `int` - at `$.gate`", ("gate", "Expected `str`, got `int`")),
        ("Expected `str` - at `$[0].a`", ("[0].a", "Expected `str`")),
        ("Expected `object`", ("", "Expected `object`")),
    ],
)
def test_a_readers_words_are_a_path_and_a_message(words: str, found: tuple[str, str]) -> None:
    assert path_and_message(words) == found


@given(st.text(max_size=20), st.text(max_size=20))
def test_values_stay_values(name: str, other: str) -> None:
    """A title that looks like a placeholder, or like a format, is a title."""
    said = fill("{name}", {"name": name})
    assert said == name
    assert fill("%s {0} {a.__class__}", {"a": other}) == "%s {0} {a.__class__}"


def test_a_value_that_names_another_field_is_not_filled_in() -> None:
    assert fill("{title}, {code}", {"title": "{code}", "code": "secret"}) == "{code}, secret"


def test_the_same_reason_is_said_once() -> None:
    errors = [FieldError(f"/{n}", "x", "This field is needed.") for n in range(3)]
    words = translator("en")
    assert sentences_of("", {}, errors, words) == ["This field is needed."]
    assert sentences_of("Not {what}.", {"what": "now"}, [], words) == ["Not now."]
    assert sentences_of("", {}, [], words) == []
    assert len(reasons_of(InvalidInput(errors), "fr")) == 1


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver.local/org?a=b", "/org?a=b"),
        ("http://testserver.local/here", ""),  # the page itself
        ("http://evil.example/org", ""),
        ("http://testserver.local//evil.example", ""),
        ("http://[", ""),
        ("", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_the_way_back_is_a_page_of_ours(referer: str, back: str) -> None:
    request: Any = RequestFactory(server="testserver.local").get(
        "/here", headers={"referer": referer, "host": "testserver.local"}
    )
    assert _came_from(request) == back
