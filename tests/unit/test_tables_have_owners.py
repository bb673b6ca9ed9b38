"""Each table belongs to one package, and only packages above it (which may import it) name it in SQL."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from events_app.piccolo_app import TABLES

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "events_app"
OWNERS = {table._meta.tablename: table.__module__.rpartition(".")[0] for table in TABLES}
"""`registration`: `events_app.features.registration`."""

FLOORS: list[list[str]] = [
    [name.strip() for name in floor.split("|")]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    if contract["name"] == "Features look downhill only"
    for floor in contract["layers"]
]
"""From the top; what stands on one floor does not know each other."""

WRITTEN_BY_OTHERS = {
    ("events", "counter"): "the row whose change feeds see: taken in the transaction of the event it counts",
    (
        "mailing",
        "mail",
    ): "a letter and its job are one thing in infra; mailing alone writes it",
    ("mailing", "job"): "a mail that is sent again is its job done again",
    ("registration", "mail"): "erasure: what was written to a person goes in the same transaction",
    (
        "registration",
        "invitation",
    ): "made by events, used up or taken back by registration",
    ("workshops", "event"): "that a placement is in force stands in the event, which every page reads anyway",
    ("operations", "job"): "the demo sends no mails",
}
"""Feature and table; each needs a reason. A new line here should be rarer than a function of the owner."""

_NAMED = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?([a-z_]+)"?')
_WRITTEN = re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?([a-z_]+)"?')
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


def _feature(module: Path) -> str:
    """Its package's name; of what is no feature that of the part: `infra`, `web`."""
    parts = module.relative_to(PACKAGE).parts
    return parts[1] if parts[0] == "features" else parts[0]


def _owner(table: str) -> str:
    return OWNERS[table].rpartition(".")[2]


def _floor(part: str) -> int:
    """The higher the number, the lower; infra is below all features."""
    return next((number for number, floor in enumerate(FLOORS) if part in floor), len(FLOORS))


def _named(pattern: re.Pattern[str]) -> set[tuple[str, str]]:
    """Feature and table of another, wherever a text of the program names it."""
    return {
        (_feature(path), table)
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] in ("features", "infra")  # web keeps answers in infra's table
        for text in _texts(path)
        if _SQL.search(text)
        for table in pattern.findall(text)
        if table in OWNERS and _owner(table) != _feature(path)
    }


def test_each_table_has_a_floor() -> None:
    assert {_owner(table) for table in OWNERS} <= {"infra", *(name for floor in FLOORS for name in floor)}


def test_sql_looks_downhill_only_as_imports_do() -> None:
    uphill = {each for each in _named(_NAMED) if _floor(each[0]) >= _floor(_owner(each[1]))}
    assert uphill == set()


def test_a_table_is_written_by_its_owner() -> None:
    assert _named(_WRITTEN) == set(WRITTEN_BY_OTHERS)


def test_the_search_finds_what_it_is_for() -> None:
    assert ("mailing", "registration") in _named(_NAMED)
    assert ("mailing", "mail") in _named(_WRITTEN)
