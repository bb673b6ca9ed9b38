"""Our SMTP side against a real server: kept connections, refusals, silence, sign-in."""

import asyncio
import socket

import pytest

from events_app.infra import mailer as mailer_module
from events_app.infra.mailer import CONNECTIONS, MOST_CONNECTIONS, Mailer
from events_app.infra.smtp_line import NotDeliverable, NotNow, SmtpServer
from tests.smtp import smtp_sink

CONTENT = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n\r\nBonjour\r\n"


async def note() -> None:
    pass


async def send(mailer: Mailer, recipient: str = "b@example.org") -> None:
    await mailer.send("a@example.org", recipient, CONTENT, note)


async def test_many_mails_share_few_connections() -> None:
    with smtp_sink() as (sink, url):
        mailer = Mailer(SmtpServer.parse(url))
        await asyncio.gather(*(send(mailer, f"{number}@example.org") for number in range(60)))
    assert sorted(len(recipients) for recipients, _ in sink.taken) == [1] * 60
    assert sink.connections <= MOST_CONNECTIONS


async def test_refusals_carry_the_servers_words() -> None:
    with smtp_sink() as (sink, url):
        mailer = Mailer(SmtpServer.parse(url))
        sink.answers += ["451 4.7.1 Greylisted, come back", "550 5.1.1 No such mailbox"]
        with pytest.raises(NotNow, match=r"451 4.7.1 Greylisted, come back"):
            await send(mailer)
        with pytest.raises(NotDeliverable, match=r"550 5.1.1 No such mailbox"):
            await send(mailer)
        await send(mailer)
    assert len(sink.taken) == 1


async def test_a_server_that_hung_up_is_called_again() -> None:
    with smtp_sink() as (sink, url):
        mailer = Mailer(SmtpServer.parse(url))
        sink.answers.append("421 4.3.2 Going down")
        with pytest.raises(NotNow, match="421"):
            await send(mailer)
        await send(mailer)
    assert (len(sink.taken), sink.connections) == (1, 2)


async def test_no_server_is_not_now() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(NotNow, match="refused"):
        await send(Mailer(SmtpServer.parse(f"smtp://127.0.0.1:{port}")))


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize(("password", "taken"), [("s3cret", 1), ("wrong", 0)])
async def test_sign_in(password: str, taken: int) -> None:
    with smtp_sink(auth_required=True, auth_require_tls=False) as (sink, url):
        mailer = Mailer(SmtpServer.parse(url.replace("//", f"//mail%40example.org:{password}@")))
        if taken:
            await send(mailer)
        else:
            with pytest.raises(NotNow, match="535"):
                await send(mailer)
    assert sink.logins[0] == (b"mail@example.org", password.encode())
    assert len(sink.taken) == taken


def test_addresses_of_servers() -> None:
    assert SmtpServer.parse("smtps://mail.example.org") == SmtpServer(
        "smtps", "mail.example.org", 465, "", ""
    )
    assert SmtpServer.parse("smtp+starttls://a%3Ab:c%40d@mail.example.org:2525") == SmtpServer(
        "smtp+starttls", "mail.example.org", 2525, "a:b", "c@d"
    )


async def test_at_most_one_mail_is_taken_and_not_yet_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a kill at the worst moment sends twice, where the server answers in time."""
    monkeypatch.setattr(mailer_module, "PATIENCE_SECONDS", 60.0)
    taken_unnoted: list[int] = []
    with smtp_sink() as (sink, url):
        mailer = Mailer(SmtpServer.parse(url))
        noted = 0

        async def note_slowly() -> None:
            nonlocal noted
            await asyncio.sleep(0.005)
            taken_unnoted.append(len(sink.taken) - noted)
            noted += 1

        await asyncio.gather(
            *(mailer.send("a@example.org", f"{n}@example.org", CONTENT, note_slowly) for n in range(30))
        )
    assert taken_unnoted == [1] * 30


async def test_dots_at_line_starts_arrive_as_they_were() -> None:
    with smtp_sink() as (sink, url):
        content = CONTENT + b".\r\n..two\r\n.hidden\r\nend"
        await Mailer(SmtpServer.parse(url)).send("a@example.org", "b@example.org", content, note)
    assert sink.messages[0].get_content() == "Bonjour\r\n.\r\n..two\r\n.hidden\r\nend\r\n"


async def test_a_server_that_keeps_each_mail_waiting_gets_more_at_once() -> None:
    """None is answered before all are there."""
    many = 2 * CONNECTIONS
    with smtp_sink() as (sink, url):
        sink.answers_once_at_once = many
        mailer = Mailer(SmtpServer.parse(url))
        await asyncio.gather(*(send(mailer, f"{number}@example.org") for number in range(many)))
    assert (len(sink.taken), sink.most_at_once) == (many, many)


async def test_a_server_that_takes_few_connections_gets_all_mails_through_those() -> None:
    with smtp_sink() as (sink, url):
        sink.most_connections = 2
        mailer = Mailer(SmtpServer.parse(url))
        await asyncio.gather(*(send(mailer, f"{number}@example.org") for number in range(20)))
    assert len(sink.taken) == 20
