"""Names of bodies as sentences use them: the article stands apart from the name. Pure."""

import re

from events_app.kernel.errors import N_, FieldError
from events_app.kernel.text import clean_line, fold, has_letters

LONGEST_NAME = 200
_ALONE = re.compile(r"le|la|les|l['’]", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:(le|la|les)\s+|(l)['’]\s*)(?=\S)", re.IGNORECASE)


def split_article(text: str) -> tuple[str, str]:
    """`le Pôle métropolitain de l’Artois` is ("le ", "Pôle métropolitain de l’Artois"); ("", text) without.

    With a capital it belongs to the name: *La Ligue*, *Les Francas*.
    """
    text = clean_line(text)
    if _ALONE.fullmatch(text):
        return "", ""
    found = _ARTICLE.match(text)
    if found is None or text[0].isupper():
        return "", text
    name = text[found.end() :]
    return ("l’" if found[2] else f"{found[1]} "), name[0].upper() + name[1:]


def likeness(name: str) -> str:
    """Names that people would take for one another are alike in this, with or without an article."""
    words = fold(name).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("le", "la", "les", "l") else words)


def name_errors(name: str, pointer: str = "/name") -> list[FieldError]:
    """Of a name without its article."""
    if not has_letters(name):
        return [FieldError(pointer, "required", N_("Please give the organisation a name."))]
    if len(name) > LONGEST_NAME:
        message = N_("Please shorten this to {most} characters.")
        return [FieldError(pointer, "length", message, {"most": LONGEST_NAME})]
    return []
