"""The national list of subjects of deliberations (@CTES, two levels), by code."""

from pathlib import Path

import msgspec

MATTERS: dict[str, str] = msgspec.json.decode(
    (Path(__file__).parent / "matters.json").read_bytes(), type=dict[str, str]
)
