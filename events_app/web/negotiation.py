"""What a caller accepts and already has (RFC 9110, sections 12.5.3 and 13.1.2)."""

from functools import lru_cache


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
