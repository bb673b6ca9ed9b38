"""Passwords that a program tries first. Pure.

What is known beforehand is taken out of the password: common words of both languages, rows of keys, the
alphabet and numbers in order, the person's own names and the site's, years. If little is left, it is guessed.
A sentence is long enough to keep what matters, so nobody is told which characters to use (NIST SP 800-63B
section 3.1.1.2).
"""

import re
from collections.abc import Sequence
from typing import Final

from events_app.kernel.text import fold

LEAST_LEFT: Final = 5  # characters that nobody could know
LEAST_DISTINCT: Final = 5
LEAST_OF_A_NAME: Final = 3
A_SENTENCE: Final = 25  # from here on, four common words are a good password

_TRIED_FIRST: Final = """
password passwort passphrase motdepasse mdp secret changeme changezmoi letmein welcome bienvenue bonjour
hello salut admin administrateur administrator administratrice root user utilisateur test demo exemple
example login connexion iloveyou jetaime jtm amour love doudou loulou chouchou coucou cheri soleil
sunshine princesse princess dragon monkey football baseball superman batman pokemon starwars master
shadow marseille paris france lens lille arras bethune artois nicolas camille julien thomas marine
chocolat azerty qwerty qwertz qwertyuiop azertyuiop convive evenement event events atelier mairie ville
agglomeration communaute pole metropolitain printemps summer winter spring autumn hiver automne
correcthorsebatterystaple
"""
_WORDS: Final = frozenset(_TRIED_FIRST.split())
_ROWS: Final = (
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1aqw2zsx3edc4rfv5tgb6yhn7uj",
    "&é\"'(-è_çà)=",
    "!@#$%^&*()_+",
)
_RUN: Final = 4
_RUNS: Final = frozenset(
    row[start : start + _RUN]
    for line in _ROWS
    for row in (line, line[::-1])
    for start in range(len(row) - _RUN + 1)
)
_LEET: Final = str.maketrans("04135$@7!", "oaiessati")
_REPEATED: Final = re.compile(r"(.+?)\1+")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_BETWEEN: Final = re.compile(r"[\W_]+")


def is_guessable(password: str, own: Sequence[str] = ()) -> bool:
    """`own`: the person's name and address, the names of the site and the body."""
    if fold(password).strip() in {fold(name) for name in own}:
        return True
    if len(password) >= A_SENTENCE and len(set(password)) >= 2 * LEAST_DISTINCT and not _repeats(password):
        return False
    if len(set(password.strip())) < LEAST_DISTINCT or _repeats(password):
        return True
    typed = password.casefold()
    plain = fold(password)
    disguised = _without_runs(typed).translate(_LEET)  # "P4ssw0rd"
    return any(_left(text, own) < LEAST_LEFT for text in (typed, plain, disguised))


def _repeats(password: str) -> bool:
    """`abcabcabcabc`: one short piece again and again, perhaps cut off."""
    squeezed = password.strip()
    for size in range(1, min(len(squeezed) // 2, 8) + 1):
        piece = squeezed[:size]
        if (piece * (len(squeezed) // size + 1))[: len(squeezed)] == squeezed:
            return True
    return False


def _left(text: str, own: Sequence[str]) -> int:
    """How many characters remain that were not known beforehand."""
    text = _YEAR.sub(" ", text)
    for word in sorted({*_WORDS, *_names(own)}, key=len, reverse=True):
        text = text.replace(word, " ")
    text = _without_runs(text)
    text = _REPEATED.sub(r"\1", _BETWEEN.sub("", text))
    return len(text)


def _names(own: Sequence[str]) -> list[str]:
    parts = [part for name in own for part in _BETWEEN.split(fold(name))]
    return [part for part in parts if len(part) >= LEAST_OF_A_NAME]


def _without_runs(text: str) -> str:
    kept, start = [], 0
    while start < len(text):
        end = start
        while text[end : end + _RUN] in _RUNS:
            end += 1
        if end > start:
            kept.append(" ")
            start = end + _RUN - 1
        else:
            kept.append(text[start])
            start += 1
    return "".join(kept)
