"""What a wheel holds besides the package: the npm files that are served, and the icons that are drawn.

Without npm the wheel still builds; its pages then lack the typeface, the icons and the camera scanner.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WheelContents(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        for name in served_files(root):
            build_data["force_include"][str(root / "node_modules" / name)] = (
                f"events_app/static/vendor/{name}"
            )


def served_files(root: Path) -> Iterator[str]:
    """Paths below node_modules, of those that npm has installed."""
    sys.path.insert(0, str(root))
    from events_app.kernel.vendor_files import ICONS, ON_PAPER, SERVED

    modules = root / "node_modules"
    for package, files in (SERVED | ON_PAPER).items():
        yield from (
            f"{package}/{file}" for file in (*files, "package.json") if (modules / package / file).is_file()
        )
    sources = [*root.glob("templates/**/*.html"), *root.glob("events_app/**/*.py")]
    words = {
        word
        for path in sources
        for word in re.findall(r"['\"]([a-z0-9-]{2,40})['\"]", path.read_text("utf-8"))
    }
    yield from (
        f"{ICONS}/{word}.svg" for word in sorted(words) if (modules / ICONS / f"{word}.svg").is_file()
    )
