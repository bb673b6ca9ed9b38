"""Papers as tagged PDF (PDF/UA-1), set by typst from the `.typ` files beside this module.

Texts travel as JSON in typst's inputs and are strings there: nothing that a person typed is ever markup.
Fonts are our own and those that typst carries, so that a paper looks the same from every server.
"""

from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, cast

import msgspec
from msgspec import Struct

from events_app.kernel.text import clean_block, clean_line
from events_app.outputs.faces import faces_folder
from events_app.outputs.qrcodes import qr_svg

if TYPE_CHECKING:
    from typst import Compiler

_TEMPLATES: Final = Path(__file__).parent
# One compiler serves all threads in turn: it keeps its fonts and what the last ticket had in common.
one_at_a_time: Final = Lock()


class Fact(Struct, frozen=True):
    """One labelled line: when, where, which workshop, which room."""

    label: str
    value: str


class TicketPaper(Struct, frozen=True, kw_only=True):
    """What stands on a ticket, every word of it in the reader's language."""

    language: str
    """A BCP 47 primary tag, for screen readers: fr, en."""
    event: str
    holder: str
    code: str
    """What the QR says: a ticket code."""
    qr_description: str
    """The QR's alternative text."""
    short_code: str
    short_code_label: str
    facts: tuple[Fact, ...] = ()
    instructions: str = ""
    bring_label: str = ""
    bring: tuple[str, ...] = ()
    """What to bring, one thing each; the heading `bring_label` is shown with at least one."""
    footer: str = ""
    issuer: str = ""
    """Who organises, above the title."""
    undrawn_note: str = ""
    """Said on the paper where letters of it cannot be shown."""


def ticket_pdf(ticket: TicketPaper) -> bytes:
    """The ticket as a PDF. Takes milliseconds (tens the first time): for a process other than the server.

    Conforms to PDF/UA-1 unless a text has a character that no font shows, neither our own nor the system's:
    then the character is an empty box, and the paper says so with `undrawn_note`.
    """
    document = {
        "language": clean_line(ticket.language),
        "event": clean_line(ticket.event),
        "holder": clean_line(ticket.holder),
        "qr": qr_svg(ticket.code, ticket.qr_description),
        "qr_description": clean_line(ticket.qr_description),
        "short_code": clean_line(ticket.short_code),
        "short_code_label": clean_line(ticket.short_code_label),
        "facts": [{"label": clean_line(f.label), "value": clean_block(f.value)} for f in ticket.facts],
        "instructions": clean_block(ticket.instructions),
        "bring_label": clean_line(ticket.bring_label),
        "bring": [clean_line(thing) for thing in ticket.bring],
        "footer": clean_block(ticket.footer),
        "issuer": clean_line(ticket.issuer),
    }
    return compiled("ticket.typ", {"ticket": msgspec.json.encode(document).decode()}, ticket.undrawn_note)


class RoomLine(Struct, frozen=True):
    """A round of a card or table sheet, or a table of the wall plan. `value` may have several lines."""

    label: str
    time: str
    value: str


class RoomSheet(Struct, frozen=True):
    """One card, table sheet or wall poster."""

    title: str
    subtitle: str
    lines: tuple[RoomLine, ...]


class RoomPaper(Struct, frozen=True, kw_only=True):
    """`kind`: cards (eight on an A4 page), tables (a page each), wall (a landscape page a round)."""

    language: str
    kind: str
    event: str
    title: str
    when: str
    sheets: tuple[RoomSheet, ...]
    footer: str
    undrawn_note: str = ""


def room_pdf(paper: RoomPaper) -> bytes:
    """All sheets of a seat plan as one PDF; fonts as of `ticket_pdf`."""
    document = {
        "language": clean_line(paper.language),
        "kind": paper.kind,
        "event": clean_line(paper.event),
        "title": clean_line(paper.title),
        "when": clean_line(paper.when),
        "footer": clean_line(paper.footer),
        "sheets": [
            {
                "title": clean_line(sheet.title),
                "subtitle": clean_line(sheet.subtitle),
                "lines": [
                    {
                        "label": clean_line(line.label),
                        "time": clean_line(line.time),
                        "value": [clean_line(part) for part in line.value.split("\n") if part],
                    }
                    for line in sheet.lines
                ],
            }
            for sheet in paper.sheets
        ],
    }
    return compiled("room.typ", {"paper": msgspec.json.encode(document).decode()}, paper.undrawn_note)


def compiled(template: str, inputs: dict[str, str], undrawn_note: str) -> bytes:
    """A PDF by one of our templates. Under PDF/UA typst refuses a text that no font shows."""
    from typst import TypstError  # with its fonts 25 MB: for the processes that make papers

    with one_at_a_time:
        for embedded_fonts_only in (True, False):
            try:
                pdf = compiler_of(template, embedded_fonts_only).compile(
                    format="pdf", pdf_standards="ua-1", sys_inputs=inputs
                )
            except TypstError:
                continue
            return cast("bytes", pdf)  # a list only for several PNG or SVG pages
        noted = inputs | {"undrawn": undrawn_note}
        return cast("bytes", compiler_of(template, False).compile(format="pdf", sys_inputs=noted))


@lru_cache(maxsize=8)
def compiler_of(template: str, embedded_fonts_only: bool) -> "Compiler":
    from typst import Compiler

    folder = faces_folder()
    return Compiler(
        _TEMPLATES / template,
        root=_TEMPLATES,
        font_paths=[folder] if folder else [],
        ignore_system_fonts=embedded_fonts_only,
    )
