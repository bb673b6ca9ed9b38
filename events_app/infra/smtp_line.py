"""One SMTP connection (RFC 5321, 3207, 4954): bounded in time and in what it reads, signed in where asked.

smtplib alone reads a reply for as long as it has further lines, waits anew for each byte, and encodes a
password as ASCII.
"""

import base64
import hmac
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import msgspec

TIMEOUT_SECONDS: Final = 20.0  # for each answer of the server, whole
IDLE_SECONDS: Final = 20.0  # servers close a silent connection after a minute or more

_DEFAULT_PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_LINE_WITH_DOT: Final = re.compile(rb"^\.", re.MULTILINE)
_LONGEST_LINE: Final = 4_096  # bytes; RFC 5321 allows 512
_LONGEST_REPLY: Final = 100  # lines
# Refusals that speak of how we greet or sign in, not of the mail: once the set-up is mended it may pass.
_OF_THE_GREETING: Final = re.compile(r"\b(?:helo|ehlo)\b", re.IGNORECASE)
_OF_THE_SETUP: Final = (504, 530, 534, 535, 538)


class NotNow(Exception):
    """The server is away, says 4xx or mistrusts our greeting: the same mail may pass later. Its own words."""


class NotDeliverable(Exception):
    """The server says 5xx of this sender, this recipient or this mail. The text is the server's."""


class LineLost(NotNow):
    """The connection broke, or could not be made."""


class SmtpServer(msgspec.Struct, frozen=True):
    scheme: str
    host: str
    port: int
    user: str
    password: str

    @classmethod
    def parse(cls, url: str) -> "SmtpServer":
        """`smtp://`, `smtps://` (TLS from the start) or `smtp+starttls://`; `user:password@` as in URLs."""
        parts = urlsplit(url)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname or "localhost",
            port=parts.port or _DEFAULT_PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


class _Bounded(smtplib.SMTP):
    """Reads a reply within a time and a size, whatever the server goes on saying."""

    _unread = b""
    _read_from: socket.socket | None = None

    def getreply(self) -> tuple[int, bytes]:
        deadline = time.monotonic() + float(self.timeout)
        code, words = -1, list[bytes]()
        while len(words) < _LONGEST_REPLY:
            line = self._line(deadline)
            words.append(line[4:].strip(b" \t\r\n"))
            try:
                code = int(line[:3])
            except ValueError:
                code = -1
                break
            if line[3:4] != b"-":
                break
        else:
            self.close()
            raise smtplib.SMTPResponseException(500, f"more than {_LONGEST_REPLY} lines in one answer")
        return code, b"\n".join(words)

    def _line(self, deadline: float) -> bytes:
        """Raises SMTPServerDisconnected, SMTPResponseException, TimeoutError."""
        if self._read_from is not self.sock:  # a new connection, or the same one after STARTTLS
            self._unread, self._read_from = b"", self.sock
        while b"\n" not in self._unread:
            if len(self._unread) > _LONGEST_LINE:
                self.close()
                raise smtplib.SMTPResponseException(500, "a line of the answer is too long")
            self._unread += self._more(deadline)
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _more(self, deadline: float) -> bytes:
        left = deadline - time.monotonic()
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        try:
            if left <= 0:
                raise TimeoutError
            self.sock.settimeout(left)
            more = self.sock.recv(_LONGEST_LINE)
        except TimeoutError:
            self.close()
            raise smtplib.SMTPServerDisconnected("the server does not answer in time") from None
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(f"connection lost: {error}") from error
        if not more:
            self.close()
            raise smtplib.SMTPServerDisconnected("connection closed")
        self.sock.settimeout(float(self.timeout))
        return more


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """TLS from the first byte."""


