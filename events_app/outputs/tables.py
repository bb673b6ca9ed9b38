"""CSV that a spreadsheet opens with a double click and that runs nothing when it does."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Final

from msgspec import Struct

from events_app.kernel.text import clean_block

Cell = str | int | float | bool | date | datetime | None

# What makes a spreadsheet take a text for a formula, also in full-width form (OWASP, "CSV injection").
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠")
# Signed numbers and telephone numbers begin alike but can compute nothing: no letters, no second operator.
_HARMLESS: Final = re.compile(r"-?\d+(?:[.,]\d+)?|\+\d[\d .]{2,20}")
_ROWS_PER_CHUNK: Final = 200


class Dialect(Enum):
    """Who will open the file."""

    FRENCH = ";"
    """Excel in French wants semicolons, decimal commas and a byte order mark."""
    PLAIN = ","
    """RFC 4180, for programs: commas, decimal points, no byte order mark."""


class Table(Struct, frozen=True):
    """Column titles, and rows as wide."""

    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def csv_chunks(table: Table, dialect: Dialect = Dialect.FRENCH) -> Iterator[bytes]:
    """The file in pieces, for a streamed answer: memory does not grow with the number of rows.

    Datetimes are written as they are given, to the second, without offset: convert them to local time before.
    """
    if dialect is Dialect.FRENCH:
        yield b"\xef\xbb\xbf"
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=dialect.value, lineterminator="\r\n")
    writer.writerow([_text(title) for title in table.columns])
    for number, row in enumerate(table.rows, 1):
        writer.writerow([_written(cell, dialect) for cell in row])
        if number % _ROWS_PER_CHUNK == 0:
            yield _drain(buffer)
    yield _drain(buffer)


def csv_bytes(table: Table, dialect: Dialect = Dialect.FRENCH) -> bytes:
    """The whole file."""
    return b"".join(csv_chunks(table, dialect))


def _drain(buffer: io.StringIO) -> bytes:
    chunk = buffer.getvalue().encode("utf-8")
    buffer.seek(0)
    buffer.truncate()
    return chunk


def _written(cell: Cell, dialect: Dialect) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "1" if cell else "0"
        case float():
            return str(cell).replace(".", ",") if dialect is Dialect.FRENCH else str(cell)
        case datetime():
            return cell.replace(tzinfo=None, microsecond=0).isoformat(sep=" ")
        case int() | date():
            return str(cell)
        case _:
            return _text(cell)


def _text(text: str) -> str:
    """Cleaned; behind an apostrophe when a spreadsheet would compute it."""
    cleaned = clean_block(text)
    if cleaned.startswith(_FORMULA_STARTS) and not _HARMLESS.fullmatch(cleaned):
        return "'" + cleaned
    return cleaned
