"""By which words somebody is found: what is written into the index, and what is asked of it. Pure.

Every word asked for must begin one of a person's words. A person's words are the ends of each name run
together ("jeanluclegoff", "luclegoff", "legoff", "goff"): spaces, hyphens and apostrophes do not matter.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from events_app.kernel.text import clean_line, fold, fold_email, has_unspaced

WORD_MOST = 32  # characters; a longer one is found by its beginning
ADDRESS_MOST = 254
ASKED_MOST = 8  # words
LETTERS_LEAST = 2  # of an alphabet; one character of Chinese is enough
HIGHEST = "\U0010ffff"  # behind every character


def words_of(given: str, family: str, organisation: str, email: str, short_code: str) -> str:
    """All words of one person, each between spaces; sorted, so that the same person has the same text."""
    first, last = _units(given), _units(family)
    address = fold_email(email).translate(_UNQUOTED)
    local, _, domain = address.rpartition("@")
    words = {
        *_ends(first + last),
        "".join(last + first)[:WORD_MOST],
        *_organisation(organisation),
        *_ends(_units(local)),
        *_ends(_units(domain)),
        fold(short_code).replace(" ", ""),
    }
    if not (given.isascii() and family.isascii()):
        words |= {*_ends(_units(f"{given} {family}".lower().translate(_SPELT_OUT)))}
    if domain:
        words.add(address[:ADDRESS_MOST])
    return "".join(f" {word}" for word in sorted(words) if word) + " "


def asked_words(typed: str) -> list[str]:
    """Empty: too little to look for."""
    asked: list[str] = []
    for piece in clean_line(typed)[:100].split():
        asked += [fold_email(piece).translate(_UNQUOTED)] if "@" in piece.strip("@") else fold(piece).split()
    letters = sum(map(len, asked))
    if letters < LETTERS_LEAST and not any(map(has_unspaced, asked)):
        return []
    return [word if "@" in word else word[:WORD_MOST] for word in asked[:ASKED_MOST]]


def asked_together(words: Sequence[str]) -> str | None:
    """What was typed as one word ("o brien", "jea nluc", a code in blocks); None where it is one already."""
    return "".join(words)[:WORD_MOST] if len(words) > 1 else None


def _units(text: str) -> list[str]:
    """Words; characters of scripts without spaces one by one."""
    units: list[str] = []
    for word in fold(text).split():
        units += _apart(word) if has_unspaced(word) else [word]
    return units


def _apart(word: str) -> list[str]:
    parts: list[str] = []
    for character in word:
        if parts and not has_unspaced(character) and not has_unspaced(parts[-1]):
            parts[-1] += character
        else:
            parts.append(character)
    return parts


def _ends(units: Sequence[str]) -> Iterable[str]:
    """From each unit to the last, run together."""
    behind = ""
    for unit in reversed(units):
        behind = (unit + behind)[:WORD_MOST]
        yield behind


@lru_cache(maxsize=4096)
def _organisation(name: str) -> frozenset[str]:
    """Many come from the same few."""
    return frozenset(_ends(_units(name)))


# The index of SQLite is cut out of JSON.
_UNQUOTED = str.maketrans({'"': None, "\\": None, " ": None, "\t": None})
# As people spell them who lack the key: "mueller", "oersted", "djokovic".
_SPELT_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "đ": "dj", "ŋ": "ng", "ə": "a"}
)