class Line:
    """One connection. Its methods block; one mail at a time uses it."""

    def __init__(self, server: SmtpServer, helo: str, timeout_seconds: float | None = None) -> None:
        """Raises what smtplib and sockets raise, also for a refused password."""
        # The name is given, for smtplib would ask the DNS for it, which may take seconds.
        where: dict[str, Any] = {"host": server.host, "port": server.port, "local_hostname": helo}
        make: Callable[..., smtplib.SMTP] = _Bounded
        if server.scheme == "smtps":
            make, where["context"] = _BoundedTls, ssl.create_default_context()
        self._smtp = make(**where, timeout=timeout_seconds or TIMEOUT_SECONDS)
        # Small writes go at once: waiting to fill a packet costs 40 ms at each turn of the talk.
        if self._smtp.sock:
            self._smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._used_at = time.monotonic()
        try:
            self._smtp.ehlo_or_helo_if_needed()
            if server.scheme == "smtp+starttls":
                self._smtp.starttls(context=ssl.create_default_context())
            if server.user:
                _sign_in(self._smtp, server.user, server.password)
        except BaseException:
            self._smtp.close()
            raise

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() - self._used_at < IDLE_SECONDS

    def offer(self, sender: str, recipient: str, content: bytes) -> None:
        """All of the mail but the dot that hands it over. Raises NotNow, NotDeliverable."""
        try:
            _expect(self._smtp.mail(sender), 250)
            _expect(self._smtp.rcpt(recipient), 250, 251)
            _expect(self._smtp.docmd("DATA"), 354)
        except (NotNow, NotDeliverable):
            self._smtp.rset()
            raise
        end = b"" if content.endswith(b"\r\n") else b"\r\n"
        self._smtp.send(_LINE_WITH_DOT.sub(b"..", content) + end)

    def hand_over(self) -> None:
        """Raises NotNow, NotDeliverable."""
        self._smtp.send(b".\r\n")
        _expect(self._smtp.getreply(), 250)
        self._used_at = time.monotonic()

    def close(self) -> None:
        self._smtp.close()


def _expect(reply: tuple[int, bytes], *wanted: int) -> None:
    code, words = reply
    if code in wanted:
        return
    text = f"{code} {words.decode('utf-8', 'replace')}"
    if code in _OF_THE_SETUP or (500 <= code < 600 and _OF_THE_GREETING.search(text)):
        raise NotNow(text)
    if code == 421 or code < 0:  # RFC 5321 section 3.8: the server closes the connection
        raise smtplib.SMTPServerDisconnected(text)
    raise NotDeliverable(text) if 500 <= code < 600 else NotNow(text)


def _sign_in(smtp: smtplib.SMTP, user: str, password: str) -> None:
    """AUTH with names and passwords in UTF-8 (RFC 4616). Raises what smtplib raises."""
    smtp.ehlo_or_helo_if_needed()
    if not smtp.has_extn("auth"):
        raise smtplib.SMTPNotSupportedError("the server offers no sign-in")
    offered = smtp.esmtp_features["auth"].upper().split()
    name, secret = user.encode(), password.encode()
    if "CRAM-MD5" in offered:
        code, challenge = smtp.docmd("AUTH", "CRAM-MD5")
        if code == 334:
            proof = hmac.new(secret, base64.b64decode(challenge), "md5").hexdigest()
            code, words = smtp.docmd(_base64(name + b" " + proof.encode()))
            if code in (235, 503):
                return
    if "PLAIN" in offered:
        code, words = smtp.docmd("AUTH", "PLAIN " + _base64(b"\0" + name + b"\0" + secret))
    elif "LOGIN" in offered:
        code, words = smtp.docmd("AUTH", "LOGIN " + _base64(name))
        if code == 334:
            code, words = smtp.docmd(_base64(secret))
    elif "CRAM-MD5" not in offered:
        raise smtplib.SMTPNotSupportedError(f"the server offers only other ways to sign in: {offered}")
    if code not in (235, 503):
        raise smtplib.SMTPAuthenticationError(code, words)


def _base64(text: bytes) -> str:
    return base64.b64encode(text).decode("ascii")
