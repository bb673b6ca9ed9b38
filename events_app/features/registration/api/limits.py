"""What anybody may ask for, and what writes a mail to somebody who may not have asked: how often.

Of a caller, pages and API together; of an address, whoever asks. Whether the address is known plays no part,
so nothing is learnt from a refusal.
"""

from functools import cache
from typing import Any

from litestar import Request

from events_app.infra.settings import Settings
from events_app.kernel.text import fold_email
from events_app.web.rates import RateLimit

AnyRequest = Request[Any, Any, Any]


@cache
def _by_caller(per_minute: int, processes: int) -> RateLimit:
    return RateLimit(per_minute, processes=processes)


def expect_patience(request: AnyRequest) -> None:
    """Raises `TooManyRequests`."""
    settings: Settings = request.app.state.world.settings
    _by_caller(settings.registrations_per_minute, settings.workers).check(request)


def expect_peace(request: AnyRequest, *addresses: str, burst: int) -> None:
    """For those who read these: a mail a minute, `burst` at once. Raises `TooManyRequests`."""
    state = request.app.state
    name = f"address_limit_{burst}"
    if name not in state:
        state[name] = RateLimit(per_minute=1, burst=burst, processes=state.world.settings.workers)
    limit: RateLimit = state[name]
    for address in addresses:
        limit.take(fold_email(address))
