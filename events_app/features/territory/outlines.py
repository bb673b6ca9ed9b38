"""The communes as they lie, drawn once: an outline each, in whole units of one picture.

Points were rounded to the grid of the picture, the same for neighbours, so that no gap opens between them.
Source and credit: data/README.md.
"""

import re
from functools import cache
from importlib import resources
from math import hypot

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


@cache
def centres() -> dict[str, tuple[float, float]]:
    """By INSEE code, the mean of the points of its outline: near enough to stand for the commune."""
    found = {}
    for insee, outline in outlines().outlines.items():
        x = y = 0.0
        points = []
        for first, moves in re.findall(r"M(-?\d+ -?\d+)l([^Mz]*)", outline):
            x, y = map(float, first.split())
            points.append((x, y))
            steps = [float(step) for step in moves.split()]
            for right, down in zip(steps[::2], steps[1::2], strict=True):
                x, y = x + right, y + down
                points.append((x, y))
        xs, ys = zip(*points, strict=True)
        found[insee] = (sum(xs) / len(xs), sum(ys) / len(ys))
    return found


def nearest(insee: str, most: int) -> list[str]:
    """The communes around this one, the nearest first."""
    here = centres()[insee]
    others = [code for code in centres() if code != insee]
    return sorted(others, key=lambda code: hypot(centres()[code][0] - here[0], centres()[code][1] - here[1]))[
        :most
    ]
