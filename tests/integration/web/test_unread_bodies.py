"""A refusal before a long body was read says that the connection ends; otherwise it goes on."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.servers import free_port, running_server


def exchange(address: str, head: str, body: bytes) -> str:
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as caller:
        caller.sendall(head.encode() + body)
        return caller.recv(65_536).decode("latin-1").partition("\r\n\r\n")[0].lower()


@pytest.mark.slow
def test_an_unread_body_ends_the_connection_with_an_announcement() -> None:
    with running_server({"CONVIVE_WORKER_IN_PROCESS": "0"}, free_port()) as server:
        long = (
            "POST /api/v1/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
            "authorization: Bearer nobody\r\ncontent-length: 400000\r\n\r\n"
        )
        assert "401" in (answer := exchange(server.base_url, long, b"x" * 70_000))
        assert "connection: close" in answer
        short = long.replace("400000", "2")
        assert "connection: close" not in exchange(server.base_url, short, b"{}")
        read = (
            "POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n"
            "content-length: 20000\r\n\r\n"
        )
        answer = exchange(server.base_url, read, b"email=" + b"x" * 19_994)
        assert "422" in answer
        assert "connection: close" not in answer
