"""The French catalogues: `update` from the sources, `check` that nothing is missing, `compile` for speed.

Messages belong to the part of the program where they stand: `features/events/**` and `templates/events/**` to
`events.po`, a file directly under `templates/` or `web/`, `kernel/`, `infra/` to `common.po`. What two parts
share is best said in `common.po` alone.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "events_app" / "locale" / "fr"
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}

Key = str | tuple[str, ...]


def part_of(path: Path) -> str:
    names = path.relative_to(ROOT).parts
    if names[:2] == ("events_app", "features"):
        return names[2]
    if names[0] == "templates" and len(names) > 2:
        return names[1]
    return "common"


def sources() -> dict[str, dict[Key, list[tuple[str, int]]]]:
    """For each part, each message with the places where it stands."""
    found: dict[str, dict[Key, list[tuple[str, int]]]] = defaultdict(lambda: defaultdict(list))
    files = [(path, "python") for path in sorted((ROOT / "events_app").rglob("*.py"))]
    files += [(path, "jinja2") for path in sorted((ROOT / "templates").rglob("*")) if path.is_file()]
    for path, kind in files:
        if "piccolo_migrations" in path.parts:
            continue
        method = "python" if kind == "python" else "jinja2.ext:babel_extract"
        options = (
            {} if kind == "python" else {"silent": "false", "newstyle_gettext": "true", "trimmed": "true"}
        )
        for line, message, _, _ in extract_from_file(method, path, KEYWORDS, options=options):
            key: Key = tuple(message) if isinstance(message, tuple | list) else message
            found[part_of(path)][key].append((str(path.relative_to(ROOT)), line))
    # What the common part says too is translated there, once.
    for part in set(found) - {"common"}:
        for key in set(found[part]) & set(found["common"]):
            del found[part][key]
    return found


def catalogue(part: str) -> Catalog:
    path = LOCALE / f"{part}.po"
    if path.exists():
        with path.open("rb") as file:
            return read_po(file, locale="fr")
    return Catalog(locale="fr", project="Convive", version="1", fuzzy=False)


def typeset(text: str) -> str:
    """French spaces: a narrow no-break one before ; ! ? and a full one before : and inside guillemets."""
    text = re.sub(r"[ \u00a0](?=[;!?])", "\u202f", text)
    return re.sub(r"(?<=«) | (?=[»:])", "\u00a0", text)


def _typeset(string: str | Sequence[str] | None) -> str | tuple[str, ...] | None:
    if string is None or isinstance(string, str):
        return typeset(string) if string else None
    return tuple(typeset(text) for text in string) if all(string) else None


def update() -> int:
    LOCALE.mkdir(parents=True, exist_ok=True)
    wanted = sources()
    for part in sorted({*wanted, *(po.stem for po in LOCALE.glob("*.po"))}):
        old, new = catalogue(part), Catalog(locale="fr", project="Convive", version="1", fuzzy=False)
        for key in sorted(wanted.get(part, {}), key=str):
            known = old.get(key)
            if known and isinstance(known.string, str) == isinstance(key, tuple):
                known = None  # it has got, or lost, a plural
            new.add(key, _typeset(known.string) if known else None)
        if not len(new):
            (LOCALE / f"{part}.po").unlink(missing_ok=True)
            continue
        new.creation_date = new.revision_date = old.creation_date
        with (LOCALE / f"{part}.po").open("wb") as file:
            write_po(file, new, width=110, omit_header=False, no_location=True, sort_output=True)
    return 0


def is_translated(entry: object) -> bool:
    text = getattr(entry, "string", "")
    return all(text) if isinstance(text, tuple | list) else bool(text)


def check() -> int:
    problems = []
    for part, messages in sources().items():
        known = catalogue(part)
        for key, places in messages.items():
            entry = known.get(key)
            if entry is None or not is_translated(entry) or entry.fuzzy:
                problems.append(f"{part}.po: no French for {key!r} ({places[0][0]}:{places[0][1]})")
            else:
                problems += [f"{part}.po: {words}" for words in _different_placeholders(key, entry.string)]
        problems += [
            f"{part}.po: {entry.id!r} stands nowhere"
            for entry in known
            if entry.id and entry.id not in messages
        ]
    problems += _said_in_two_ways()
    print("\n".join(problems) or "translations are complete")
    return 1 if problems else 0


def _said_in_two_ways() -> list[str]:
    """The parts are merged when the program runs: one message with two French texts would show either."""
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for po in sorted(LOCALE.glob("*.po")):
        for entry in catalogue(po.stem):
            if entry.id:
                said[str(entry.id)][str(entry.string)] = po.stem
    return [f"{message} is said in two ways: {texts}" for message, texts in said.items() if len(texts) > 1]


def _different_placeholders(key: Key, translated: str | Sequence[str] | None) -> list[str]:
    pattern = re.compile(r"\{\w+\}|%\(\w+\)[sd]")
    singular = key[-1] if isinstance(key, tuple) else key
    texts = [translated] if isinstance(translated, str) else list(translated or ())[-1:]
    wanted = set(pattern.findall(singular))
    return [f"other placeholders in {text!r}" for text in texts if set(pattern.findall(text)) != wanted]


def compile_all() -> int:
    for po in LOCALE.glob("*.po"):
        with po.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue(po.stem))
    return 0


if __name__ == "__main__":
    commands = {"update": update, "check": check, "compile": compile_all}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit("usage: translations.py update|check|compile")
    sys.exit(commands[sys.argv[1]]())
