"""A real SMTP server on this machine: it keeps what it takes, and answers as it was told to."""

import asyncio
import email
import socket
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope


class Sink:
    """`answers` are given to recipients, first come first served; then every recipient is accepted."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], EmailMessage]] = []
        self.senders: list[str] = []  # of the envelopes
        self.answers: deque[str] = deque()
        self.connections = 0
        self.at_once = self.most_at_once = 0
        self.logins: list[tuple[bytes, bytes]] = []
        self.greetings: list[str] = []
        self.password = b"s3cret"
        self.answers_once_at_once = 0  # so many mails must have come before the first is answered
        self.most_connections = 0  # none: as many as are wanted

    @property
    def messages(self) -> list[EmailMessage]:
        return [message for _, message in self.taken]

    def await_messages(self, count: int, seconds: float) -> None:
        """Blocks; the server runs in a thread of its own."""
        deadline = time.monotonic() + seconds
        while len(self.taken) < count:
            assert time.monotonic() < deadline, f"{len(self.taken)} of {count} mails came"
            time.sleep(0.05)

    async def handle_EHLO(  # noqa: N802 -- aiosmtpd's names
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        if self.most_connections and self.connections >= self.most_connections:
            return ["421 4.7.0 Too many connections"]
        self.connections += 1
        self.greetings.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.popleft() if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        while self.most_at_once < self.answers_once_at_once:  # noqa: ASYNC110 -- several tasks wait
            await asyncio.sleep(0.005)
        self.at_once -= 1
        message = email.message_from_bytes(envelope.content, policy=default)
        self.senders.append(envelope.mail_from or "")
        self.taken.append((list(envelope.rcpt_tos), message))  # type: ignore[arg-type]
        return "250 Taken"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.logins.append((data.login, data.password))
        right = data.password == self.password
        return AuthResult(success=right, handled=right)


@contextmanager
def smtp_sink(**options: Any) -> Iterator[tuple[Sink, str]]:
    """The sink and its `smtp://` address."""
    sink = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port, authenticator=sink.authenticate, **options)
    controller.start()
    try:
        yield sink, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop(no_assert=True)
