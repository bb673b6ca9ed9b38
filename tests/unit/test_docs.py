"""Documentation that can be checked is checked."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from events_app.__main__ import COMMANDS
from events_app.infra.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
FRENCH_GUIDES = sorted({*DOCS.glob("guide-*.md"), *DOCS.glob("*-organisateur.md")})


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_setting_is_described() -> None:
    words = (DOCS / "hosting.md").read_text()
    missing = [name for name in Settings.__struct_fields__ if f"`{PREFIX}{name.upper()}`" not in words]
    assert missing == []


def test_every_command_exists() -> None:
    folder = ROOT / "events_app" / "commands"
    assert {f"{module}.py" for module in COMMANDS.values()} <= {path.name for path in folder.iterdir()}


def test_the_readme_names_every_command() -> None:
    table = (ROOT / "README.md").read_text().partition("## The command line")[2].partition("\n## ")[0]
    assert {words.split()[0] for words in re.findall(r"`([^`]+)`", table)} >= set(COMMANDS)


def _named_in_code(pattern: str) -> set[str]:
    """In what documents show as code: between back quotes or in blocks."""
    return {
        found
        for page in PAGES
        for code in re.findall(r"```.*?```|`[^`\n]+`", page.read_text(), re.DOTALL)
        for found in re.findall(pattern, code, re.MULTILINE)
    }


def test_documents_name_the_targets_that_there_are() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert _named_in_code(r"(?:^|`|&& )make ([a-z-]+)") <= targets
    said = set(re.findall(r"^([a-z-]+):[^#\n]*## ", makefile, re.MULTILINE))
    assert targets - said == set()  # what `make help` lists


def test_documents_name_the_commands_that_there_are() -> None:
    assert _named_in_code(r"(?<![\w-])convive ([a-z][a-z-]*)") <= set(COMMANDS)


def test_documents_name_the_settings_that_there_are() -> None:
    """Those of the tests stand in the tests' own code."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.__struct_fields__}
    code = "".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))
    known |= set(re.findall("CONVIVE_TEST_[A-Z_]+", code))
    assert _named_in_code(rf"{PREFIX}[A-Z_]*[A-Z]") <= known


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_relative_links_lead_to_files(page: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", _without_code(page.read_text()))
    files = [target.partition("#")[0] for target in targets if ":" not in target]
    assert [file for file in files if file and not (page.parent / file).exists()] == []


def test_the_index_lists_every_document() -> None:
    index = (DOCS / "README.md").read_text()
    documents = [path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")]
    assert [path for path in documents if path != "README.md" and f"({path})" not in index] == []


@pytest.mark.parametrize("note", DECISIONS, ids=named)
def test_decisions_have_a_number_and_three_parts(note: Path) -> None:
    text = note.read_text()
    assert text.startswith(f"# {note.name[:4]}: ")
    assert re.findall(r"^\*\*(Context|Choice|Consequences)\.\*\*", text, re.MULTILINE) == [
        "Context",
        "Choice",
        "Consequences",
    ]


def test_no_two_decisions_have_one_number() -> None:
    numbers = [note.name[:4] for note in DECISIONS]
    assert sorted(set(numbers)) == numbers


@pytest.mark.parametrize("guide", FRENCH_GUIDES, ids=named)
def test_labels_in_bold_stand_on_the_screens(guide: Path) -> None:
    """A label is written **« so »**; its spaces may be of any kind."""
    known = _french_texts()
    quoted = re.findall(r"\*\*«\s*(.+?)\s*»\*\*", guide.read_text(), re.DOTALL)
    assert [label for label in quoted if _plain(label) not in known] == []


def _without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def _french_texts() -> set[str]:
    texts: set[str] = set()
    for path in (ROOT / "events_app" / "locale" / "fr").glob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="fr"):
                if message.id:
                    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
                    texts.update(_plain(form) for form in forms)
    return texts


def _plain(text: str) -> str:
    return " ".join(text.split())  # no-break spaces too
