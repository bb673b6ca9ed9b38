"""Whatever is asked of the worker, somebody does, and each kind of job is named in one place."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from events_app.app import JOB_HANDLERS, JOBS, NIGHTLY
from events_app.infra.job_kinds import Kind

PACKAGE = Path(__file__).parents[2] / "events_app"
SOURCES = {
    path: ast.parse(path.read_text())
    for path in PACKAGE.rglob("*.py")
    if "piccolo_migrations" not in path.parts
}


def _declared(path: Path, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Constant and name of each kind that a module declares."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("Kind("):
            module = import_module(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
            constant = ast.unparse(node.targets[0])
            kind = getattr(module, constant)
            assert isinstance(kind, Kind)
            yield constant, kind.name


DECLARED = {name: constant for path, tree in SOURCES.items() for constant, name in _declared(path, tree)}
NAMES = Counter(name for path, tree in SOURCES.items() for _, name in _declared(path, tree))
MENTIONED = Counter(
    node.attr if isinstance(node, ast.Attribute) else node.id
    for tree in SOURCES.values()
    for node in ast.walk(tree)
    if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load)
)
AUDITED = {"mail.sent_again", "mail.bounced"}
"""Lines of the audit trail, no kinds of mail."""


def test_each_kind_is_declared_once_and_done_by_somebody() -> None:
    assert set(NAMES.values()) == {1}
    assert set(NAMES) == set(JOB_HANDLERS) == {done.kind.name for done in JOBS}


def test_each_kind_is_asked_for_beside_being_done() -> None:
    """A constant that only its handler names is work that nobody asks for."""
    assert [name for name, constant in DECLARED.items() if MENTIONED[constant] < 2] == []


def test_no_module_spells_the_name_of_a_kind_again() -> None:
    spelled = Counter(
        node.value
        for tree in SOURCES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    alike = {text for text in spelled if re.fullmatch(r"mail\.[a-z_]*[a-z]", text)} | set(NAMES)
    assert {text for text in alike if spelled[text] != 1} - AUDITED == set()
    assert alike - AUDITED == set(NAMES)


def test_what_is_done_every_night_can_be_done() -> None:
    assert {kind.name for kind in NIGHTLY} <= set(JOB_HANDLERS)
