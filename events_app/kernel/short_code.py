"""The code that stands beside the QR, for when no camera helps: nine characters, typed by hand.

Eight characters carry the ticket id (40 bits), the ninth checks them. The alphabet is Crockford's: no I, L, O
or U. The check is a linear code over GF(32), the weights being successive powers of a primitive element: any
single wrong character, any two characters exchanged and any doubled pair misread alike are always noticed,
and the check character needs no alphabet of its own.
"""

import re
from typing import Final

SHORT_CODE_LENGTH: Final = 9

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_ID_BITS: Final = 40
_SEPARATORS: Final = re.compile(r"[\s\-_.\u2010-\u2015\u2212]+")
_FIELD_POLYNOMIAL: Final = 0b100101  # x^5 + x^2 + 1, primitive: x has order 31


class ShortCodeError(ValueError):
    """What was typed is not a short code."""


class MalformedShortCode(ShortCodeError):
    """Wrong length or a character that no short code has."""


class ShortCodeMistyped(ShortCodeError):
    """The right form, but the check character disagrees: one or two characters are wrong."""


def short_code(ticket_id: int) -> str:
    """The nine characters of a ticket id; raises ValueError when it does not fit 40 bits."""
    if not 0 <= ticket_id < 1 << _ID_BITS:
        raise ValueError("a ticket id has 40 bits")
    values = [ticket_id >> shift & 31 for shift in range(_ID_BITS - 5, -1, -5)]
    values.append(_weighted_sum([*values, 0]))
    return "".join(_ALPHABET[value] for value in values)


def display_short_code(code: str) -> str:
    """In three groups, as it is printed: ABC-DEF-GHJ."""
    return "-".join(code[start : start + 3] for start in range(0, len(code), 3))


def parse_short_code(typed: str) -> int:
    """The ticket id of a typed short code: any case, any separators, O for 0, I or L for 1.

    Raises MalformedShortCode or ShortCodeMistyped.
    """
    # Eight or nine characters and a few separators: longer texts are not looked at.
    text = _SEPARATORS.sub("", typed[:64]).upper()
    values = [_VALUES.get(character, -1) for character in text]
    if len(typed) > 64 or len(values) != SHORT_CODE_LENGTH or -1 in values:
        raise MalformedShortCode
    if _weighted_sum(values) != 0:
        raise ShortCodeMistyped
    ticket_id = 0
    for value in values[:-1]:
        ticket_id = ticket_id << 5 | value
    return ticket_id


def _weighted_sum(values: list[int]) -> int:
    """Horner's rule over GF(32): the last value has weight 1, the one before x, then x squared..."""
    total = 0
    for value in values:
        total <<= 1
        if total & 32:
            total ^= _FIELD_POLYNOMIAL
        total ^= value
    return total
