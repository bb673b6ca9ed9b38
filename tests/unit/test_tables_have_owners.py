"""Each table belongs to one package, and only packages above it (which may import it) name it in SQL."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from events_app.piccolo_app import TABLES

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "events_app"
OWNERS = {table._meta.tablename: table.__module__.rpartition(".")[0] for table in TABLES}
"""`registration`: `events_app.features.registration`."""

_NAMED = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE|DELETE FROM)\s+"?([a-z_]+)"?', re.IGNORECASE)
_SQL = re.compile(r"\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|JOIN|WITH)\b")


def _texts(path: Path) -> Iterator[str]:
    """Texts in capitals of SQL, those put together from parts as one; not what describes."""
    tree = ast.parse(path.read_text())
    inside: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside.update(node.values)
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inside:
            yield node.value
