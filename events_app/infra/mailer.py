"""SMTP: a few connections, kept open between mails, each used by one thread at a time."""

import asyncio
import smtplib
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec

CONNECTIONS: Final = 6
TIMEOUT_SECONDS: Final = 20.0  # for each answer of the server
IDLE_SECONDS: Final = 20.0  # servers close a silent connection after a minute or more

_DEFAULT_PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class NotNow(Exception):
    """The server is away or says 4xx: the same mail may pass later. The text is the server's."""


class NotDeliverable(Exception):
    """The server says 5xx of this sender, this recipient or this mail. The text is the server's."""


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


class Mailer:
    """`send` may be called from many tasks; at most `CONNECTIONS` mails travel at once."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="smtp")
        self._own = threading.local()

    async def send(self, sender: str, recipient: str, content: bytes) -> None:
        """Both addresses must each be exactly one. Raises `NotNow`, `NotDeliverable`."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, self._send, sender, recipient, content)

    def _send(self, sender: str, recipient: str, content: bytes) -> None:
        connection = self._connection()
        try:
            connection.sendmail(sender, [recipient], content)
        except smtplib.SMTPRecipientsRefused as refused:
            raise _refusal(*refused.recipients[recipient]) from refused
        except smtplib.SMTPResponseException as refused:
            raise _refusal(refused.smtp_code, refused.smtp_error) from refused
        except (smtplib.SMTPException, OSError) as lost:
            # Not tried again at once: the server may have taken the mail before the line broke.
            self._drop()
            raise NotNow(_words(lost)) from lost
        self._own.used_at = time.monotonic()

    def _connection(self) -> smtplib.SMTP:
        """This thread's own, opened anew after a pause, since the other side may have closed it unseen."""
        connection: smtplib.SMTP | None = getattr(self._own, "connection", None)
        if connection and connection.sock and time.monotonic() - self._own.used_at < IDLE_SECONDS:
            return connection
        self._drop()
        try:
            connection = self._open()
        except (smtplib.SMTPException, OSError) as lost:
            # Also a refused password: that is for the host to mend, and the mails wait meanwhile.
            raise NotNow(_words(lost)) from lost
        self._own.connection, self._own.used_at = connection, time.monotonic()
        return connection

    def _open(self) -> smtplib.SMTP:
        server = self._server
        # The name is given, for smtplib would ask the DNS for it, which may take seconds.
        where = {"host": server.host, "port": server.port, "local_hostname": "localhost"}
        make: Callable[..., smtplib.SMTP] = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
        safe = {"context": ssl.create_default_context()} if server.scheme == "smtps" else {}
        connection = make(**where, **safe, timeout=TIMEOUT_SECONDS)
        try:
            if server.scheme == "smtp+starttls":
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _drop(self) -> None:
        connection: smtplib.SMTP | None = getattr(self._own, "connection", None)
        self._own.connection = None
        if connection is not None:
            connection.close()


@cache
def mailer(smtp_url: str) -> Mailer:
    """This process's connections to one server."""
    return Mailer(SmtpServer.parse(smtp_url))


def _refusal(code: int, words: bytes | str) -> NotNow | NotDeliverable:
    text = f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
    return NotDeliverable(text) if 500 <= code < 600 else NotNow(text)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
