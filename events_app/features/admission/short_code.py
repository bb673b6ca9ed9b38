"""The short code where the door looks for it; registration makes it too, so it lives in the kernel."""

from events_app.kernel.short_code import (
    SHORT_CODE_LENGTH,
    MalformedShortCode,
    ShortCodeError,
    ShortCodeMistyped,
    display_short_code,
    parse_short_code,
    short_code,
)

__all__ = [
    "SHORT_CODE_LENGTH",
    "MalformedShortCode",
    "ShortCodeError",
    "ShortCodeMistyped",
    "display_short_code",
    "parse_short_code",
    "short_code",
]
