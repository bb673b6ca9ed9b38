"""Documentation that can be checked is checked."""

from pathlib import Path

from events_app.__main__ import COMMANDS
from events_app.infra.settings import PREFIX, Settings

DOCS = Path(__file__).parents[2] / "docs"


def test_every_setting_is_described() -> None:
    words = (DOCS / "hosting.md").read_text()
    missing = [name for name in Settings.__struct_fields__ if f"`{PREFIX}{name.upper()}`" not in words]
    assert missing == []


def test_every_command_exists() -> None:
    folder = Path(__file__).parents[2] / "events_app" / "commands"
    assert {f"{module}.py" for module in COMMANDS.values()} <= {path.name for path in folder.iterdir()}
