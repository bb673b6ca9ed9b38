"""A load generator in a process of its own: raw HTTP/1.1 over kept connections, little Python."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple


class Load(NamedTuple):
    """What came back. Times in seconds; `bodies` and `statuses` in the order of the requests."""

    seconds: float
    latencies: list[float]
    statuses: list[int]
    bodies: list[bytes]

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request(
    method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None, host: str = "bench"
) -> bytes:
    """One request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def drive(port: int, requests: Sequence[bytes], connections: int = 16, host: str = "127.0.0.1") -> Load:
    """Send all of them, each connection one after the other, and wait for the answers."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as other:
        return other.submit(_drive, host, port, list(requests), connections).result()


def _drive(host: str, port: int, requests: list[bytes], connections: int) -> Load:
    return asyncio.run(_drive_all(host, port, requests, connections))


async def _drive_all(host: str, port: int, requests: list[bytes], connections: int) -> Load:
    loop = asyncio.get_running_loop()
    load = Load(0.0, [0.0] * len(requests), [0] * len(requests), [b""] * len(requests))
    queue = iter(enumerate(requests))
    made = [
        (await loop.create_connection(lambda: _Connection(queue, load), host, port))[1]
        for _ in range(min(connections, len(requests)))
    ]
    started = time.perf_counter()
    for connection in made:
        connection.send_next()
    await asyncio.gather(*(connection.finished for connection in made))
    return load._replace(seconds=time.perf_counter() - started)


class _Connection(asyncio.Protocol):
    def __init__(self, queue: Iterator[tuple[int, bytes]], load: Load) -> None:
        self._queue = queue
        self._load = load
        self._received = b""
        self._index = 0
        self._sent_at = 0.0
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send_next(self) -> None:
        following = next(self._queue, None)
        if following is None:
            self._transport.close()
            if not self.finished.done():
                self.finished.set_result(None)
            return
        self._index, data = following
        self._sent_at = time.perf_counter()
        self._transport.write(data)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head_end = self._received.find(b"\r\n\r\n")
        if head_end < 0:
            return
        head = self._received[:head_end].lower()
        if b"transfer-encoding: chunked" in head and not self._received.endswith(b"\r\n0\r\n\r\n"):
            return
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        end = len(self._received) if b"transfer-encoding: chunked" in head else head_end + 4 + length
        if len(self._received) < end:
            return
        self._load.latencies[self._index] = time.perf_counter() - self._sent_at
        self._load.statuses[self._index] = int(head[9:12])
        self._load.bodies[self._index] = self._received[head_end + 4 : end]
        self._received = self._received[end:]
        self.send_next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.finished.done():
            self.finished.set_exception(error or ConnectionError("the server closed the connection"))
