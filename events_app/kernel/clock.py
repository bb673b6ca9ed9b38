"""Time as a parameter: everything that needs "now" is given a `Clock`."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The current instant: aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        # Microseconds are cut to milliseconds: both databases and JavaScript then hold the same instant.
        instant = datetime.now(UTC)
        return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


class FixedClock:
    """A clock that tests and the demo move by hand."""

    def __init__(self, instant: datetime) -> None:
        if instant.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        self.instant = instant.astimezone(UTC)

    def now(self) -> datetime:
        return self.instant

    def advance(self, by: timedelta) -> None:
        self.instant += by
