"""A stored mail, taken apart again to be read on a page."""

import email
import re
from base64 import b64encode
from email.message import EmailMessage
from email.policy import default
from html import escape

import msgspec

_CID = re.compile(r"cid:([A-Za-z0-9._@-]{1,60})")


class File(msgspec.Struct, frozen=True):
    filename: str
    media_type: str
    content: bytes

    @property
    def kilobytes(self) -> int:
        return max(1, round(len(self.content) / 1000))


class ReadMail(msgspec.Struct, frozen=True):
    sender: str
    to: str
    reply_to: str
    text: str
    html: str
    """Complete in itself: its pictures stand in it. Shown only where no script runs."""
    files: list[File]


def read_mail(content: bytes) -> ReadMail:
    message = email.message_from_bytes(content, policy=default)
    return ReadMail(
        sender=str(message["From"]),
        to=str(message["To"]),
        reply_to=str(message["Reply-To"] or ""),
        text=_body(message, "plain"),
        html=_with_pictures(_body(message, "html"), _pictures(message)),
        files=[
            File(part.get_filename() or "", part.get_content_type(), _bytes(part))
            for part in message.iter_attachments()
        ],
    )


def _body(message: EmailMessage, form: str) -> str:
    part = message.get_body((form,))
    return str(part.get_content()) if part else ""


def _pictures(message: EmailMessage) -> dict[str, str]:
    return {
        str(part["Content-ID"]).strip("<>"): "data:image/png;base64," + b64encode(_bytes(part)).decode()
        for part in message.walk()
        if part.get_content_type() == "image/png" and part["Content-ID"]
    }


def _with_pictures(html: str, pictures: dict[str, str]) -> str:
    """Links open beside: the frame that shows a mail shows nothing else."""
    shown = _CID.sub(lambda found: escape(pictures.get(found[1], "")), html)
    return shown.replace("<head>", '<head><base target="_blank">', 1)


def _bytes(part: EmailMessage) -> bytes:
    return bytes(part.get_payload(decode=True) or b"")
