"""Callers who connect and say nothing, or never come to an end, keep nobody else out, however few files the
system allows."""

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx

from tests.servers import running_server

FILES, CALLERS = 200, 300
PATIENCE_SECONDS = 8  # less than the server waits for a caller's first words


BEGINNINGS = {
    "nothing": b"",
    "half a head": b"GET / HTTP/1.1\r\nhost: x\r\n",
    "half a body": b"POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: 7000\r\n"
    b"content-type: application/x-www-form-urlencoded\r\n\r\nemail=",
}


@contextmanager
def endless_callers(port: int, count: int, said: bytes) -> Iterator[None]:
    with ExitStack() as stack:
        for _ in range(count):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            one.sendall(said)
        yield


def test_others_are_served_while_more_endless_connections_come_than_files_are_allowed() -> None:
    with running_server({}) as server:
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (FILES, FILES))
        port = int(server.base_url.rpartition(":")[2])
        with httpx.Client(base_url=server.base_url, timeout=PATIENCE_SECONDS) as known:
            assert known.get("/").status_code == 200
            for said in BEGINNINGS.values():
                with endless_callers(port, CALLERS, said):
                    for _ in range(3):
                        assert httpx.get(server.base_url + "/", timeout=PATIENCE_SECONDS).status_code == 200
                    assert known.get("/health/live").status_code == 200
