"""Cookies as browsers send them: each pair by itself, so that another site's never costs us ours.

Cookies of a whole domain (a town's statistics, its shop) arrive beside ours with whatever their makers put in
them: JSON, spaces, accents, names in brackets, no name at all. `http.cookies` gives up at the first of them.
"""

from collections.abc import Iterable

MOST_OF_ONE_NAME = 4
"""A parent domain may send a cookie of the same name as ours; more than a few of them are no browser's."""


def read_cookies(fields: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """All values by name, in the order sent. `fields`: the Cookie fields (HTTP/2 sends several)."""
    found: dict[str, tuple[str, ...]] = {}
    for field in fields:
        for pair in field.split(";"):
            name, is_pair, value = pair.partition("=")
            name = name.strip()
            if not is_pair or not name:
                continue
            value = value.strip()
            if len(value) > 1 and value[0] == value[-1] == '"':
                value = value[1:-1]
            before = found.get(name, ())
            if value not in before and len(before) < MOST_OF_ONE_NAME:
                found[name] = (*before, value)
    return found
