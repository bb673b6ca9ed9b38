"""`ETag` and `If-Match` over the revision of a row (RFC 9110, section 13.1.1)."""

import re
from collections.abc import Sequence
from typing import Any, Final

from litestar import Request

from events_app.kernel.errors import RevisionMismatch

_OURS: Final = re.compile(r'"([0-9]{1,9})"|([0-9]{1,9})')


def etag_of(revision: int) -> str:
    return f'"{revision}"'


def expected_revision(request: Request[Any, Any, Any]) -> int | None:
    """What the caller last read, equal to any of a list; None without `If-Match` or with `*`.

    Raises `RevisionMismatch` where no tag can be ours: a weak one never matches here.
    """
    fields = request.headers.getall("if-match", [])
    header = ",".join(fields).strip()
    if not fields or header == "*":
        return None
    tags = [found[1] or found[2] for tag in header.split(",") if (found := _OURS.fullmatch(tag.strip()))]
    if not tags:
        raise RevisionMismatch
    return OneOf(tags)


class OneOf(int):
    """The first of several revisions, and equal to each: whoever lists them has read one of them."""

    def __new__(cls, revisions: Sequence[str]) -> "OneOf":
        made = super().__new__(cls, revisions[0])
        made._all = frozenset(int(each) for each in revisions)
        return made

    _all: frozenset[int]

    def __eq__(self, other: object) -> bool:
        return other in self._all

    def __ne__(self, other: object) -> bool:
        return other not in self._all

    def __hash__(self) -> int:
        return super().__hash__()
