"""Icons drawn into the page: lucide's outlines, read from the npm package at their first use."""

import re
from functools import cache

from markupsafe import Markup

from events_app.kernel.vendor_files import ICONS, vendor_folder


@cache
def icon(name: str) -> Markup:
    """SVG of one icon, hidden from screen readers (a word always stands beside it).

    Empty when npm has installed nothing: pages lose their icons and none of their words. Names come from
    our templates only; anything but a plain name gives the empty icon.
    """
    folder = vendor_folder()
    if folder is None or not re.fullmatch(r"[a-z0-9-]+", name):
        return Markup("")
    try:
        drawing = (folder / ICONS / f"{name}.svg").read_text("utf-8")
    except OSError:
        return Markup("")
    begin = drawing.index(">", drawing.index("<svg")) + 1
    shapes = " ".join(drawing[begin : drawing.rindex("</svg>")].split())
    return Markup(  # noqa: S704 - a file of a pinned package, no text of a person's
        '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" '
        'aria-hidden="true" focusable="false">'
        f"{shapes}</svg>"
    )
