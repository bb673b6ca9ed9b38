"""Mails: texts and attachments in, the bytes that SMTP sends out (RFC 5322, 2045, 6047).

Nothing here reads a clock or draws a random number: Message-ID and Date are given, so that a mail built twice
has the same bytes and a repeat after a crash is recognised by its Message-ID.

The header lines are written here, not by EmailMessage: when Python 3.11 folds a long quoted name it drops the
quotes, and `"Dupont, evil@x.example, ..." <a@b.example>` becomes three addresses; it also encodes a long
List-Unsubscribe link into a word that no mail program follows.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from typing import Final

from msgspec import Struct

from events_app.kernel.text import clean_block, clean_email, clean_line
from events_app.outputs.calendar import Mailbox, Method
from events_app.outputs.mime import data_part, file_part, multipart, text_part

_CRLF: Final = "\r\n"
_NAME_LIMIT: Final = 120
_SUBJECT_LIMIT: Final = 250
# Names that need neither quotes nor encoding (RFC 5322 section 3.2.3) and no folding.
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9' -]{0,40}")
_PLAIN_SUBJECT: Final = re.compile(r"(?!.*=\?)[\x20-\x7e]{0,60}")
_MESSAGE_ID: Final = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}>")
_WEB_ADDRESS: Final = re.compile(r"https?://[!-;=?-~]{1,900}")
_IMAGE_NAME: Final = re.compile(r"[A-Za-z0-9._@-]{1,60}")
_MIME_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+")


class NotOneAddress(ValueError):
    """Not exactly one e-mail address: `a@b, evil@x`, a name, a line end, nothing."""


class Attachment(Struct, frozen=True):
    """A file that goes with the mail."""

    filename: str
    mime_type: str
    """type/subtype, without parameters."""
    content: bytes


class InlineImage(Struct, frozen=True):
    """A PNG that the HTML shows with `<img src="cid:NAME">`."""

    name: str
    png: bytes


class Invite(Struct, frozen=True):
    """A calendar file that mail programs turn into buttons: what outputs.calendar.invitation made."""

    ics: bytes
    method: Method


class Mail(Struct, frozen=True, kw_only=True):
    """One mail to one person. Names and subject may be anything; addresses must each be exactly one."""

    sender: Mailbox
    to: Mailbox
    subject: str
    text: str
    html: str = ""
    reply_to: Mailbox | None = None
    message_id: str
    """With its angle brackets, fixed when the mail is decided."""
    date: datetime
    invite: Invite | None = None
    images: tuple[InlineImage, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    unsubscribe_url: str = ""
    """Takes a one-click POST (RFC 8058); for reminders and newsletters, never for a ticket."""


def message_id(reference: str, domain: str) -> str:
    """The Message-ID of what `reference` names (a job's id): the same each time it is built."""
    digest = hashlib.sha256(reference.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"<{digest}@{domain}>"


def mail_bytes(mail: Mail) -> bytes:
    """The mail as it is sent: CRLF line ends, seven-bit. Costs milliseconds, so not on the web loop.

    mixed( alternative( plain, related( html, images ), calendar ), invite.ics, attachments ), each level only
    where it holds more than one part. Raises NotOneAddress, or ValueError for what only a programmer can get
    wrong: a naive date, a Message-ID, link, image name or media type that is none.
    """
    return "".join(_header_lines(mail)).encode("ascii") + _body(mail)


def _header_lines(mail: Mail) -> Iterator[str]:
    if mail.date.tzinfo is None:
        raise ValueError("the date of a mail must be aware")
    yield f"From: {_address(mail.sender)}{_CRLF}"
    yield f"To: {_address(mail.to)}{_CRLF}"
    if mail.reply_to:
        yield f"Reply-To: {_address(mail.reply_to)}{_CRLF}"
    yield f"Subject: {_subject(mail.subject)}{_CRLF}"
    yield f"Date: {format_datetime(mail.date)}{_CRLF}"
    yield f"Message-ID: {_required(_MESSAGE_ID, mail.message_id, 'Message-ID')}{_CRLF}"
    yield f"Auto-Submitted: auto-generated{_CRLF}"
    yield f"MIME-Version: 1.0{_CRLF}"
    if mail.unsubscribe_url:
        link = _required(_WEB_ADDRESS, mail.unsubscribe_url, "unsubscribe link")
        yield f"List-Unsubscribe: <{link}>{_CRLF}"
        yield f"List-Unsubscribe-Post: List-Unsubscribe=One-Click{_CRLF}"


def _address(mailbox: Mailbox) -> str:
    address = clean_email(mailbox.address)
    if address is None:
        raise NotOneAddress(mailbox.address)
    name = clean_line(mailbox.name)[:_NAME_LIMIT].strip()
    if not name:
        return address
    if not _PLAIN_NAME.fullmatch(name):
        name = _encoded_words(name)
    # The address gets a line of its own: a long name before it may already fill one.
    return f"{name}{_CRLF} <{address}>"


def _subject(text: str) -> str:
    subject = clean_line(text)[:_SUBJECT_LIMIT].strip()
    return subject if _PLAIN_SUBJECT.fullmatch(subject) else _encoded_words(subject)


@lru_cache(maxsize=256)
def _encoded_words(text: str) -> str:
    """RFC 2047 words, one a line: nothing in them can end a phrase, a header or a line."""
    return Header(text, "utf-8", maxlinelen=66).encode(linesep=_CRLF)


def _body(mail: Mail) -> bytes:
    digest = hashlib.sha256(mail.message_id.encode()).hexdigest()[:24]
    shown = [text_part("plain", clean_block(mail.text))]
    if mail.html:
        images = [_image_part(image) for image in mail.images]
        shown.append(
            multipart("related", [text_part("html", clean_block(mail.html)), *images], f"=_{digest}_2")
        )
    files = []
    if mail.invite:
        shown.append(_calendar_part(mail.invite))
        files.append(file_part("application/ics", mail.invite.ics, "invite.ics"))
    for attachment in mail.attachments:
        media_type = _required(_MIME_TYPE, attachment.mime_type, "media type")
        filename = clean_line(attachment.filename)[:_NAME_LIMIT]
        files.append(file_part(media_type, attachment.content, filename))
    return multipart("mixed", [multipart("alternative", shown, f"=_{digest}_1"), *files], f"=_{digest}_0")


def _image_part(image: InlineImage) -> bytes:
    name = _required(_IMAGE_NAME, image.name, "image name")
    return data_part("image/png", image.png, f"Content-ID: <{name}>", "Content-Disposition: inline")


def _calendar_part(invite: Invite) -> bytes:
    """The part that shows buttons: its method must be that of the file (RFC 6047 section 2.4)."""
    media_type = f'text/calendar; charset="utf-8"; method="{invite.method.value}"'
    return data_part(media_type, invite.ics)


def _required(pattern: re.Pattern[str], text: str, what: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"not a {what}: {text!r}")
    return text
