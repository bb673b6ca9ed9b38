"""Which characters a PDF of ours can show: our fonts, typst's own, then those of the system.

Typst says so itself: under PDF/UA it refuses a text that no font shows, where it would draw an empty box.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_TRIED_ONE_BY_ONE: Final = 60
_EAST_ASIAN: Final = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC")
_NAMED_IN_REFUSAL: Final = re.compile(r'the text ["`]+(.+?)["`]+ could not')


class Script(Struct, frozen=True):
    """`sample`: letters as they stand in names; `package`: Debian's, which shows them."""

    name: str
    sample: str
    package: str


SCRIPTS: Final = (
    Script("Greek", "Γιώργος", "fonts-noto-core"),
    Script("Cyrillic", "Оксана", "fonts-noto-core"),
    Script("Arabic", "محمد", "fonts-noto-core"),
    Script("Hebrew", "שרה", "fonts-noto-core"),
    Script("Armenian", "Անի", "fonts-noto-core"),
    Script("Georgian", "ნინო", "fonts-noto-core"),
    Script("Devanagari", "प्रिया", "fonts-noto-core"),
    Script("Bengali", "রিয়া", "fonts-noto-core"),
    Script("Tamil", "பிரியா", "fonts-noto-core"),
    Script("Thai", "สมชาย", "fonts-noto-core"),
    Script("Ethiopic", "ሰላም", "fonts-noto-core"),
    Script("Chinese", "张伟張偉", "fonts-noto-cjk"),
    Script("Japanese", "さくらサクラ", "fonts-noto-cjk"),
    Script("Korean", "김민준", "fonts-noto-cjk"),
)


def unusual(text: str) -> set[str]:
    """Characters that our own fonts may lack; of nearly every name none."""
    if text.isascii():
        return set()
    return {each for each in text if ord(each) > 0x24F and not 0x2000 <= ord(each) <= 0x206F}


def undrawn(characters: Iterable[str], *, system_fonts: bool = True) -> frozenset[str]:
    """Those that would be an empty box. Takes milliseconds for each (seconds the first time, when the
    system's fonts are read): for a process other than the server."""
    left, found = sorted(set(characters)), set[str]()
    for _ in range(_TRIED_ONE_BY_ONE):
        refused = _refused(left, system_fonts)
        if not refused:
            return frozenset(found)
        found |= refused
        left = [each for each in left if each not in refused]
    return frozenset(found.union(left))


def _refused(characters: list[str], system_fonts: bool) -> set[str]:
    """At least one of them, unless all are shown."""
    import json

    from typst import TypstError

    from events_app.outputs.papers import compiler_of, one_at_a_time

    if not characters:
        return set()
    with one_at_a_time:
        try:
            compiler_of("letters.typ", embedded_fonts_only=not system_fonts).compile(
                format="pdf", pdf_standards="ua-1", sys_inputs={"letters": json.dumps(characters)}
            )
            return set()
        except TypstError as error:
            named = _NAMED_IN_REFUSAL.search(str(error))
            words = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), named[1]) if named else ""
            wrong = set(words).intersection(characters)
    if wrong or len(characters) == 1:
        return wrong or set(characters)
    half = len(characters) // 2  # it did not say which
    return _refused(characters[:half], system_fonts) or _refused(characters[half:], system_fonts)


def missing_scripts(*, system_fonts: bool = True) -> list[Script]:
    return [script for script in SCRIPTS if undrawn(script.sample, system_fonts=system_fonts)]


def packages_for(letters: Iterable[str]) -> tuple[str, ...]:
    """Debian's packages that show these letters, where we know one (none for emoji and rare signs)."""
    found = set[str]()
    for letter in letters:
        if unicodedata.name(letter, "").startswith(_EAST_ASIAN):
            found.add("fonts-noto-cjk")
        elif letter.isalpha():
            found.add("fonts-noto-core")
        elif unicodedata.category(letter) == "So":
            found.add("fonts-noto-color-emoji")
    return tuple(sorted(found))
