"""What is kept answers as HTTP says, whichever tag, date or coding the caller names (RFC 9110)."""

import asyncio
import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.web.kept_files import KeptFile
from events_app.web.negotiation import as_date, is_known, read_date

BODY = b"BEGIN:VCALENDAR\r\n" * 200
CHANGED = datetime(2018, 3, 1, 9, 0, 30, 600_000, tzinfo=UTC)
Answer = tuple[int, dict[str, str], bytes]


def answer(file: KeptFile, method: str = "GET", **fields: str) -> Answer:
    headers = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in fields.items()]
    scope: Any = {"type": "http", "method": method, "headers": headers}
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(file.answer(scope)(scope, None, send))  # type: ignore[arg-type]
    start, body = sent
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    assert len(found) == len(start["headers"])  # no field twice
    return start["status"], found, body["body"]


def calendar() -> KeptFile:
    return KeptFile(BODY, "text/calendar", '"abc"', cache_control="public, no-cache", changed_at=CHANGED)


def test_plain_for_who_says_nothing() -> None:
    assert answer(calendar()) == (
        200,
        {
            "content-type": "text/calendar",
            "vary": "Accept-Encoding",
            "cache-control": "public, no-cache",
            "last-modified": "Thu, 01 Mar 2018 09:00:30 GMT",
            "etag": '"abc"',
            "content-length": str(len(BODY)),
        },
        BODY,
    )


def test_gzip_is_the_same_under_its_own_tag() -> None:
    status, headers, body = answer(calendar(), accept_encoding="gzip, br")
    assert (status, headers["content-encoding"], headers["etag"]) == (200, "gzip", '"abc-gz"')
    assert gzip.decompress(body) == BODY
    assert headers["content-length"] == str(len(body))


def test_head_says_what_get_would() -> None:
    for accepted in ("", "gzip"):
        got, headed = (answer(calendar(), m, accept_encoding=accepted) for m in ("GET", "HEAD"))
        assert headed == (200, got[1], b"")


@pytest.mark.parametrize("body", [b"", b"a", bytes(range(256))])
def test_what_gzip_makes_no_smaller_goes_as_it_is(body: bytes) -> None:
    status, headers, sent = answer(KeptFile(body, "image/png", '"p"'), accept_encoding="gzip")
    assert (status, headers.get("content-encoding"), headers["etag"], sent) == (200, None, '"p"', body)


@pytest.mark.parametrize(
    "fields",
    [
        {"if_none_match": '"abc"'},
        {"if_none_match": 'W/"abc"'},
        {"if_none_match": '"x", "abc-gz"'},
        {"if_none_match": "*"},
        {"if_modified_since": "Thu, 01 Mar 2018 09:00:30 GMT"},
        {"if_modified_since": "Thursday, 01-Mar-18 09:00:30 GMT"},
        {"if_modified_since": "Thu Mar  1 09:00:30 2018"},
        {"if_modified_since": "Thu, 01 Mar 2018 10:00:30 +0100"},
        {"if_modified_since": "Fri, 02 Mar 2018 00:00:00 -0000"},
    ],
)
def test_what_the_caller_has_is_not_sent_again(fields: dict[str, str]) -> None:
    status, headers, body = answer(calendar(), **fields)
    assert (status, body) == (304, b"")
    assert (headers["etag"], headers["vary"], "content-length" in headers) == (
        '"abc"',
        "Accept-Encoding",
        False,
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"if_none_match": '"abcd"'},
        {"if_none_match": "abc"},
        {"if_none_match": ""},
        {"if_none_match": '"old"', "if_modified_since": "Fri, 02 Mar 2018 00:00:00 GMT"},
        {"if_modified_since": "Thu, 01 Mar 2018 09:00:29 GMT"},
        {"if_modified_since": "Thu Mar  1 09:00:29 2018"},
        {"if_modified_since": "Thu, 01 Mar 2018 09:59:59 +0100"},
        {"if_modified_since": "yesterday"},
        {"if_modified_since": "Thu, 01 Mar 99999 09:00:30 GMT"},
        {"if_modified_since": ""},
        {"if_modified_since": "é"},
    ],
)
def test_what_is_new_or_cannot_be_told_is_sent(fields: dict[str, str]) -> None:
    assert answer(calendar(), **fields)[0] == 200


def test_tags_may_come_in_several_fields() -> None:
    headers = [(b"if-none-match", b'"x"'), (b"if-none-match", b'"abc"')]
    assert is_known(headers, '"abc"')
    assert is_known(headers[::-1], '"abc"')


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "America/Los_Angeles"])
def test_a_date_without_a_zone_is_in_greenwich_wherever_the_server_stands(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert read_date("Thu Mar  1 09:00:30 2018") == CHANGED.replace(microsecond=0)
        assert read_date("Thu, 01 Mar 2018 09:00:30 -0000") == CHANGED.replace(microsecond=0)
    finally:
        monkeypatch.undo()
        time.tzset()


@given(st.integers(0, 7 * 10**15))
def test_a_date_that_was_sent_is_known_again(microseconds: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    assert read_date(as_date(moment)) == moment.replace(microsecond=0)
    assert is_known([(b"if-modified-since", as_date(moment).encode())], '"x"', moment)
    later = moment + timedelta(seconds=1)
    assert not is_known([(b"if-modified-since", as_date(moment).encode())], '"x"', later)


@given(st.text(max_size=40))
def test_no_date_breaks(text: str) -> None:
    found = read_date(text)
    assert found is None or found.tzinfo is UTC
