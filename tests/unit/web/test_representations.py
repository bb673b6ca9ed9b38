"""Files made at each question: the tag covers all they are made of, and pieces come whole."""

import asyncio
import gzip
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Response
from litestar.testing import RequestFactory

from events_app.web.representations import entity_tag, representation, streamed, unchanged

parts = st.lists(st.one_of(st.text(max_size=8), st.binary(max_size=8)), max_size=4)


def request(**fields: str) -> Any:
    return RequestFactory().get(
        "/", headers={name.replace("_", "-"): value for name, value in fields.items()}
    )


def as_bytes(given: list[str | bytes]) -> list[bytes]:
    return [each.encode("utf-8", "surrogatepass") if isinstance(each, str) else each for each in given]


@given(parts, parts)
def test_tags_are_alike_exactly_when_all_parts_are(one: list[str | bytes], other: list[str | bytes]) -> None:
    assert (entity_tag(*one) == entity_tag(*other)) == (as_bytes(one) == as_bytes(other))


def test_where_one_part_ends_matters() -> None:
    assert entity_tag("ab", "c") != entity_tag("a", "bc") != entity_tag("abc")


def said(answer: Response[Any]) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in answer.headers.items()}


BODY = b"<svg></svg>" * 200


@pytest.mark.parametrize(("accepts", "zipped"), [("gzip", True), ("", False), ("gzip;q=0", False)])
def test_a_compressible_file_goes_as_the_caller_takes_it(accepts: str, zipped: bool) -> None:
    asked = request(accept_encoding=accepts)
    answer = representation(
        asked, BODY, "image/svg+xml", etag='"a"', cache_control="private", compressible=True
    )
    headers = said(answer)
    assert headers["etag"] == ('"a-gz"' if zipped else '"a"')
    assert headers["vary"] == "Accept-Encoding"
    assert ("content-encoding" in headers) is zipped
    assert (gzip.decompress(answer.content) if zipped else answer.content) == BODY


def test_a_file_that_is_no_text_is_sent_as_it_is_under_its_name() -> None:
    asked = request(accept_encoding="gzip")
    answer = representation(
        asked, BODY, "application/pdf", etag='"a"', cache_control="private", filename="lens.pdf"
    )
    headers = said(answer)
    assert (answer.content, headers["etag"], "vary" in headers) == (BODY, '"a"', False)
    assert headers["content-disposition"] == 'inline; filename="lens.pdf"'


@pytest.mark.parametrize("tag", ['"a"', '"a-gz"', 'W/"a"', '"b", "a"'])
def test_what_the_caller_has_is_not_sent(tag: str) -> None:
    asked = request(if_none_match=tag)
    answer = representation(
        asked, BODY, "image/svg+xml", etag='"a"', cache_control="private", compressible=True
    )
    assert (answer.status_code, answer.content) == (304, b"")


def test_nothing_new_says_its_tag_and_how_long_it_holds() -> None:
    assert said(unchanged('"a"', "private, no-cache")) == {
        "etag": '"a"',
        "cache-control": "private, no-cache",
    }


@given(st.lists(st.binary(max_size=50), max_size=6), st.booleans())
def test_pieces_come_whole_and_in_order(pieces: list[bytes], zips: bool) -> None:
    asked = request(accept_encoding="gzip" if zips else "identity")
    answer: Any = streamed(asked, iter(pieces), "application/json", etag='"a"', cache_control="private")

    async def whole() -> bytes:
        return b"".join([piece async for piece in answer.iterator])

    body = asyncio.run(whole())
    assert (gzip.decompress(body) if zips else body) == b"".join(pieces)
    assert said(answer)["etag"] == ('"a-gz"' if zips else '"a"')
