"""What builds and tests the program is itself checked: locks, the full run, what a skipped test says."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = {name: (ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock")}
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def _pins(lock: str) -> set[str]:
    return {line.rstrip("\\ ") for line in lock.splitlines() if re.match(r"[a-z0-9]", line)}


def _names(requirements: list[str]) -> set[str]:
    found = (re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements)
    return {match.group().lower().replace("_", "-").replace(".", "-") for match in found if match}


@pytest.mark.parametrize(
    ("lock", "asked"),
    [
        ("requirements.lock", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["build"]),
        ("requirements-dev.lock", PROJECT["dependency-groups"]["dev"]),
    ],
)
def test_locks_hold_what_the_project_asks_for(lock: str, asked: list[str]) -> None:
    assert _names(asked) - _names(sorted(_pins(LOCKS[lock]))) == set()


def test_a_developer_has_the_versions_that_are_served() -> None:
    assert _pins(LOCKS["requirements.lock"]) - _pins(LOCKS["requirements-dev.lock"]) == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_hashes_and_no_address(lock: str) -> None:
    lines = [line.strip(" \\") for line in LOCKS[lock].splitlines()]
    assert [line for line in lines if "://" in line or line.startswith(("-i", "--index", "--find"))] == []
    assert all(line.startswith("--hash=sha256:") for line in lines if not re.match(r"[a-z0-9]", line))


def test_the_full_run_is_the_two_commands_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if "make " in line and not line.startswith("#")] == [
        "make check",
        "CONVIVE_TEST_NOTHING_SKIPPED=1 make test",
    ]


def _constants(tree: ast.Module) -> dict[str, str]:
    return {
        ast.unparse(node.targets[0]): str(node.value.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    }


def _skip_reasons(path: Path) -> list[str]:
    """Sentences of `skip` and `skipif`, and each constant HOW_TO_GET_IT, wherever it is said."""
    tree = ast.parse(path.read_text())
    constants = _constants(tree)
    said = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if ast.unparse(call.func) == "pytest.skip":
            said.append(call.args[0])
        elif ast.unparse(call.func) == "pytest.mark.skipif":
            said += [key.value for key in call.keywords if key.arg == "reason"]
    reasons = [
        str(node.value) if isinstance(node, ast.Constant) else constants.get(ast.unparse(node))
        for node in said
    ]
    return [reason for reason in [*reasons, constants.get("HOW_TO_GET_IT")] if reason]


def test_a_skipped_test_names_the_command_that_brings_what_is_missing() -> None:
    reasons = {(path.name, reason) for path in TESTS for reason in _skip_reasons(path)}
    assert len(reasons) > 3
    assert [each for each in sorted(reasons) if not re.search("apt-get install|make setup", each[1])] == []
