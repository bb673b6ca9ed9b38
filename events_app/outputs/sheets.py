"""Tables that people send in: CSV as spreadsheets write it, pasted lines, XLSX. Every cell becomes text.

Bounded before it is read: what unpacks to too much, or has too many rows or columns, is refused kindly.
"""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Final

from events_app.kernel.errors import N_, InvalidInput
from events_app.kernel.text import clean_block, fold

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200
MOST_UNPACKED_BYTES: Final = 60_000_000
LONGEST_CELL: Final = 20_000

_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_SEPARATORS: Final = (";", "\t", ",", "|")


def is_workbook(content: bytes) -> bool:
    return content.startswith(_ZIP)


def rows_of(content: bytes) -> list[list[str]]:
    """All rows that say something, the first one included; cells cleaned. Raises `InvalidInput`, `/file`."""
    if is_workbook(content):
        found = _from_workbook(content)
    elif content.startswith(_OLD_EXCEL):
        raise _refused(N_("This file is of an old kind. Please save it as XLSX or CSV."))
    else:
        found = _from_text(_decoded(content))
    rows = [[clean_block(cell[: LONGEST_CELL * 2])[:LONGEST_CELL].strip() for cell in row] for row in found]
    rows = [row for row in rows if any(row)]
    if len(rows) > MOST_ROWS:
        raise _refused(N_("This file has more than {most} rows. Please send it in parts."), most=MOST_ROWS)
    if any(len(row) > MOST_COLUMNS for row in rows):
        raise _refused(N_("This file has more than {most} columns."), most=MOST_COLUMNS)
    return rows


def _from_workbook(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED_BYTES:
                raise _refused(N_("This file unpacks to more than can be read."))
        from python_calamine import CalamineWorkbook  # where somebody sends one

        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        if sheet.total_height > MOST_ROWS * 2:
            message = N_("This file has more than {most} rows. Please send it in parts.")
            raise _refused(message, most=MOST_ROWS)
        return [[_shown(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True)]
    except InvalidInput:
        raise
    except BaseException as error:  # the reader has many ways to say so; one of them is no Exception
        raise unreadable() from error


def _shown(cell: object) -> str:
    """As it was typed, as far as the file still knows: 62498 for 62498.0."""
    match cell:
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.isoformat(sep=" ", timespec="minutes")
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell)


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with its mark, else what Windows writes in western Europe."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _from_text(text: str) -> list[list[str]]:
    if "\x00" in text:
        raise unreadable()
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    # A quoted field may be as long as the whole body; its bound is the body's.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return list(islice(reader, MOST_ROWS * 2 + 1))  # empty ones do not count
    except csv.Error as error:
        raise unreadable() from error


def heads_and_lines(content: bytes, most: int) -> tuple[list[str], list[list[str]]]:
    """The first row, and the lines below it. Raises `InvalidInput` at `/file`."""
    rows = rows_of(content)
    if len(rows) < 2:
        message = N_("This file has no line below the names of its columns.")
        raise InvalidInput.one("/file", "empty", message)
    if len(rows) - 1 > most:
        message = N_("This file has more than {most} rows. Please send it in parts.")
        raise InvalidInput.one("/file", "too_long", message, most=most)
    return rows[0], rows[1:]


def recognised(heads: Sequence[str], known: Mapping[str, str]) -> list[str]:
    """For each head what it names (`known`: by `head_key`), "" where nothing fits; the first of two wins."""
    found: list[str] = []
    for head in heads:
        target = known.get(head_key(head), "")
        found.append("" if target in found else target)
    return found


def head_key(head: str) -> str:
    """Letters and digits alone, so that "Prénom :" is "prenom"."""
    return "".join(character for character in fold(head) if character.isalnum())


def first_of_each(lines: Sequence[Sequence[str]], width: int) -> list[str]:
    """Of each column the first cell that says something."""
    return [next((line[n] for line in lines if n < len(line) and line[n]), "") for n in range(width)]


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    """The same rows for a form's field, to be read back by `rows_of`."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def unreadable() -> InvalidInput:
    return _refused(N_("This file cannot be read. Please save it again as XLSX or CSV."))


def _refused(message: str, **params: str | int) -> InvalidInput:
    return InvalidInput.one("/file", "unreadable", message, **params)
