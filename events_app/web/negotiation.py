"""What a caller accepts and already has (RFC 9110, sections 8.8, 12.5.3 and 13)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache

RawHeaders = Iterable[tuple[bytes, bytes]]


@lru_cache(maxsize=256)
def takes_gzip(accept_encoding: str) -> bool:
    """Whether gzip may be sent. `*` speaks for whatever is not named; a weight of zero forbids."""
    weights = _weights(accept_encoding)
    for name in ("gzip", "x-gzip", "*"):
        if name in weights:
            return weights[name] > 0
    return False


def _weights(field: str) -> dict[str, float]:
    """An unreadable weight forbids: it is safe to send what was not asked for in no coding at all."""
    found = {}
    for part in field.lower().split(","):
        name, _, parameters = part.partition(";")
        weight = 1.0
        for parameter in parameters.split(";"):
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                try:
                    weight = float(value.strip())
                except ValueError:
                    weight = 0.0
        if name.strip():
            found[name.strip()] = weight if 0 <= weight <= 1 else 0.0
    return found


def has_one_of(if_none_match: str, *etags: str) -> bool:
    """Whether the caller holds one of these representations; weak and strong tags count alike here."""
    if if_none_match.strip() == "*":
        return True
    held = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return not held.isdisjoint(etags)


def zipped_tag(etag: str) -> str:
    """Another encoding is another representation (section 8.8.3.3)."""
    return etag[:-1] + '-gz"'


def is_known(headers: RawHeaders, etag: str, changed_at: datetime | None = None) -> bool:
    """Whether the caller has this representation, plain or as gzip. A tag wins over a date."""
    tags, since = [], None
    for name, value in headers:
        if name == b"if-none-match":
            tags.append(value.decode("latin-1"))
        elif name == b"if-modified-since":
            since = value.decode("latin-1")
    if tags:
        return has_one_of(",".join(tags), etag, zipped_tag(etag))
    if since is None or changed_at is None:
        return False
    known = read_date(since)
    return known is not None and changed_at.replace(microsecond=0) <= known


def read_date(text: str) -> datetime | None:
    """An HTTP date in any of its three forms, all of them in Greenwich; None for anything else."""
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def as_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
