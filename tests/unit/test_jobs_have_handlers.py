"""Whatever is asked of the worker, somebody does: a kind of job is a name that is written in two places."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from events_app.app import JOB_HANDLERS, NIGHTLY

PACKAGE = Path(__file__).parents[2] / "events_app"
BEGINNINGS = sorted({kind.partition(".")[0] for kind in JOB_HANDLERS} - {"message"})  # audited too
_KIND = re.compile(rf"(?:{'|'.join(BEGINNINGS)})\.[a-z_]*[a-z]")
MADE_OF_PARTS = {
    "mail.event_changed",
    "mail.event_rescheduled",
    "mail.event_postponed",
    "mail.event_cancelled",
}
"""`announcements.tell_the_registered` puts them together; integration tests ask for each."""


BY_CONSTANT = {"networking.release"}
"""Said once: who asks and who does it import the same name."""


def _records(called: str) -> bool:
    """Whether this writes the audit trail."""
    return called.startswith("audit.") or called.rpartition(".")[2] in ("note", "_note")


def _named(path: Path) -> Iterator[str]:
    """Texts that look like a kind of job; those that the audit trail is told are its own."""
    if path.parent.name == "events" and path.name == "wording.py":
        return  # the words of the audit trail
    tree = ast.parse(path.read_text())
    told: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _records(ast.unparse(node.func)):
            told.update(ast.walk(node))
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and node not in told else None
        if isinstance(text, str) and _KIND.fullmatch(text):
            yield text


NAMED = Counter(
    kind for path in PACKAGE.rglob("*.py") if "piccolo_migrations" not in path.parts for kind in _named(path)
)


def test_whatever_is_asked_for_is_done() -> None:
    assert set(NAMED) - set(JOB_HANDLERS) == set()


def test_whatever_can_be_done_is_asked_for() -> None:
    once = {kind for kind, times in NAMED.items() if times == 1}
    assert once - set(NIGHTLY) - MADE_OF_PARTS - BY_CONSTANT == set()
    assert set(NIGHTLY) <= set(JOB_HANDLERS)
