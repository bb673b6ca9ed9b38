"""What comes back is understood as one of three things, whatever is sent to us."""

import email
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events_app.features.inbound.reading import (
    MOST_BYTES,
    AnswerGiven,
    Bounce,
    Ignored,
    Reply,
    understand,
)
from events_app.infra.bounces import envelope_sender, token_in
from tests.returned import TOKEN, bounce, reply

RETURNS = "retours@pma.example"


def test_a_notice_of_failure_names_the_mail_and_the_reason() -> None:
    reason = "550 5.1.1 <zoe@mail.example>: Recipient address rejected: User unknown"
    assert understand(bounce(), "") == Bounce(TOKEN, reason)


def test_the_address_of_the_mail_counts_where_no_header_came_back() -> None:
    raw = bounce(message_id="<other@elsewhere.example>", to=f"retours+{TOKEN}@pma.example")
    assert isinstance(understand(raw, RETURNS), Bounce)
    assert isinstance(understand(raw, ""), Ignored)


def test_an_old_servers_notice_counts_by_the_address_alone() -> None:
    raw = (
        f"From: MAILER-DAEMON@mx\nTo: retours+{TOKEN}@pma.example\nSubject: failure notice\n\nHi.\n".encode()
    )
    assert understand(raw, RETURNS) == Bounce(TOKEN, "failure notice")


def test_a_delay_is_no_failure() -> None:
    assert understand(bounce(action="delayed"), "") == Ignored("automatic")


@pytest.mark.parametrize("answer", list(AnswerGiven))
def test_an_answer_to_an_invitation(answer: AnswerGiven) -> None:
    found = understand(reply("registration-1@x", answer=answer.value.upper()), "")
    at = datetime(2018, 3, 1, 10, tzinfo=UTC)
    assert found == Reply("registration-1@x", "zoe@mail.example", "zoe@mail.example", answer, at)


def test_out_of_office_is_ignored_also_where_it_comes_to_the_address_of_a_mail() -> None:
    raw = (
        f"From: zoe@mail.example\nTo: retours+{TOKEN}@pma.example\nAuto-Submitted: auto-replied\n"
        "Subject: Absente\n\nJe suis absente.\n"
    ).encode()
    assert understand(raw, RETURNS) == Ignored("automatic")


def test_what_somebody_wrote_is_left_to_people() -> None:
    raw = b"From: zoe@mail.example\nTo: events@pma.example\nSubject: Question\n\nA quelle heure ?\n"
    found = understand(raw, RETURNS)
    assert isinstance(found, Ignored)
    assert found.for_people


two_attendees = "ATTENDEE;PARTSTAT=DECLINED:mailto:max@mail.example\r\n"
nested = b"".join(
    b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (depth, depth) for depth in range(3_000)
)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00" * 500,
        b"x" * (MOST_BYTES + 1),
        b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\n",
        reply("registration-1@x", more=two_attendees),
        reply("registration-1@x", answer="PERHAPS"),
        reply("registration-1@x", more="BEGIN:VALARM\r\n"),
        reply("registration-1@x", more="DESCRIPTION:" + "x" * 70_000 + "\r\n"),
        reply("registration-1@x").replace(b"DTSTAMP:20180301T100000Z", b"DTSTAMP:20180301"),
        reply("registration-1@x").replace(b"DTSTAMP:20180301T100000Z\r\n", b""),
        reply("registration-1@x").replace(b"mailto:zoe", b"urn:zoe"),
        reply("registration-1@x").replace(b"METHOD:REPLY", b"METHOD:CANCEL"),
        nested,
    ],
)
def test_what_is_broken_changes_nothing(raw: bytes) -> None:
    assert isinstance(understand(raw, RETURNS), Ignored)


@settings(max_examples=60)
@given(st.binary(max_size=400), st.integers(0, 1200))
def test_whatever_stands_in_a_message_it_is_understood_or_ignored(junk: bytes, at: int) -> None:
    for whole in (bounce(), reply("registration-1@x")):
        assert isinstance(understand(whole[:at] + junk + whole[at:], RETURNS), Bounce | Reply | Ignored)


def test_each_mail_is_sent_from_an_address_of_its_own_where_returns_are_taken() -> None:
    sender = envelope_sender("events@pma.example", RETURNS, f"<{TOKEN}@convive.example>")
    assert sender == f"retours+{TOKEN}@pma.example"
    assert token_in(sender.upper(), RETURNS) == TOKEN
    assert envelope_sender("events@pma.example", "", f"<{TOKEN}@convive.example>") == "events@pma.example"
    assert [
        token_in(other, RETURNS) for other in (RETURNS, "retours+x@pma.example", f"a+{TOKEN}@b.c", "")
    ] == [None] * 4


def test_the_samples_are_whole() -> None:
    assert [email.message_from_bytes(raw).defects for raw in (bounce(), reply("x"))] == [[], []]
