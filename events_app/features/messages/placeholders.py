"""What stands between braces in a message, and what takes its place. Pure.

Names are replaced and nothing else happens: there are no expressions, so nothing that is written here can be
carried out. What is put in is neither read as Markdown nor looked through for further names.
"""

import re
from collections.abc import Mapping
from html import escape
from typing import Final

from events_app.kernel.text import clean_block
from events_app.outputs.markdown import safe_html

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "given_name": ("given_name", "prénom", "prenom"),
    "family_name": ("family_name", "nom"),
    "name": ("name", "nom_complet"),
    "organisation": ("organisation", "structure"),
    "event": ("event", "événement", "evenement"),
    "date": ("date", "when", "quand"),
    "place": ("place", "where", "lieu"),
    "sessions": ("sessions", "ateliers"),
    "link": ("link", "lien"),
}
"""What each placeholder may be called; both languages everywhere."""

_CALLED: Final = {word: name for name, words in NAMES.items() for word in words}
_WRITTEN: Final = re.compile(r"\{\{[^{}\n]{0,80}\}\}|\{[^{}\n]{0,80}\}")
# A private character that no text of ours holds: where a value goes, while Markdown is read.
_MARK: Final = "\ue000"
_MARKED: Final = re.compile(f"{_MARK}([a-z_]+){_MARK}")


def unknown(text: str) -> list[str]:
    """What stands between braces and is no placeholder, as it was written."""
    return list(dict.fromkeys(found[0] for found in _WRITTEN.finditer(text) if _named(found[0]) is None))


def used(text: str) -> set[str]:
    return {name for found in _WRITTEN.finditer(text) if (name := _named(found[0])) is not None}


def filled_line(text: str, values: Mapping[str, str]) -> str:
    """Plain text: a subject, or the form of a mail without HTML."""
    return _WRITTEN.sub(lambda found: _value(found[0], values), text)


def filled_html(markdown: str, values: Mapping[str, str]) -> str:
    """The link is known to be an address, so that it may also be written as `[my page]({link})`."""
    text = clean_block(markdown).replace(_MARK, "")

    def mark(found: re.Match[str]) -> str:
        name = _named(found[0])
        if name == "link":
            return values["link"]
        return found[0] if name is None else f"{_MARK}{name}{_MARK}"

    html = safe_html(_WRITTEN.sub(mark, text))
    return _MARKED.sub(lambda found: escape(values.get(found[1], "")), html)


def _named(written: str) -> str | None:
    return _CALLED.get(written.strip("{}").strip().lower())


def _value(written: str, values: Mapping[str, str]) -> str:
    name = _named(written)
    return written if name is None else values.get(name, "")
