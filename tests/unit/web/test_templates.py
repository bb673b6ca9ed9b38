"""Pages are written by one environment: nothing typed becomes markup, nothing is left out silently."""

from collections.abc import Iterator
from datetime import UTC, datetime

import jinja2
import pytest

from events_app.infra.i18n import current_language
from events_app.web.templates import environment

TYPED = '<img src=x onerror="alert(1)">'


@pytest.fixture(params=["fr", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    token = current_language.set(request.param)
    yield request.param
    current_language.reset(token)


def made(source: str, **context: object) -> str:
    """By the environment of our pages, from a template of this test."""
    pages = environment().overlay(loader=jinja2.DictLoader({"page.html": source}))
    return pages.get_template("page.html").render(**context)


def test_what_was_typed_is_text() -> None:
    assert made("{{ typed }}", typed=TYPED) == "&lt;img src=x onerror=&#34;alert(1)&#34;&gt;"
    assert "<img" not in made("{{ typed | linked }}", typed=TYPED)
    assert "<img" not in made("{{ _('%(name)s has arrived', name=typed) }}", typed=TYPED)


def test_addresses_in_a_text_become_links() -> None:
    shown = made("{{ typed | linked }}", typed="Plan : https://lens.example/plan <b>")
    assert '<a href="https://lens.example/plan"' in shown
    assert "&lt;b&gt;" in shown


def test_what_nobody_gave_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        made("{{ forgotten }}")


def test_words_and_dates_are_of_the_language_of_the_request(language: str) -> None:
    at = datetime(2026, 11, 28, 13, 30, tzinfo=UTC)
    shown = made("{{ at.date() | date }}, {{ _('Sign in') }}", at=at)
    assert (
        shown
        == {"fr": "samedi 28 novembre 2026, Connexion", "en": "Saturday 28 November 2026, Sign in"}[language]
    )
