"""Text that comes from people: cleaned once, where it enters."""

import re
import unicodedata
from collections.abc import Mapping

import idna

from events_app.kernel.errors import N_

# Control characters without tab and line feed; lone surrogates; bidirectional overrides that can make a name
# rewrite the line around it (isolates and marks that right-to-left scripts need are kept).
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\ufeff\ufffe\uffff]")
# All that some program takes for the end of a line: a calendar entry with one inside is refused by several.
_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")
# French sets no-break spaces before ; : ! ? on purpose: those stay.
_BREAKING_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
# One addr-spec of RFC 5321 without quoted local parts: what mail servers of the last decades accept.
_EMAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?",
    re.IGNORECASE,
)
_PUNCTUATION = re.compile(r"[^a-z0-9]+")
# Letters that Unicode does not take apart, as people type them who lack the key.
_PLAIN_LETTERS = str.maketrans(
    dict(zip("łøđħıŧƀɨʉɵƒɓɗɖƙəǝɛɔĸǥƴȷɉɍɏƶȼⱥɇɫɲɣ", "lodhitbiuofbddkeeeokgyjjryzcaelng", strict=True))
    | {"þ": "th", "ð": "d", "æ": "ae", "œ": "oe", "ŋ": "n", "ß": "ss", "ƿ": "w", "ⱦ": "t"}
    # Arabic: forms that are typed alike; the lengthening stroke.
    | {"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": ""}
    # Apostrophes that count as letters: Hawaiian, Breton, Nenets, saltillo...
    | dict.fromkeys((*range(697, 706), *range(712, 720), 750, 42892, 2036, 2037), " ")
)
# Thai, Lao, Tibetan, Burmese, Khmer; kana, Chinese characters, Hangul.
_UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f"
    "\u3130-\u318f\u31f0-\u31ff\u3400-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_WORD = re.compile(r"\b(?:[^\W\d_]+)\b")
# "Léa Martin <lea@example.org>", as a mail program copies it.
_NAMED_EMAIL = re.compile(r"[^<>@,;]*<\s*([^<>\s]+)\s*>")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def clean_line(text: str) -> str:
    """One line: NFC, no control characters, breaking spaces folded, ends cut. CR and LF become a space."""
    text = _LINE_ENDS.sub(" ", text)
    return _BREAKING_SPACES.sub(" ", unicodedata.normalize("NFC", _UNWANTED.sub("", text))).strip()


def clean_block(text: str) -> str:
    """Several lines: NFC, line feeds only, no control characters, ends cut."""
    text = _LINE_ENDS.sub("\n", text)
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text)).strip()


def fill(template: str, values: Mapping[str, object]) -> str:
    """`{name}` placeholders only, all at once: a value that holds braces or format codes stays text."""
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), template)


def has_letters(text: str) -> bool:
    """Whether something of it can be read aloud (an emoji alone is no name)."""
    return any(unicodedata.category(character)[0] in "LN" for character in text)


def clean_email(text: str) -> str | None:
    """The address as it will be written to, its domain in lower case and in ASCII (IDNA 2008); None when it
    is not exactly one. What comes along when somebody copies it goes: invisible characters, `mailto:`, the
    name before "<...>", a point behind it."""
    local, _, domain = _bare_email(text).rpartition("@")
    address = f"{local}@{_ascii_domain(domain)}"
    if len(address) > 254 or not _EMAIL.fullmatch(address) or ".." in address:
        return None
    return None if local.startswith(".") or local.endswith(".") else address


def email_problem(text: str) -> str:
    """Why `clean_email` does not take it, as a message to be translated."""
    local, _, domain = _bare_email(text).rpartition("@")
    if not local.isascii() and local and _EMAIL.fullmatch(f"name@{_ascii_domain(domain)}"):
        return N_(
            "Letters with accents or of other alphabets stand before the @: few mail servers carry that yet."
            " Please give another address of yours."
        )
    return N_("This is not one e-mail address. It should look like name@example.org.")


def _bare_email(text: str) -> str:
    # Full-width characters of Asian keyboards become plain ones, no-break spaces become spaces.
    text = unicodedata.normalize("NFKC", text[:1000])
    text = "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Cs", "Cn"))
    text = text.strip()
    if found := _NAMED_EMAIL.fullmatch(text):
        text = found[1]
    return text.removeprefix("mailto:").removeprefix("MAILTO:").strip().removesuffix(".")


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode().lower()
    except idna.IDNAError:
        return ""


def fold_email(email: str) -> str:
    """By what two addresses are the same person: case is not looked at."""
    return email.lower()


def fold(text: str) -> str:
    """For searching: no accents, no case, letters with strokes and ligatures as they are typed without them,
    punctuation as a space. Vowel signs of scripts that write them as marks of their own stay."""
    if text.isascii():
        return _PUNCTUATION.sub(" ", text.lower()).strip()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _SPACES.sub(" ", unicodedata.normalize("NFC", decomposed.translate(_FOLDED))).strip()


class _Folded(dict[int, str]):
    """What each character becomes, found out once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if category == "Cf" or unicodedata.combining(character):
            self[code] = ""  # invisible, or an accent
        else:
            self[code] = character if category[0] in "LMN" else " "
        return self[code]


_FOLDED = _Folded(_PLAIN_LETTERS)


def has_unspaced(text: str) -> bool:
    """Anything of a script whose words are not set apart, where one character may be a whole name."""
    return not text.isascii() and bool(_UNSPACED.search(text))


def is_slug(text: str) -> bool:
    return len(text) <= 80 and bool(_SLUG.fullmatch(text))


def slugify(text: str, fallback: str = "evenement") -> str:
    """A slug of at most 60 characters from a title; never empty."""
    plain = fold(text).encode("ascii", "ignore").decode()
    return _SPACES.sub("-", plain).strip("-")[:60].strip("-") or fallback


_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")


def without_addresses(words: str) -> str:
    """What somebody else's program said, without the e-mail addresses that it repeats."""
    return _ADDRESS.sub("<...>", words)


def called(given_name: str, family_name: str = "") -> str:
    """The name that a letter begins with, in the capitals of a name that is written with care ("camille" and
    "JEAN-PIERRE" were typed in haste, "McKenna" was not)."""

    def with_care(found: re.Match[str]) -> str:
        word = found[0]
        return word.capitalize() if word in (word.lower(), word.upper()) else word

    return _WORD.sub(with_care, given_name or family_name)
