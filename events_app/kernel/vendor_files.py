"""Which files of npm packages are used, and where they lie. The wheel's builder reads it too."""

from pathlib import Path
from typing import Final

FONT: Final = "@fontsource-variable/atkinson-hyperlegible-next"
FONT_FILE: Final = "files/atkinson-hyperlegible-next-{}-wght-normal.woff2"
SERVED: Final = {
    FONT: (FONT_FILE.format("latin"), FONT_FILE.format("latin-ext")),
    "zxing-wasm": ("dist/es/reader/index.js", "dist/es/share.js", "dist/reader/zxing_reader.wasm"),
}
"""The allow-list of what a browser may fetch."""
PAPER_FONT: Final = "@fontsource/atkinson-hyperlegible-next"
ON_PAPER: Final = {
    PAPER_FONT: tuple(
        f"files/atkinson-hyperlegible-next-{subset}-{weight}-normal.woff"
        for subset in ("latin", "latin-ext")
        for weight in (400, 700)
    )
}
"""The same face in the older packing, which can be unpacked without a further library."""
ICONS: Final = "lucide-static/icons"

_PACKAGE = Path(__file__).resolve().parent.parent


def vendor_folder() -> Path | None:
    """Beside the package in a checkout, inside it in a wheel; None when npm has installed nothing."""
    for folder in (_PACKAGE.parent / "node_modules", _PACKAGE / "static" / "vendor"):
        if folder.is_dir():
            return folder
    return None
