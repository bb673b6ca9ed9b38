"""How often one address may do something: a token bucket in this process."""

import time
from collections import OrderedDict
from typing import Any

from litestar import Request

from events_app.kernel.errors import TooManyRequests

_KEPT = 20_000  # addresses remembered; the oldest are forgotten first


class RateLimit:
    """`per_minute` on average, as many at once after a quiet minute.

    Requests of programs on the host itself (loopback, not forwarded by a proxy) are not counted.
    """

    def __init__(self, per_minute: int) -> None:
        self._per_second = per_minute / 60
        self._burst = float(per_minute)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, request: Request[Any, Any, Any], subject: str = "") -> None:
        """Raises `TooManyRequests`."""
        address = client_address(request)
        if address is None and not subject:
            return
        self.take(f"{address}|{subject}")

    def take(self, key: str, now: float | None = None) -> None:
        now = time.monotonic() if now is None else now
        left, since = self._buckets.pop(key, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._per_second)
        if left < 1:
            self._buckets[key] = (left, now)
            raise TooManyRequests(retry_after_seconds=max(1, round((1 - left) / self._per_second)))
        self._buckets[key] = (left - 1, now)
        if len(self._buckets) > _KEPT:
            self._buckets.popitem(last=False)


def client_address(request: Request[Any, Any, Any]) -> str | None:
    """The caller's address; None for a program on this host. Only a trusted proxy may name another."""
    client = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "")
    trusted = request.app.state.world.settings.trusted_proxies
    if forwarded and client in trusted:
        return forwarded.rpartition(",")[2].strip()[:64]
    if client in ("127.0.0.1", "::1") and not forwarded:
        return None
    return client
