"""`ETag` and `If-Match` over the revision of a row (RFC 9110, section 13.1.1)."""

from typing import Any

from litestar import Request

from events_app.kernel.errors import RevisionMismatch


def etag_of(revision: int) -> str:
    return f'"{revision}"'


def expected_revision(request: Request[Any, Any, Any]) -> int | None:
    """What the caller last read; None without `If-Match` or with `*`. Raises `RevisionMismatch` for a tag
    that was never ours."""
    header = request.headers.get("if-match")
    if header is None or header.strip() == "*":
        return None
    tag = header.strip().removeprefix("W/").strip('"')
    if not (tag.isascii() and tag.isdigit() and len(tag) <= 9):
        raise RevisionMismatch
    return int(tag)
