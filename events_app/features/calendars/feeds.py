"""A feed as a file: its entries joined, what has left it, until when it holds. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from events_app.features.events.model import EventStatus
from events_app.outputs.calendar import FeedHeader, feed

CANCELLED_STAYS = timedelta(days=30)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Feed:
    """One calendar file; after `good_until` the clock alone changes it."""

    def __init__(self, body: bytes, changed_at: datetime, good_until: datetime | None) -> None:
        self.body = body
        self.changed_at = changed_at
        self.good_until = good_until
        self.etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'

    def is_good(self, now: datetime) -> bool:
        return self.good_until is None or now < self.good_until


class FeedEntry(msgspec.Struct, frozen=True):
    """A serialised entry, when it last changed, and when it leaves (a cancelled one, after a month)."""

    vevent: bytes
    changed_at: datetime
    leaves_at: datetime | None = None


def leaves_at(status: str, cancelled_at: datetime | None) -> datetime | None:
    """A postponed event stays, struck out, until it has a new date."""
    if status != EventStatus.CANCELLED or cancelled_at is None:
        return None
    return cancelled_at + CANCELLED_STAYS


def assemble(header: FeedHeader, entries: Sequence[FeedEntry], zones: Iterable[str], now: datetime) -> Feed:
    """What left is a change too: the feed's date is that of the last change or of the last departure."""
    present = [entry for entry in entries if entry.leaves_at is None or now < entry.leaves_at]
    leaving = [entry.leaves_at for entry in present if entry.leaves_at is not None]
    changes = [entry.changed_at for entry in entries]
    changes += [
        entry.leaves_at for entry in entries if entry.leaves_at is not None and entry.leaves_at <= now
    ]
    return Feed(
        feed(header, (entry.vevent for entry in present), set(zones) if present else ()),
        changed_at=max(changes, default=_LONG_AGO),
        good_until=min(leaving, default=None),
    )
