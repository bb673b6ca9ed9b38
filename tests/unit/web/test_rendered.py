"""A page is answered from memory only as long as it is true."""

from datetime import UTC, datetime, timedelta

import pytest

from events_app.web import rendered
from events_app.web.rendered import RenderedPages

NOW = datetime(2018, 3, 1, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def test_untouched_while_nothing_was_committed_and_the_clock_changes_nothing() -> None:
    pages = RenderedPages()
    page = pages.put("lens", "<p>Lens</p>", "revision 1", (1, 1), LATER)
    assert pages.untouched("lens", (1, 1), NOW) is page
    assert pages.untouched("lens", (1, 2), NOW) is None  # something was committed
    assert pages.untouched("lens", (1, 1), LATER) is None  # it begins
    assert pages.untouched("arras", (1, 1), NOW) is None


def test_without_a_stamp_of_the_database_nothing_is_known_to_be_untouched() -> None:
    pages = RenderedPages()
    pages.put("lens", "<p>Lens</p>", "revision 1", None, LATER)
    assert pages.untouched("lens", None, NOW) is None


def test_still_true_while_what_it_was_made_of_is_the_same() -> None:
    pages = RenderedPages()
    pages.put("lens", "<p>Lens</p>", "revision 1", (1, 1), LATER)
    assert pages.still_true("lens", "revision 2", (1, 2), NOW) is None
    assert pages.still_true("lens", "revision 1", (1, 2), LATER) is None
    page = pages.still_true("lens", "revision 1", (1, 2), NOW)
    assert page is not None
    assert pages.untouched("lens", (1, 2), NOW) is page  # from now on without a look


def test_the_same_words_have_the_same_tag_and_others_another() -> None:
    pages = RenderedPages()
    first, second, other = (
        pages.put(key, f"<p>{words}</p>", 1, 1, LATER).file.etag
        for key, words in (("a", "Lens"), ("b", "Lens"), ("c", "Liévin"))
    )
    assert first == second != other


def test_memory_is_bounded_and_who_is_not_asked_for_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendered, "_MOST_BYTES", 250)
    pages = RenderedPages()
    for key in ("a", "b"):
        pages.put(key, "x" * 100, 1, 1, LATER)
    assert pages.untouched("a", 1, NOW) is not None
    pages.put("c", "x" * 100, 1, 1, LATER)
    assert [key for key in "abc" if pages.untouched(key, 1, NOW)] == ["a", "c"]
    for _ in range(5):  # put again, it is counted once
        pages.put("c", "x" * 100, 1, 1, LATER)
    assert pages.untouched("a", 1, NOW) is not None
    pages.put("huge", "x" * 1_000, 1, 1, LATER)  # alone, it is kept all the same
    assert [key for key in ("a", "c", "huge") if pages.untouched(key, 1, NOW)] == ["huge"]
