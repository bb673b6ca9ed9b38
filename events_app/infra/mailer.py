"""Sending mails: a few SMTP connections, kept open between mails.

A mail is the server's from its answer to the final dot. Between that answer and our note of it a crash would
send the mail twice, so that last step is taken by one mail at a time: a killed process leaves at most one
mail in doubt, however many were on their way.
"""

import asyncio
import queue
import smtplib
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import cache
from typing import Any, Final

from events_app.infra.smtp_line import Line, LineLost, NotDeliverable, NotNow, SmtpServer

CONNECTIONS: Final = 6


class _Threads:
    """Daemon threads: a process that ends does not wait for a mail server that is silent."""

    def __init__(self, count: int) -> None:
        self._steps: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = queue.SimpleQueue()
        for number in range(count):
            threading.Thread(target=self._work, name=f"smtp-{number}", daemon=True).start()

    def run(self, step: Callable[[], Any]) -> "Future[Any]":
        done: Future[Any] = Future()
        self._steps.put((done, step))
        return done

    def _work(self) -> None:
        while True:
            done, step = self._steps.get()
            if not done.set_running_or_notify_cancel():
                continue
            try:
                done.set_result(step())
            except BaseException as error:
                done.set_exception(error)


class Mailer:
    """`send` may be called from many tasks; at most `CONNECTIONS` mails travel at once."""

    def __init__(self, server: SmtpServer, helo: str = "localhost") -> None:
        self._server = server
        self._helo = helo
        self._threads = _Threads(CONNECTIONS)
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
        return Line(self._server, self._helo)

    async def _in_thread(self, step: Callable[..., Any], *args: Any) -> Any:
        try:
            return await asyncio.wrap_future(self._threads.run(lambda: step(*args)))
        except (smtplib.SMTPException, OSError, ValueError) as lost:
            # Not tried again at once: the server may have taken the mail before the line broke.
            raise LineLost(f"{type(lost).__name__}: {lost}") from lost


@cache
def mailer(smtp_url: str, helo: str) -> Mailer:
    """This process's connections to one server."""
    return Mailer(SmtpServer.parse(smtp_url), helo)
