"""Each table belongs to one package, and only packages above it (which may import it) name it in SQL."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from events_app.piccolo_app import TABLES

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "events_app"
OWNERS = {table._meta.tablename: table.__module__.rpartition(".")[0] for table in TABLES}
"""`registration`: `events_app.features.registration`."""

CLASSES = {(table.__module__, table.__name__) for table in TABLES}

FLOORS: list[list[str]] = [
    [name.strip() for name in floor.split("|")]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    if contract["name"] == "Features look downhill only"
    for floor in contract["layers"]
]
"""From the top; what stands on one floor does not know each other."""

_NAMED = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?([a-z_]+)"?')
_WRITTEN = re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?([a-z_]+)"?')
_SQL = re.compile(r"\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|JOIN|WITH)\b")
_WRITERS = {"Rows", "insert_rows"}
"""Functions that write rows of the table that is their first argument."""


class Source(NamedTuple):
    part: str
    """Its feature; of what is no feature that of the package: `infra`, `web`."""
    module: str
    tree: ast.Module
    sql: list[str]


def _texts(tree: ast.Module) -> Iterator[str]:
    """Texts in capitals of SQL, those put together from parts as one; not what describes."""
    inside: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside.update(node.values)
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inside:
            yield node.value


def _source(path: Path) -> Source:
    parts, tree = path.relative_to(PACKAGE).parts, ast.parse(path.read_text())
    part = parts[1] if parts[0] == "features" else parts[0]
    return Source(part, path.stem, tree, [text for text in _texts(tree) if _SQL.search(text)])


SOURCES = [
    _source(path)
    for path in PACKAGE.rglob("*.py")
    if path.relative_to(PACKAGE).parts[0] in ("features", "infra", "web", "commands")
]


def _owner(table: str) -> str:
    return OWNERS[table].rpartition(".")[2]


def _floor(part: str) -> int:
    """The higher the number, the lower: commands on top, then features, web, infra."""
    if part == "commands":
        return -1
    below = len(FLOORS) if part == "web" else len(FLOORS) + 1
    return next((number for number, floor in enumerate(FLOORS) if part in floor), below)


def _named(pattern: re.Pattern[str]) -> set[tuple[str, str]]:
    """Feature and table of another, wherever a text of the program names it."""
    return {
        (source.part, table)
        for source in SOURCES
        for text in source.sql
        for table in pattern.findall(text)
        if table in OWNERS and _owner(table) != source.part
    }


def _written_by_name() -> set[tuple[str, str]]:
    """The same for tables whose rows are given to one of `_WRITERS`."""
    return {
        (source.part, str(node.args[0].value))
        for source in SOURCES
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in _WRITERS
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def _classes_of_others() -> set[tuple[str, str, str]]:
    """Part, module and table class wherever a class of another's tables is imported."""
    return {
        (source.part, source.module, name.name)
        for source in SOURCES
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for name in node.names
        if (node.module, name.name) in CLASSES and node.module.split(".")[-2] != source.part
    }


def test_each_table_has_a_floor() -> None:
    assert {_owner(table) for table in OWNERS} <= {"infra", *(name for floor in FLOORS for name in floor)}


def test_sql_looks_downhill_only_as_imports_do() -> None:
    uphill = {each for each in _named(_NAMED) if _floor(each[0]) >= _floor(_owner(each[1]))}
    assert uphill == set()


def test_a_table_is_written_by_its_owner_alone() -> None:
    assert _named(_WRITTEN) == set()
    assert {each for each in _written_by_name() if each[0] != _owner(each[1])} == set()


def test_a_table_class_of_another_is_referred_to_and_nothing_else() -> None:
    """By foreign keys; rows are read by SQL, and locked by `lock`, which the event's own `held` does."""
    assert {each for each in _classes_of_others() if each[1] != "tables"} == set()


def test_the_search_finds_what_it_is_for() -> None:
    assert ("mailing", "registration") in _named(_NAMED)
    assert ("registration", "consent") in _written_by_name()
    assert ("registration", "tables", "Event") in _classes_of_others()
    assert any(_WRITTEN.search(text) for source in SOURCES if source.part == "mailing" for text in source.sql)
