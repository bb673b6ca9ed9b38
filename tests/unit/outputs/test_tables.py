"""CSV files as spreadsheets read them."""

import csv
import io
import tracemalloc
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.kernel.text import clean_block
from events_app.outputs.tables import Dialect, Table, csv_bytes, csv_chunks

FORMULA_STARTS = tuple("=+-@\t＝＋－＠")


def read(file: bytes, dialect: Dialect) -> list[list[str]]:
    text = file.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=dialect.value))


def test_a_french_spreadsheet_opens_it() -> None:
    table = Table(
        ["Nom", "Âge", "Note", "Présent", "Arrivée", "Jour", "Vide"],
        [
            [
                "Zoé; « Léo »",
                42,
                12.5,
                True,
                datetime(2018, 4, 10, 14, 2, 3, 999, tzinfo=UTC),
                date(2018, 4, 10),
                None,
            ]
        ],
    )
    assert (
        csv_bytes(table)
        == (
            "\ufeffNom;Âge;Note;Présent;Arrivée;Jour;Vide\r\n"
            '"Zoé; « Léo »";42;12,5;1;2018-04-10 14:02:03;2018-04-10;\r\n'
        ).encode()
    )
    assert (
        csv_bytes(table, Dialect.PLAIN)
        == (
            "Nom,Âge,Note,Présent,Arrivée,Jour,Vide\r\n"
            "Zoé; « Léo »,42,12.5,1,2018-04-10 14:02:03,2018-04-10,\r\n"
        ).encode()
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=cmd()", "'=cmd()"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+33+cmd|' /C calc'!A0", "'+33+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("＝1+1", "'＝1+1"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        ("  =1", "'=1"),
        ("-", "'-"),
        ("+33 6 12 34 56 78", "+33 6 12 34 56 78"),
        ("+33612345678", "+33612345678"),
        ("-12,5", "-12,5"),
        ("-3", "-3"),
        ("06 12 34 56 78", "06 12 34 56 78"),
        ("a=b", "a=b"),
        ("l1\r\nl2", "l1\nl2"),
    ],
)
def test_nothing_is_computed_and_numbers_stay(text: str, written: str) -> None:
    assert read(csv_bytes(Table([text], [[text]])), Dialect.FRENCH) == [[written], [written]]


@given(
    st.lists(st.lists(st.text(alphabet=st.characters()), min_size=2, max_size=2)), st.sampled_from(Dialect)
)
def test_any_text_stays_in_its_cell(rows: list[list[str]], dialect: Dialect) -> None:
    found = read(csv_bytes(Table(["a", "b"], rows), dialect), dialect)
    assert [[cell.removeprefix("'") for cell in row] for row in found[1:]] == [
        [clean_block(cell).removeprefix("'") for cell in row] for row in rows
    ]
    for cell in (cell for row in found for cell in row if cell.startswith(FORMULA_STARTS)):
        assert not any(character.isalpha() or character in "=()@|!*" for character in cell)


def test_a_long_table_is_written_in_pieces() -> None:
    def peak_bytes(count: int) -> int:
        rows = ([f"Nom {number}", number] for number in range(count))
        tracemalloc.start()
        written = sum(map(len, csv_chunks(Table(["Nom", "N"], rows))))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert written > 10 * count
        return peak

    peak_bytes(400)
    assert peak_bytes(20_000) < 2 * peak_bytes(400)
