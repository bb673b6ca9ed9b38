"""The accessibility declaration, read from the audit file (law 2005-102 article 47; decree 2019-768)."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

_PACKAGE = Path(__file__).parents[2]
# In a checkout the file stands in docs/; in a wheel, inside the package.
_FILES = (_PACKAGE.parent / "docs" / "accessibility" / "audit.json", _PACKAGE / "accessibility_audit.json")


class Audit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`rate_percent`: criteria met on `audited_on`. Without an audit the law says "non conforme"."""

    standard: str
    status: Literal["conforme", "partiellement_conforme", "non_conforme"]
    audited_on: str | None
    rate_percent: float | None
    contact_email: str
    checked: list[dict[str, str]]
    defects: list[dict[str, str]]


@cache
def audit() -> Audit:
    path = next(path for path in _FILES if path.exists())
    return msgspec.json.decode(path.read_bytes(), type=Audit)
