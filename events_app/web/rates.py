"""How often a caller may do something, or it may be done to one object: token buckets in this process.

Where several processes serve, each gives its share, so that no more than was promised is had from all of them
together (docs/decisions/0091-callers-and-limits.md).
"""

import time
from collections import OrderedDict
from math import ceil
from typing import Any

from litestar import Request

from events_app.kernel.errors import TooManyRequests
from events_app.web.callers import caller_of

_KEPT = 20_000  # keys remembered; those not used for longest are forgotten first
_ROUNDING = 1e-6  # a sum of fractions may miss the whole
HERE = "local"
"""A program on the host itself."""


class RateLimit:
    """`per_minute` on average, `burst` (by default as many) at once after a quiet minute; of this one of so
    many `processes` its share, and one at least."""

    def __init__(self, per_minute: int, burst: int | None = None, processes: int = 1) -> None:
        self._per_second = per_minute / 60 / processes
        self._burst = max(1.0, (per_minute if burst is None else burst) / processes)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, request: Request[Any, Any, Any]) -> None:
        """Programs of the host itself are not counted. Raises `TooManyRequests`."""
        address = client_address(request)
        if address is not None:
            self.take(address)

    def take(self, key: str, now: float | None = None) -> None:
        """Raises `TooManyRequests`."""
        now = time.monotonic() if now is None else now
        left, since = self._buckets.pop(key, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._per_second)
        if left < 1 - _ROUNDING:
            self._buckets[key] = (left, now)
            # Rounded up: who comes back when told must be let in.
            raise TooManyRequests(retry_after_seconds=max(1, ceil((1 - left) / self._per_second)))
        self._buckets[key] = (left - 1, now)
        if len(self._buckets) > _KEPT:
            self._buckets.popitem(last=False)

    def give_back(self, key: str) -> None:
        """What was done well does not count: a whole town hall may sit behind one address."""
        if key in self._buckets:
            left, since = self._buckets[key]
            self._buckets[key] = (min(self._burst, left + 1), since)


def client_address(request: Request[Any, Any, Any]) -> str | None:
    """The caller's address; None for a program on this host. Only a trusted proxy may name another."""
    client = request.client.host if request.client else ""
    forwarded = request.headers.getall("x-forwarded-for", [])
    if client in ("127.0.0.1", "::1") and not forwarded:
        return None
    return caller_of(client, forwarded, request.app.state.world.settings.trusted_proxies)
