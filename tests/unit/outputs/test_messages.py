"""Mails, read back by the standard library's parser and byte by byte."""

import email
import email.policy
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from events_app.kernel.text import clean_block, clean_line
from events_app.outputs.calendar import Mailbox, Method, invitation
from events_app.outputs.messages import (
    Attachment,
    InlineImage,
    Invite,
    Mail,
    NotOneAddress,
    mail_bytes,
    message_id,
)
from events_app.outputs.qrcodes import qr_png
from tests.unit.outputs.calendar_samples import ENTRIES

PMA = Mailbox("inscriptions@pma.example", "Pôle Métropolitain de l’Artois")
ZOE = Mailbox("zoe@mail.example", "Zoé d’Haëne, Lens")
SIMPLE = Mail(
    sender=PMA,
    to=ZOE,
    subject="Votre inscription à « Monkey Time »",
    text="Bonjour Zoé,\nà bientôt.",
    message_id=message_id("job-1", "convive.example"),
    date=datetime(2018, 4, 1, 8, 30, tzinfo=UTC),
)
PNG = qr_png("C" * 122)
FULL = replace(
    SIMPLE,
    html='<p>Bonjour Zoé</p><img src="cid:billet" alt="Code QR">',
    reply_to=Mailbox("reponses@pma.example"),
    invite=Invite(invitation(ENTRIES[0], PMA, ZOE, Method.REQUEST), Method.REQUEST),
    images=(InlineImage("billet", PNG),),
    attachments=(Attachment("billet « Zoé ».pdf", "application/pdf", b"%PDF-1.7\n\x00\xff"),),
)
anything = st.text(alphabet=st.characters(), max_size=400)


def parse(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def decoded(header: str) -> str:
    return str(make_header(decode_header(header.strip())))


def shape(part: EmailMessage) -> object:
    if part.is_multipart():
        return part.get_content_subtype(), [shape(child) for child in part.iter_parts()]
    return part.get_content_type()


def test_a_simple_mail_is_these_bytes() -> None:
    assert mail_bytes(SIMPLE).decode("ascii").split("\r\n") == [
        "From: =?utf-8?q?P=C3=B4le_M=C3=A9tropolitain_de_l=E2=80=99Artois?=",
        " <inscriptions@pma.example>",
        "To: =?utf-8?b?Wm/DqSBk4oCZSGHDq25lLCBMZW5z?=",
        " <zoe@mail.example>",
        "Subject: =?utf-8?q?Votre_inscription_=C3=A0_=C2=AB_Monkey_Time_=C2=BB?=",
        "Date: Sun, 01 Apr 2018 08:30:00 +0000",
        f"Message-ID: {SIMPLE.message_id}",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "Bonjour Zo=C3=A9,",
        "=C3=A0 bient=C3=B4t.",
        "",
    ]


def test_an_invitation_has_the_structure_that_shows_buttons() -> None:
    message = parse(mail_bytes(FULL))
    assert shape(message) == (
        "mixed",
        [
            ("alternative", ["text/plain", ("related", ["text/html", "image/png"]), "text/calendar"]),
            "application/ics",
            "application/pdf",
        ],
    )
    alternative, ics, pdf = message.iter_parts()
    plain, related, calendar = alternative.iter_parts()
    html, image = related.iter_parts()
    assert plain.get_content().split() == FULL.text.split()
    assert html.get_content().strip() == FULL.html
    assert (image["Content-ID"], image.get_content()) == ("<billet>", PNG)
    assert calendar["Content-Type"].params == {"charset": "utf-8", "method": "REQUEST"}
    assert calendar.get_payload(decode=True) == ics.get_content() == FULL.invite.ics
    assert ics.get_filename() == "invite.ics"
    assert (pdf.get_filename(), pdf.get_content()) == ("billet « Zoé ».pdf", b"%PDF-1.7\n\x00\xff")
    assert message["Reply-To"] == "reponses@pma.example"
    assert all(part.defects == [] for part in message.walk())


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (
            replace(FULL, html="", images=(), attachments=()),
            ("mixed", [("alternative", ["text/plain", "text/calendar"]), "application/ics"]),
        ),
        (replace(FULL, invite=None, attachments=(), images=()), ("alternative", ["text/plain", "text/html"])),
        (replace(SIMPLE, attachments=FULL.attachments), ("mixed", ["text/plain", "application/pdf"])),
    ],
)
def test_no_level_holds_a_single_part(mail: Mail, expected: object) -> None:
    assert shape(parse(mail_bytes(mail))) == expected


