"""Bodies and headers that only a real server meets: sent over a socket, byte by byte where it matters."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

STARTS_WITHIN = 30  # seconds; a busy machine is slow
FIFTY_MB = 50_000_000


class Server:
    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process, self.port = process, port

    def send(self, head: bytes, body: Iterator[bytes] | None = None, timeout: float = 20) -> bytes:
        """What is answered; the rest of the body is not sent once the server has answered or hung up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            connection.sendall(head)
            try:
                for piece in body or ():
                    connection.sendall(piece)
            except OSError:
                pass  # hung up: what it said before is still to be read
            answer = b""
            try:
                while piece := connection.recv(65_536):
                    answer += piece
                    if b"\r\n\r\n" in answer and not _more(answer):
                        break
            except OSError:
                pass
            return answer

    def get(self, path: bytes, *fields: bytes) -> bytes:
        lines = [b"GET " + path + b" HTTP/1.1", b"Host: localhost", b"Connection: close", *fields]
        return self.send(b"\r\n".join(lines) + b"\r\n\r\n")

    def memory_mb(self) -> float:
        """The most that it ever held."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise AssertionError("no VmHWM")


def _more(answer: bytes) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) < int(line.partition(b":")[2])
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port = _free_port()
    environ = os.environ | {
        "CONVIVE_DATA_DIR": str(tmp_path_factory.mktemp("server")),
        "CONVIVE_PORT": str(port),
        "CONVIVE_WORKER_IN_PROCESS": "0",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "events_app", "serve"], env=environ, stdout=subprocess.DEVNULL
    )
    found = Server(process, port)
    try:
        until = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                if b" 200 " in found.get(b"/health/live").partition(b"\r\n")[0]:
                    break
            except OSError:
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.1)
        yield found
    finally:
        process.terminate()
        process.wait(10)


def _head(*fields: bytes, path: bytes = b"/api/v1/events/x/registrations") -> bytes:
    kind = b"application/json" if path.startswith(b"/api/") else b"application/x-www-form-urlencoded"
    lines = [b"POST " + path + b" HTTP/1.1", b"Host: localhost", b"Content-Type: " + kind, *fields]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _pieces() -> Iterator[bytes]:
    piece = b"a" * 100_000
    for _ in range(FIFTY_MB // len(piece)):
        yield piece


def _chunks() -> Iterator[bytes]:
    for piece in _pieces():
        yield b"%x\r\n" % len(piece) + piece + b"\r\n"
    yield b"0\r\n\r\n"


@pytest.mark.parametrize("path", [b"/api/v1/events/x/registrations", b"/sign-in"])
def test_fifty_megabytes_are_refused_at_once_and_not_kept(server: Server, path: bytes) -> None:
    before = server.memory_mb()
    began = time.monotonic()
    answer = server.send(_head(b"Content-Length: %d" % FIFTY_MB, path=path), _pieces())
    assert answer.startswith(b"HTTP/1.1 413 "), answer[:200]
    assert time.monotonic() - began < 5
    assert server.memory_mb() - before < 20


def test_fifty_megabytes_without_a_length_are_refused_too(server: Server) -> None:
    before = server.memory_mb()
    answer = server.send(_head(b"Transfer-Encoding: chunked"), _chunks())
    assert answer.startswith(b"HTTP/1.1 413 ") or answer == b"", answer[:200]
    assert server.memory_mb() - before < 20
    assert b" 200 " in server.get(b"/health/live").partition(b"\r\n")[0]


@pytest.mark.parametrize(
    "field",
    [
        b"X-Long: " + b"a" * 100_000,
        b"Cookie: " + b"a=1; " * 50_000,
        b"Accept-Language: \xff\xfe",
        b"Authorization: Bearer \xff",
        b"X-Null: a\x00b",
        b"No colon here",
        b"Content-Length: -1",
        b"Content-Length: abc",
    ],
)
def test_odd_header_fields_do_no_harm(server: Server, field: bytes) -> None:
    status = server.get(b"/api/v1/events", field).partition(b"\r\n")[0]
    assert status == b"" or status.split(b" ")[1] in (b"200", b"400", b"401", b"413", b"431"), status
    assert b" 200 " in server.get(b"/health/live").partition(b"\r\n")[0]


@pytest.mark.parametrize(
    "path",
    [
        b"/" + b"a" * 100_000,
        b"/%00",
        b"/\xff",
        b"/static/../../etc/passwd",
        b"/?q=" + b"%ff" * 10_000,
        b"//x",
        b"*",
    ],
)
def test_odd_addresses_do_no_harm(server: Server, path: bytes) -> None:
    answer = server.get(path)
    status = answer.partition(b"\r\n")[0]
    assert status == b"" or status.split(b" ")[1] in (b"200", b"400", b"404", b"414", b"431", b"422"), status
    assert b"root:" not in answer
    assert b" 200 " in server.get(b"/health/live").partition(b"\r\n")[0]


def test_a_body_that_breaks_off_is_nobody(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(_head(b"Content-Length: 1000") + b'{"email":')
    assert b" 200 " in server.get(b"/health/live").partition(b"\r\n")[0]


@pytest.mark.parametrize(
    "host", [b"x:99999999", b"x:port", b"[", b"a b", b"\xc3\xa9", b"a/b", b"user@x", b"[:::]"]
)
@pytest.mark.parametrize("path", [b"/", b"/nothing-here", b"/api/v1/nothing-here"])
def test_a_host_that_is_none_is_a_bad_request(server: Server, host: bytes, path: bytes) -> None:
    answer = server.send(b"GET " + path + b" HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 "), answer[:200]


@pytest.mark.parametrize("host", [b"localhost", b"convive.example:8000", b"[::1]:8000", b"10.0.0.4", b"a_b:"])
def test_a_host_with_or_without_a_port_is_served(server: Server, host: bytes) -> None:
    answer = server.send(b"GET /health/live HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 "), answer[:200]


def test_a_request_without_a_host_is_served(server: Server) -> None:
    assert b" 404 " in server.send(b"GET /nothing-here HTTP/1.0\r\n\r\n").partition(b"\r\n")[0]
