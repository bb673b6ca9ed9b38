"""Whatever is asked of the worker, somebody does: a kind of job is a name that is written in two places."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from events_app.app import JOB_HANDLERS, NIGHTLY

PACKAGE = Path(__file__).parents[2] / "events_app"
_MAIL = re.compile(r"mail\.[a-z_]*[a-z]")  # other kinds are constants, which the type checker looks after
AUDITED = {"mail.sent_again"}
MADE_OF_PARTS = {
    "mail.event_changed",
    "mail.event_rescheduled",
    "mail.event_postponed",
    "mail.event_cancelled",
}
"""`announcements.tell_the_registered` puts them together; integration tests ask for each."""


def _named(path: Path) -> Iterator[str]:
    """Texts that look like a kind of mail; those that the audit trail is told are its own."""
    tree = ast.parse(path.read_text())
    told: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("audit."):
            told.update(ast.walk(node))
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and node not in told else None
        if isinstance(text, str) and _MAIL.fullmatch(text):
            yield text


NAMED = Counter(
    kind for path in PACKAGE.rglob("*.py") if "piccolo_migrations" not in path.parts for kind in _named(path)
)


def test_whatever_mail_is_asked_for_is_written() -> None:
    assert set(NAMED) - AUDITED - set(JOB_HANDLERS) == set()


def test_whatever_mail_can_be_written_is_asked_for() -> None:
    once = {kind for kind in JOB_HANDLERS if _MAIL.fullmatch(kind) and NAMED[kind] < 2}
    assert once - MADE_OF_PARTS == set()


def test_what_is_done_every_night_can_be_done() -> None:
    assert set(NIGHTLY) <= set(JOB_HANDLERS)
