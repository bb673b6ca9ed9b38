"""What a look at a set-up finds."""

from collections.abc import Awaitable, Callable

import msgspec

from events_app.infra.settings import Settings


class Finding(msgspec.Struct, frozen=True):
    """`good` None: nothing wrong, but worth knowing. `remedy` says what to do."""

    subject: str
    good: bool | None
    words: str
    remedy: str = ""


Check = Callable[[Settings], Awaitable[Finding]]
