"""Papers are set in our own face, and a broken file of it is refused."""

import struct
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from events_app.kernel.vendor_files import ON_PAPER, vendor_folder
from events_app.outputs.faces import unpacked
from events_app.outputs.papers import TicketPaper, ticket_pdf

FILES = [
    path
    for package, names in ON_PAPER.items()
    for name in names
    if (path := (vendor_folder() or Path()) / package / name).is_file()
]
installed = pytest.mark.skipif(
    not FILES, reason="our face was not found: apt-get install nodejs npm, then make setup"
)


@installed
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_table_is_where_the_directory_says_with_its_checksum(path: Path) -> None:
    face = unpacked(path.read_bytes())
    (count,) = struct.unpack_from(">H", face, 4)
    tables = [struct.unpack_from(">4sIII", face, 12 + 16 * at) for at in range(count)]
    assert [tag for tag, *_ in tables] == sorted(tag for tag, *_ in tables)
    assert {b"glyf", b"cmap", b"name", b"head"} <= {tag for tag, *_ in tables}
    for tag, checksum, offset, length in tables:
        content = face[offset : offset + length]
        words = struct.unpack(f">{-(-length // 4)}I", content + b"\0" * (-length % 4))
        if tag == b"head":  # its third word is reckoned over the whole file
            words = (*words[:2], 0, *words[3:])
        assert sum(words) & 0xFFFFFFFF == checksum, tag


@installed
def test_a_ticket_is_set_in_our_face_also_in_the_letters_of_the_second_file() -> None:
    paper = TicketPaper(
        language="fr",
        event="Réunion d’Œuf",
        holder="Łukasz Ğülşen Đặng",
        code="CV1.x",
        qr_description="Billet",
        short_code="ABC",
        short_code_label="Code",
    )
    reader = PdfReader(BytesIO(ticket_pdf(paper)))
    text = reader.pages[0].extract_text()
    assert "Łukasz Ğülşen" in text
    fonts = {font["/BaseFont"] for font in reader.pages[0]["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert sum("AtkinsonHyperlegibleNext" in name for name in fonts) >= 2


@given(st.binary(max_size=200) | st.binary(max_size=80).map(lambda tail: b"wOFF" + tail))
def test_what_is_no_face_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever its words
        unpacked(content)


@installed
@given(st.integers(0, 44_000), st.integers(0, 255))
def test_a_damaged_face_is_read_or_refused(at: int, byte: int) -> None:
    content = bytearray(FILES[0].read_bytes())
    content[at % len(content)] = byte
    try:
        assert len(unpacked(bytes(content))) < 1_000_000
    except ValueError:
        pass
