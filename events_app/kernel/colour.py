"""Readable colour: contrast by WCAG 2.2 (relative luminance, SC 1.4.3) and a body's own brand colour."""

import re
from typing import NamedTuple

from msgspec import Struct

TEXT_CONTRAST = 4.5  # WCAG 2.2 SC 1.4.3, text of normal size
SHAPE_CONTRAST = 3.0  # SC 1.4.11, borders of fields and parts of pictures


class Rgb(NamedTuple):
    """Channels from 0 to 255."""

    red: int
    green: int
    blue: int

    @property
    def hex(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


WHITE = Rgb(255, 255, 255)
BLACK = Rgb(0, 0, 0)


class BrandColours(Struct, frozen=True):
    """What the primary action is painted with on one ground."""

    primary: Rgb
    primary_deep: Rgb
    on_primary: Rgb


def parse_hex(text: str) -> Rgb:
    """``#9d3a25`` or ``#abc``, with or without ``#``. Raises ValueError for anything else."""
    digits = text.strip().removeprefix("#")
    if not re.fullmatch(r"[0-9a-fA-F]{3}|[0-9a-fA-F]{6}", digits):
        raise ValueError(text)
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return Rgb(int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))


def luminance(colour: Rgb) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)


def contrast(one: Rgb, other: Rgb) -> float:
    """1 (the same) to 21 (black on white); the order does not matter."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable_on(ground: Rgb) -> Rgb:
    """White or black, whichever reads better; one of the two always has 4.5 on any ground."""
    return max((WHITE, BLACK), key=lambda ink: contrast(ink, ground))


def mix(colour: Rgb, other: Rgb, share: float) -> Rgb:
    """``share`` of ``other`` (0 to 1) in ``colour``."""
    return Rgb(*(round(a + (b - a) * share) for a, b in zip(colour, other, strict=True)))


def made_readable(colour: Rgb, ground: Rgb, wanted: float = TEXT_CONTRAST) -> Rgb:
    """The nearest shade of ``colour``, towards black or white, that has ``wanted`` against ``ground``.

    The colour itself when it already reads. ``wanted`` up to 4.5 can be had on every ground.
    """
    target = readable_on(ground)
    shades = (mix(colour, target, step / 50) for step in range(51))
    return next((shade for shade in shades if contrast(shade, ground) >= wanted), target)


def brand_colours(brand: Rgb, ground: Rgb) -> BrandColours:
    """A body's colour for buttons on ``ground``: corrected until button and label can be told and read."""
    primary = made_readable(brand, ground)
    ink = readable_on(primary)
    deeper = mix(primary, BLACK if ink == WHITE else WHITE, 0.22)
    return BrandColours(primary=primary, primary_deep=deeper, on_primary=ink)


def brand_sheet(brand: Rgb, light_ground: Rgb, dark_ground: Rgb) -> str:
    """Style sheet that paints the primary action of both schemes in a body's colour."""
    light, dark = (_rules(brand_colours(brand, ground)) for ground in (light_ground, dark_ground))
    return f"@layer tokens{{:root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}}}\n"


def _rules(colours: BrandColours) -> str:
    return (
        f"--primary:{colours.primary.hex};--primary-deep:{colours.primary_deep.hex};"
        f"--on-primary:{colours.on_primary.hex}"
    )
