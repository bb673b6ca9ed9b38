"""Callers who connect and say nothing keep nobody else out, however few files the system allows."""

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx

from tests.servers import running_server

FILES, SILENT = 200, 300
PATIENCE_SECONDS = 8  # less than the server waits for a caller's first words


@contextmanager
def silent_callers(port: int, count: int) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        found = []
        for _ in range(count):
            one = stack.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
            found.append(one)
        yield found


def test_others_are_served_while_more_silent_connections_come_than_files_are_allowed() -> None:
    with running_server({}) as server:
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (FILES, FILES))
        port = int(server.base_url.rpartition(":")[2])
        with httpx.Client(base_url=server.base_url, timeout=PATIENCE_SECONDS) as known:
            assert known.get("/health/live").status_code == 200
            with silent_callers(port, SILENT):
                for _ in range(3):
                    assert httpx.get(server.base_url + "/", timeout=PATIENCE_SECONDS).status_code == 200
                assert known.get("/health/live").status_code == 200
