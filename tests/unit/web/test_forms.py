"""A posted form reads what our pages print and refuses what no page of ours sends."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.datastructures import FormMultiDict

from events_app.infra.i18n import LANGUAGES, translator
from events_app.kernel.errors import InvalidInput
from events_app.web.forms import Form


def typed(**fields: str) -> Form:
    return Form(FormMultiDict(list(fields.items())))


@given(st.integers(0, 1_000_000), st.sampled_from(LANGUAGES))
def test_numbers_that_pages_print(value: int, language: str) -> None:
    form = typed(capacity=translator(language).number(value))
    assert form.integer("capacity") == value
    assert not form.errors


@pytest.mark.parametrize("text", ["1 000 001", "-1", "beaucoup", "1,5", "9" * 39])
def test_numbers_that_cannot_be_taken(text: str) -> None:
    form = typed(capacity=text)
    assert form.integer("capacity") is None
    assert list(form.errors) == ["capacity"]


@pytest.mark.parametrize(
    "text", ["10/04/2018 14:00", "10/04/2018 14 h", "mardi 10 avril 2018, 14\u202fh", "10 April 2018, 14:00"]
)
def test_moments_in_the_zone_of_the_place(text: str) -> None:
    assert typed(at=text).instant("at", "Europe/Paris") == datetime(2018, 4, 10, 12, tzinfo=UTC)
    assert typed(at=text).instant("at", "America/Martinique") == datetime(2018, 4, 10, 18, tzinfo=UTC)


def test_a_moment_that_the_clocks_skip() -> None:
    form = typed(at="dimanche 25 mars 2018, 2 h 30")
    assert form.instant("at", "Europe/Paris") is None
    assert list(form.errors) == ["at"]


def test_days() -> None:
    assert str(typed(day="mardi 10 avril 2018").day("day")) == "2018-04-10"
    assert typed(day="demain").day("day") is None


def test_a_box_holds_what_boxes_send() -> None:
    assert [typed(box=value).flag("box") for value in ("yes", "on", "1", "", "no", "0")] == [True] * 3 + [
        False
    ] * 3
    assert typed().flag("box") is False
    with pytest.raises(InvalidInput):
        typed(box="perhaps").flag("box")


def test_a_deed_is_one_of_those_offered() -> None:
    assert typed(do="publish").deed("do", ("keep", "publish")) == "publish"
    assert typed().deed("do", ("keep", "publish"), absent="keep") == "keep"
    for wrong in (typed(do="PUBLISH"), typed(do="x"), typed()):
        with pytest.raises(InvalidInput):
            wrong.deed("do", ("keep", "publish"))
