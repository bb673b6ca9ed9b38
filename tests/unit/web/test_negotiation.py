"""RFC 9110: what a caller accepts, already has, and last read."""

from typing import Any

import pytest
from litestar.testing import RequestFactory

from events_app.kernel.errors import RevisionMismatch
from events_app.web.negotiation import has_one_of, takes_gzip
from events_app.web.revisions import expected_revision


@pytest.mark.parametrize(
    ("field", "takes"),
    [
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("gzip;q=0", False),
        ("gzip; q=0", False),
        ("gzip;q=0.0", False),
        ("gzip;q=0.000, *", False),
        ("gzip;q=0.001", True),
        ("gzip;q=1.0, br", True),
        ("br, deflate", False),
        ("*", True),
        ("*;q=0", False),
        ("*;q=0, gzip", True),
        ("identity", False),
        ("identity;q=0, gzip;q=0.5", True),
        ("x-gzip", True),
        ("not-gzip", False),
        ("gzip;q=high", False),
        ("gzip;q=2", False),
        (" , ,gzip", True),
        ("gzip;foo=bar;q=0", False),
    ],
)
def test_gzip_is_sent_to_whoever_takes_it(field: str, takes: bool) -> None:
    assert takes_gzip(field) is takes


@pytest.mark.parametrize(
    ("field", "has"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"x", "a"', True),
        ('"x" ,W/"b"', True),
        ("*", True),
        ('"*"', False),
        ("", False),
        ('"ab"', False),
        ('"x"', False),
        ("a", False),
    ],
)
def test_a_tag_is_one_of_a_list(field: str, has: bool) -> None:
    assert has_one_of(field, '"a"', '"b"') is has


def asked(*fields: str) -> Any:
    request = RequestFactory().patch("/")
    request.scope["headers"] = [(b"if-match", field.encode()) for field in fields]
    return expected_revision(request)


@pytest.mark.parametrize(
    ("fields", "equal", "other"),
    [
        (['"3"'], [3], [2, 4, 33]),
        (["3"], [3], [2]),
        (['"3", "4"'], [3, 4], [2, 5]),
        (['"3"', '"4"'], [3, 4], [5]),
        (['"x", "4"'], [4], [3]),
        (['W/"3", "4"'], [4], [3]),
    ],
)
def test_a_revision_is_one_of_those_last_read(fields: list[str], equal: list[int], other: list[int]) -> None:
    expected = asked(*fields)
    assert all(expected == revision for revision in equal)
    assert not any(expected == revision for revision in other)
    assert all(expected != revision for revision in other)
    assert not any(expected != revision for revision in equal)


def test_anything_is_expected_by_a_star_and_by_nothing() -> None:
    assert asked() is None
    assert asked("*") is None
    assert asked(" * ") is None


@pytest.mark.parametrize("field", ["", '""', "abc", 'W/"3"', '"3', "-1", '"9999999999"', '"٣"'])
def test_a_tag_that_cannot_match_does_not(field: str) -> None:
    with pytest.raises(RevisionMismatch):
        asked(field)
