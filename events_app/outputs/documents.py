"""Letters and minutes: one list of blocks, as a tagged PDF and as a DOCX that somebody goes on writing."""

from collections.abc import Sequence
from io import BytesIO

import msgspec

from events_app.kernel.text import clean_block, clean_line
from events_app.outputs.papers import compiled


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    text: str


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """Line breaks are kept; an empty line parts paragraphs."""

    text: str
    strong: bool = False


class Bullets(msgspec.Struct, frozen=True, tag="bullets"):
    items: Sequence[str]


class Grid(msgspec.Struct, frozen=True, tag="grid"):
    """`room`: the last column is left free, to sign in."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    room: bool = False


Block = Heading | Paragraph | Bullets | Grid


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """`sender`: above the title; `footer`: at the foot of each page. `wide`: on its side."""

    language: str
    sender: str
    title: str
    subtitle: str
    blocks: Sequence[Block]
    footer: str = ""
    wide: bool = False
    undrawn_note: str = ""


def document_pdf(document: Document) -> bytes:
    """Fonts and tags as of `papers.ticket_pdf`."""
    encoded = msgspec.json.encode(_cleaned(document)).decode()
    return compiled("document.typ", {"paper": encoded}, document.undrawn_note)


def document_docx(document: Document) -> bytes:
    """With Word's own styles, so that headings are headings."""
    import docx  # lxml with it: for whoever asks for this
    from docx.shared import Cm

    document = _cleaned(document)
    made = docx.Document()
    made.core_properties.title, made.core_properties.author = document.title, document.sender
    made.core_properties.language = document.language
    for section in made.sections:
        sides = Cm(21), Cm(29.7)
        section.page_width, section.page_height = sides[::-1] if document.wide else sides
    made.add_paragraph(document.sender)
    made.add_heading(document.title, 0)
    made.add_paragraph(document.subtitle, style="Subtitle")
    for block in document.blocks:
        match block:
            case Heading():
                made.add_heading(block.text, 1)
            case Paragraph():
                for part in filter(None, block.text.split("\n\n")):
                    made.add_paragraph().add_run(part).bold = block.strong
            case Bullets():
                for item in block.items:
                    made.add_paragraph(item, style="List Bullet")
            case Grid():
                table = made.add_table(rows=1, cols=len(block.heads), style="Table Grid")
                for cells, texts in [(table.rows[0].cells, block.heads)] + [
                    (table.add_row().cells, row) for row in block.rows
                ]:
                    for cell, text in zip(cells, texts, strict=True):
                        cell.text = text
    made.sections[0].footer.paragraphs[0].text = document.footer
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _cleaned(document: Document) -> Document:
    """What XML and typst both take: no control characters."""
    return msgspec.structs.replace(
        document,
        sender=clean_line(document.sender),
        title=clean_line(document.title),
        subtitle=clean_line(document.subtitle),
        footer=clean_line(document.footer),
        blocks=[_cleaned_block(block) for block in document.blocks],
    )


def _cleaned_block(block: Block) -> Block:
    match block:
        case Heading():
            return Heading(clean_line(block.text))
        case Paragraph():
            return Paragraph(clean_block(block.text), block.strong)
        case Bullets():
            return Bullets([clean_line(item) for item in block.items])
        case Grid():
            rows = [[clean_line(cell) for cell in row] for row in block.rows]
            return Grid([clean_line(head) for head in block.heads], rows, block.room)