def test_building_twice_gives_the_same_bytes() -> None:
    assert mail_bytes(FULL) == mail_bytes(replace(FULL))
    assert message_id("job-1", "x.example") == message_id("job-1", "x.example")
    assert message_id("job-1", "x.example") != message_id("job-2", "x.example")


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@b.fr, evil@x.fr", "a@b.fr\r\nBcc: evil@x.fr", "a b@c.fr"],
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    for broken in (
        replace(SIMPLE, to=Mailbox(address)),
        replace(SIMPLE, sender=Mailbox(address)),
        replace(SIMPLE, reply_to=Mailbox(address)),
    ):
        with pytest.raises(NotOneAddress):
            mail_bytes(broken)


@pytest.mark.parametrize(
    "broken",
    [
        replace(SIMPLE, date=datetime(2018, 4, 1)),  # noqa: DTZ001
        replace(SIMPLE, message_id="<a@b>\r\nBcc: evil@x.fr"),
        replace(SIMPLE, message_id="a@b"),
        replace(SIMPLE, unsubscribe_url="https://x.example/\r\nBcc: evil@x.fr"),
        replace(SIMPLE, unsubscribe_url="https://x.example/>, <mailto:evil@x.fr"),
        replace(SIMPLE, unsubscribe_url="javascript:alert(1)"),
        replace(FULL, images=(InlineImage("a>\r\nX: y", PNG),)),
        replace(SIMPLE, attachments=(Attachment("a", "text/html; charset=x\r\nX: y", b""),)),
    ],
)
def test_what_could_add_a_header_is_refused(broken: Mail) -> None:
    with pytest.raises(ValueError, match=r"not a|aware"):
        mail_bytes(broken)


def test_a_newsletter_can_be_left_with_one_click_even_by_a_long_link() -> None:
    link = "https://convive.example/desabonnement/" + "a" * 200 + "?s=b"
    raw = mail_bytes(replace(SIMPLE, unsubscribe_url=link))
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    assert b"List-Unsubscribe" not in mail_bytes(SIMPLE)


@settings(max_examples=40)
@given(anything, anything, anything, anything)
@example("Dupont, evil@x.fr, " + "abc " * 20, "", "", "")  # Python 3.11 makes three addresses of this one
@example("שלום", "=?utf-8?q?evil?=", "\r\n\r\nBcc: evil@x.fr", '"; filename="a.exe')
def test_any_text_stays_where_it_was_put(name: str, subject: str, text: str, filename: str) -> None:
    mail = replace(
        FULL,
        to=Mailbox("zoe@mail.example", name),
        sender=Mailbox("inscriptions@pma.example", name),
        subject=subject,
        text=text,
        attachments=(Attachment(filename, "application/pdf", b"x"),),
    )
    raw = mail_bytes(mail)
    assert all(len(line) <= 998 and line.isascii() for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    head = raw.split(b"\r\n\r\n")[0].decode("ascii").replace("\r\n ", " ").split("\r\n")
    assert [line.split(":")[0] for line in head] == [
        *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("MIME-Version", "Content-Type"),
    ]
    assert [address for _, address in getaddresses([head[1][3:]])] == ["zoe@mail.example"]
    address = "<zoe@mail.example>" if clean_line(name) else "zoe@mail.example"
    assert decoded(head[1].removeprefix("To: ").removesuffix(address)) == clean_line(name)[:120].strip()
    assert decoded(head[3][9:]) == clean_line(subject)[:250].strip()
    message = parse(raw)
    assert [found.addr_spec for found in message["To"].addresses] == ["zoe@mail.example"]
    plain = message.get_body(("plain",))
    assert plain.get_payload(decode=True).decode() == clean_block(text).replace("\n", "\r\n") + "\r\n"
    attached = list(message.iter_attachments())
    assert [part.get_content_type() for part in attached] == ["application/ics", "application/pdf"]
