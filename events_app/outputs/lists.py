"""Lists to tick or to sign as tagged PDF, set by typst from `lists.typ`: see `papers.py`."""

from typing import Literal

import msgspec
from msgspec import Struct

from events_app.kernel.text import clean_line
from events_app.outputs.papers import compiled


class ListColumn(Struct, frozen=True):
    """`kind`: text, wide (takes the room that is left), box (to tick), sign (to sign)."""

    label: str
    kind: Literal["text", "wide", "box", "sign"] = "text"


class ListSheet(Struct, frozen=True):
    """One list with a heading of its own; each row has a value for each column."""

    title: str
    subtitle: str
    rows: tuple[tuple[str, ...], ...]


class ListPaper(Struct, frozen=True, kw_only=True):
    language: str
    event: str
    title: str
    columns: tuple[ListColumn, ...]
    sheets: tuple[ListSheet, ...]
    undrawn_note: str = ""


def list_pdf(paper: ListPaper) -> bytes:
    """Fonts as of `ticket_pdf`."""
    document = {
        "language": clean_line(paper.language),
        "event": clean_line(paper.event),
        "title": clean_line(paper.title),
        "columns": [{"label": clean_line(each.label), "kind": each.kind} for each in paper.columns],
        "sheets": [
            {
                "title": clean_line(sheet.title),
                "subtitle": clean_line(sheet.subtitle),
                "rows": [[clean_line(value) for value in row] for row in sheet.rows],
            }
            for sheet in paper.sheets
        ],
    }
    return compiled("lists.typ", {"paper": msgspec.json.encode(document).decode()}, paper.undrawn_note)
