"""What `convive plan` hands to the feature that knows a problem, and how that feature refuses it."""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

MOST_BYTES = 200_000_000


class PlanOptions(Struct, frozen=True):
    """From the command line. `folder` holds the problem's file; other files are named from there."""

    objective: str = "guarantee"
    seed: int = 0
    seconds: float = 60.0
    folder: Path = Path()


class PlanRefused(ValueError):
    """One line for the person who asked, beginning with the field or with what contradicts what."""


def read_problem(path: Path) -> dict[str, Any]:
    """A JSON object from a file. Raises `PlanRefused`."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise PlanRefused(f"more than {MOST_BYTES} bytes")
        raw = path.read_bytes()
    except OSError as error:
        raise PlanRefused(error.strerror or "cannot be read") from error
    try:
        data = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        raise PlanRefused(f"is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise PlanRefused("a JSON object expected")
    return data
