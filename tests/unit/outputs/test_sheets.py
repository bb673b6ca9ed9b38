"""What people send in, as spreadsheets write it."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.features.events.sent_tables import read_table
from events_app.infra.processes import table_shop
from events_app.kernel.errors import InvalidInput
from events_app.outputs.sheets import MOST_COLUMNS, MOST_ROWS, as_csv, rows_of
from events_app.outputs.workbooks import workbook_bytes

LINES = [["email", "prénom"], ["nour@example.org", "Zoé"]]


@pytest.mark.parametrize(
    "content",
    [
        "email;prénom\r\nnour@example.org;Zoé\r\n".encode(),
        "\ufeffemail;prénom\r\nnour@example.org;Zoé\r\n".encode(),
        "email;prénom\r\nnour@example.org;Zoé\r\n".encode("cp1252"),
        "email\tprénom\nnour@example.org\tZoé".encode("utf-16"),
        'email,prénom\n"nour@example.org","Zoé"\n'.encode(),
        "\n\nemail\tprénom\n\n ;\nnour@example.org\tZoé\n".replace(" ;\n", "\t\n").encode(),
        workbook_bytes("Feuille", LINES[0], LINES[1:]),
    ],
    ids=["utf-8", "mark", "windows", "utf-16", "commas", "pasted", "xlsx"],
)
def test_every_usual_writing_is_read(content: bytes) -> None:
    assert rows_of(content) == LINES


def test_numbers_of_a_workbook_come_back_as_they_look() -> None:
    book = workbook_bytes("x", ["insee", "part"], [[62498, 0.5], ["01000", "3E5"]])

    assert rows_of(book)[1:] == [["62498", "0.5"], ["01000", "3E5"]]


def test_a_cell_with_a_line_break_stays_one_cell() -> None:
    assert rows_of(b'email;mot\nnour@example.org;"un\ndeux"\n')[1][1] == "un\ndeux"


def replaced(book: bytes, name: str, by: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(file, "w") as new:
        for each in old.namelist():
            new.writestr(each, by if each == name else old.read(each))
    return file.getvalue()


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 no archive at all",
        workbook_bytes("x", ["a"], [["b"]])[:200],
        b"\xd0\xcf\x11\xe0 an old one",
        b"email\n\x00\x01",
        ("a\n" * (MOST_ROWS + 1)).encode(),
        (";".join("a" * (MOST_COLUMNS + 1)) + "\n").encode(),
        bomb(),
    ],
    ids=["no archive", "cut", "old", "binary", "too long", "too wide", "bomb"],
)
def test_what_cannot_be_read_is_refused_kindly(content: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        rows_of(content)
    assert [error.pointer for error in refused.value.errors] == ["/file"]


async def test_a_small_spreadsheet_that_asks_for_all_memory_takes_nothing_down_with_it() -> None:
    """A cell far out; a number of a row that no computer counts to."""
    kind = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    for far in ("XFD1048576", "ZZZZZZ99999999999"):
        rows = f'<row><c r="A1"><v>1</v></c><c r="{far}"><v>1</v></c></row>'
        sheet = f'<worksheet xmlns="{kind}"><sheetData>{rows}</sheetData></worksheet>'
        content = replaced(workbook_bytes("x", ["a"], [["b"]]), "xl/worksheets/sheet1.xml", sheet)
        assert content.startswith(b"PK")
        with pytest.raises(InvalidInput) as refused:
            await read_table(content, 100)
        assert refused.value.errors[0].pointer == "/file"
    await table_shop.close()


@given(st.binary(max_size=400))
def test_no_bytes_end_in_another_error(content: bytes) -> None:
    with suppress(InvalidInput):
        assert all(any(row) for row in rows_of(content))


_CELL = st.text("abÉ;,\"'\n\t|=é ", max_size=6).map(str.strip)


@given(st.lists(st.lists(_CELL, min_size=2, max_size=3), min_size=1, max_size=4))
def test_rows_survive_the_way_through_a_form(rows: list[list[str]]) -> None:
    kept = [row for row in rows if any(row)]
    if kept and as_csv(kept).splitlines()[0].count(";") >= 1:
        first = next(line for line in as_csv(kept).splitlines() if line.strip())
        if all(first.count(";") >= first.count(other) for other in "\t,|"):
            assert rows_of(as_csv(kept).encode()) == kept
