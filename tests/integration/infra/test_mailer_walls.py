"""Mail servers that are strict, slow, talkative or silent, and passwords of every language."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from events_app.infra import smtp_line
from events_app.infra.mailer import Mailer
from events_app.infra.smtp_line import NotDeliverable, NotNow, SmtpServer
from tests.smtp import smtp_sink

CONTENT = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n\r\nBonjour\r\n"


async def note() -> None:
    pass


async def send(mailer: Mailer) -> None:
    await mailer.send("a@example.org", "b@example.org", CONTENT, note)


@contextmanager
def server_that(talks: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that does with each connection what `talks` says; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=_talk, args=(talks, connection), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"


def _talk(talks: Callable[[socket.socket], None], connection: socket.socket) -> None:
    with connection:
        try:
            talks(connection)
        except OSError:
            return  # hung up on: what the test is about


async def test_the_greeting_is_the_given_name() -> None:
    with smtp_sink() as (sink, url):
        await send(Mailer(SmtpServer.parse(url), "evenements.example.fr"))
    assert sink.greetings == ["evenements.example.fr"]


@pytest.mark.parametrize(
    "refusal",
    [
        "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname",
        "550 5.7.1 <convive>: Helo command rejected: Host not found",
        "554 5.7.1 EHLO name mismatch",
        "530 5.7.0 Authentication required",
    ],
)
async def test_a_refusal_of_the_greeting_or_the_set_up_is_tried_again(refusal: str) -> None:
    with smtp_sink() as (sink, url):
        sink.answers.append(refusal)
        mailer = Mailer(SmtpServer.parse(url))
        with pytest.raises(NotNow, match=refusal[:9]):
            await send(mailer)
        await send(mailer)
    assert len(sink.taken) == 1


async def test_a_refusal_of_the_recipient_is_final() -> None:
    with smtp_sink() as (sink, url):
        sink.answers.append("550 5.1.1 <helene@example.org>: no such user")
        with pytest.raises(NotDeliverable):
            await send(Mailer(SmtpServer.parse(url)))


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize("password", ["pâté-crème", "пароль", "密码", "a:b@c/d%e", "emoji 🦊 blanc"])
@pytest.mark.parametrize("only", [[], ["PLAIN"], ["LOGIN"]])
async def test_passwords_of_every_language(password: str, only: list[str]) -> None:
    from urllib.parse import quote

    exclude = [name for name in ("PLAIN", "LOGIN") if only and name not in only]
    with smtp_sink(auth_required=True, auth_require_tls=False, auth_exclude_mechanism=exclude) as (sink, url):
        sink.password = password.encode()
        signed_in = url.replace("//", f"//caf%C3%A9%40example.org:{quote(password, safe='')}@")
        await send(Mailer(SmtpServer.parse(signed_in)))
    assert sink.logins == [("café@example.org".encode(), password.encode())]


def endless_banner(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"220-welcome, welcome, welcome\r\n" * 100)


def endless_line(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"2" * 10_000)


def drop_by_drop(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"2")
        time.sleep(0.05)


def silent(connection: socket.socket) -> None:
    connection.recv(1)
    time.sleep(60)


@pytest.mark.parametrize("talks", [endless_banner, endless_line, drop_by_drop, silent])
async def test_a_server_that_never_comes_to_an_end_is_given_up(
    talks: Callable[[socket.socket], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_line, "TIMEOUT_SECONDS", 0.5)
    with server_that(talks) as url:
        async with asyncio.timeout(10):
            with pytest.raises(NotNow):
                await send(Mailer(SmtpServer.parse(url)))


async def test_nobody_waits_for_threads_of_a_silent_server() -> None:
    """What keeps a process from ending: threads that are no daemons."""
    with server_that(silent) as url:
        sending = asyncio.create_task(send(Mailer(SmtpServer.parse(url))))
        await asyncio.sleep(0.2)
        waiting = [thread for thread in threading.enumerate() if thread.name.startswith("smtp-")]
        assert waiting
        assert all(thread.daemon for thread in waiting)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
