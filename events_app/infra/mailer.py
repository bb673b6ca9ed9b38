"""Sending mails: a few SMTP connections, kept open between mails, more where the server is slow.

A mail is the server's from its answer to the final dot. Between that answer and our note of it a crash would
send the mail twice, so that last step is taken by one mail at a time: a killed process leaves at most one
mail in doubt, however many were on their way. Only a server that keeps us waiting for its answer gets several
at once (docs/decisions/0190-slow-mail-servers.md).
"""

import asyncio
import queue
import smtplib
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, Final

from events_app.infra.smtp_line import Line, LineLost, NotDeliverable, NotNow, SmtpServer

CONNECTIONS: Final = 6
MOST_CONNECTIONS: Final = 40  # with a slow server; Postfix takes fifty of one caller
PATIENCE_SECONDS: Final = 1.0
SLOW_SECONDS: Final = 0.2
_BRIEF_SECONDS: Final = 0.005
_NARROW_SECONDS: Final = 60.0


class _Threads:
    """Daemon threads: a process that ends does not wait for a mail server that is silent."""

    def __init__(self) -> None:
        self._steps: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = queue.SimpleQueue()
        self.count = 0

    def add(self) -> None:
        threading.Thread(target=self._work, name=f"smtp-{self.count}", daemon=True).start()
        self.count += 1

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


class _LastStep:
    """One mail's turn, from the dot to our note. It passes on when the server lets the mail wait: after a
    second, or at once where it has done so with the mails before."""

    def __init__(self, when_slow: Callable[[], None]) -> None:
        self._lock = asyncio.Lock()
        self._usual_seconds = 0.0
        self._when_slow = when_slow

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Callable[[], None]]:
        """Gives what is to be called once the server has answered."""
        await self._lock.acquire()
        held, began_at = True, time.monotonic()

        def pass_on() -> None:
            nonlocal held
            held = False
            self._lock.release()
            if not is_slow:  # how long it takes after a brief wait, its answer will tell
                self._remember(PATIENCE_SECONDS)
            self._when_slow()

        is_slow = self._usual_seconds > SLOW_SECONDS
        patience = _BRIEF_SECONDS if is_slow else PATIENCE_SECONDS
        timer = asyncio.get_running_loop().call_later(patience, pass_on)

        def answered() -> None:
            timer.cancel()
            self._remember(time.monotonic() - began_at)

        try:
            yield answered
        finally:
            timer.cancel()
            if held:
                self._lock.release()

    def _remember(self, seconds: float) -> None:
        self._usual_seconds += (seconds - self._usual_seconds) / 4


class Mailer:
    """`send` may be called from many tasks; at most `MOST_CONNECTIONS` mails travel at once."""

    def __init__(self, server: SmtpServer, helo: str = "localhost") -> None:
        self._server = server
        self._helo = helo
        self._threads = _Threads()
        self._limit = self._in_use = 0
        self._narrow_until = 0.0
        self._slots = asyncio.Semaphore(0)
        self._last_step = _LastStep(when_slow=lambda: self._widen(MOST_CONNECTIONS))
        self._idle: list[Line] = []
        for _ in range(CONNECTIONS):
            self._widen(CONNECTIONS)

    async def send(
        self, sender: str, recipient: str, content: bytes, note_taken: Callable[[], Awaitable[None]]
    ) -> None:
        """`content` has CRLF line ends; both addresses must each be exactly one.

        `note_taken` is called once the server has the mail. Raises `NotNow`, `NotDeliverable`.
        """
        line = await self._free_line()
        reusable = False
        try:
            await self._in_thread(line.offer, sender, recipient, content)
            async with self._last_step.turn() as answered:
                await self._in_thread(line.hand_over)
                answered()
                reusable = True
                await note_taken()
        except (LineLost, NotNow, NotDeliverable) as refused:
            reusable = not isinstance(refused, LineLost)
            raise
        finally:
            self._give_back(line, reusable)

    async def _free_line(self) -> Line:
        """With a slot, which stays given up where the server takes no further connection of ours."""
        while True:
            await self._slots.acquire()
            self._close_the_stale()
            try:
                line = self._idle.pop() if self._idle else None
                if line is None:
                    line = await self._in_thread(Line, self._server, self._helo)
            except BaseException as lost:
                if isinstance(lost, LineLost) and self._in_use:
                    self._limit -= 1
                    self._narrow_until = time.monotonic() + _NARROW_SECONDS
                    continue
                self._slots.release()
                raise
            self._in_use += 1
            return line

    def _give_back(self, line: Line, reusable: bool) -> None:
        self._in_use -= 1
        self._slots.release()
        if reusable:
            self._idle.append(line)
            self._widen(CONNECTIONS)
        else:
            line.close()

    def _close_the_stale(self) -> None:
        fresh = [line for line in self._idle if line.is_fresh]
        for line in self._idle:
            if line not in fresh:
                line.close()
        self._idle = fresh

    def _widen(self, most: int) -> None:
        if self._limit < most and time.monotonic() >= self._narrow_until:
            self._limit += 1
            self._slots.release()
            if self._threads.count < self._limit:
                self._threads.add()

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
