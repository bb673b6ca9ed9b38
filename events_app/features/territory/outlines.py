"""The communes as they lie, drawn once: an outline each, in whole units of one picture.

Points were rounded to the grid of the picture, the same for neighbours, so that no gap opens between them.
Source and credit: data/README.md.
"""

from functools import cache
from importlib import resources

import msgspec


class Outlines(msgspec.Struct, frozen=True):
    """`outlines`: path data of SVG by INSEE code."""

    width: int
    height: int
    outlines: dict[str, str]


@cache
def outlines() -> Outlines:
    found = (resources.files(__package__) / "data" / "outlines.json").read_bytes()
    return msgspec.json.decode(found, type=Outlines)
