"""SMTP (RFC 5321): a few connections, kept open between mails.

A mail is the server's from its answer to the final dot. Between that answer and our note of it a crash would
send the mail twice, so that last step is taken by one mail at a time: a killed process leaves at most one
mail in doubt, however many were on their way.
"""

import asyncio
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import msgspec

CONNECTIONS: Final = 6
TIMEOUT_SECONDS: Final = 20.0  # for each answer of the server
IDLE_SECONDS: Final = 20.0  # servers close a silent connection after a minute or more

_DEFAULT_PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_LINE_WITH_DOT: Final = re.compile(rb"^\.", re.MULTILINE)


class NotNow(Exception):
    """The server is away or says 4xx: the same mail may pass later. The text is the server's."""


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


class Line:
    """One connection. Its methods block; one mail at a time uses it."""

    def __init__(self, server: SmtpServer) -> None:
        """Raises what smtplib and sockets raise, also for a refused password."""
        # The name is given, for smtplib would ask the DNS for it, which may take seconds.
        where: dict[str, Any] = {"host": server.host, "port": server.port, "local_hostname": "localhost"}
        make: Callable[..., smtplib.SMTP] = smtplib.SMTP
        if server.scheme == "smtps":
            make, where["context"] = smtplib.SMTP_SSL, ssl.create_default_context()
        self._smtp = make(**where, timeout=TIMEOUT_SECONDS)
        # Small writes go at once: waiting to fill a packet costs 40 ms at each turn of the talk.
        if self._smtp.sock:
            self._smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._used_at = time.monotonic()
        try:
            self._smtp.ehlo_or_helo_if_needed()
            if server.scheme == "smtp+starttls":
                self._smtp.starttls(context=ssl.create_default_context())
            if server.user:
                self._smtp.login(server.user, server.password)
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


class Mailer:
    """`send` may be called from many tasks; at most `CONNECTIONS` mails travel at once."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="smtp")
        self._slots = asyncio.Semaphore(CONNECTIONS)
        self._last_step = asyncio.Lock()
        self._idle: list[Line] = []

    async def send(
        self, sender: str, recipient: str, content: bytes, note_taken: Callable[[], Awaitable[None]]
    ) -> None:
        """`content` has CRLF line ends; both addresses must each be exactly one.

        `note_taken` is called once the server has the mail, before any other mail is handed over. Raises
        `NotNow`, `NotDeliverable`.
        """
        async with self._slots:
            line = await self._in_thread(self._free_line)
            reusable = False
            try:
                await self._in_thread(line.offer, sender, recipient, content)
                async with self._last_step:
                    await self._in_thread(line.hand_over)
                    reusable = True
                    await note_taken()
            except (LineLost, NotNow, NotDeliverable) as refused:
                reusable = not isinstance(refused, LineLost)
                raise
            finally:
                if reusable:
                    self._idle.append(line)
                else:
                    line.close()

    def _free_line(self) -> Line:
        while self._idle:
            line = self._idle.pop()
            if line.is_fresh:
                return line
            line.close()
        return Line(self._server)

    async def _in_thread(self, step: Callable[..., Any], *args: Any) -> Any:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, step, *args)
        except (smtplib.SMTPException, OSError) as lost:
            # Not tried again at once: the server may have taken the mail before the line broke.
            raise LineLost(f"{type(lost).__name__}: {lost}") from lost


@cache
def mailer(smtp_url: str) -> Mailer:
    """This process's connections to one server."""
    return Mailer(SmtpServer.parse(smtp_url))


def _expect(reply: tuple[int, bytes], *wanted: int) -> None:
    code, words = reply
    if code in wanted:
        return
    text = f"{code} {words.decode('utf-8', 'replace')}"
    if code == 421 or code < 0:  # RFC 5321 section 3.8: the server closes the connection
        raise smtplib.SMTPServerDisconnected(text)
    raise NotDeliverable(text) if 500 <= code < 600 else NotNow(text)
