"""Parts of a mail as bytes (RFC 2045, 2046, 2231), seven-bit, lines ended by CRLF.

Written here because EmailMessage reads each header that it is given back into a grammar, which took half of
the time of a mail with its ticket.
"""

import binascii
import re
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache
from typing import Final

CRLF: Final = b"\r\n"
_BASE64_BYTES_A_LINE: Final = 57  # 76 characters
_PLAIN_FILENAME: Final = re.compile(r"[A-Za-z0-9._ -]{1,60}")


def text_part(subtype: str, text: str) -> bytes:
    """Readable as it stands: quoted-printable. `text` has line feeds."""
    lines = text.encode().replace(b"\n", CRLF) + CRLF  # by the first line's end it knows how lines end
    body = binascii.b2a_qp(lines).removesuffix(CRLF)
    return _part([f'text/{subtype}; charset="utf-8"', "Content-Transfer-Encoding: quoted-printable"], body)


def data_part(media_type: str, content: bytes, *headers: str) -> bytes:
    encoded = b"".join(
        binascii.b2a_base64(content[start : start + _BASE64_BYTES_A_LINE], newline=False) + CRLF
        for start in range(0, len(content), _BASE64_BYTES_A_LINE)
    )
    return _part([media_type, "Content-Transfer-Encoding: base64", *headers], encoded.removesuffix(CRLF))


def file_part(media_type: str, content: bytes, filename: str) -> bytes:
    return data_part(media_type, content, _disposition(filename))


def multipart(subtype: str, parts: Sequence[bytes], boundary: str) -> bytes:
    """One part is no level of its own. `boundary` begins with "=_", which stands in no line of Base64 or
    quoted-printable: no part can hold it."""
    if len(parts) == 1:
        return parts[0]
    delimiter = f"--{boundary}".encode()
    inside = b"".join(delimiter + CRLF + part + CRLF for part in parts)
    return _part([f'multipart/{subtype}; boundary="{boundary}"'], inside + delimiter + b"--")


def _part(headers: Sequence[str], body: bytes) -> bytes:
    """The first header is the media type."""
    head = "Content-Type: " + "\r\n".join(headers)
    return b"".join((head.encode("ascii"), CRLF, CRLF, body, CRLF))


@lru_cache(maxsize=64)
def _disposition(filename: str) -> str:
    if _PLAIN_FILENAME.fullmatch(filename):
        return f'Content-Disposition: attachment; filename="{filename}"'
    named = EmailMessage(policy=SMTP)
    named.add_header("Content-Disposition", "attachment", filename=filename)
    return named.as_bytes().decode("ascii").strip()
