"""Tickets on paper: read back from the PDF by other programs than the one that wrote it."""

import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image
from pypdf import PdfReader

from events_app.outputs.papers import Fact, TicketPaper, ticket_pdf

CODE = "C" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 3 + "ABCDEFGHIJKLMNOPQRSTUVWXY"
TICKET = TicketPaper(
    language="fr",
    event="Monkey Time : cinq ateliers",
    holder="Zoé d’Haëne-Lefebvre",
    code=CODE,
    qr_description="Code QR du billet",
    short_code="4F7-K2M-9QX",
    short_code_label="Code à dicter",
    facts=(
        Fact("Quand", "mardi 10 avril 2018, 14 h – 16 h"),
        Fact("Où", "Maison syndicale des mineurs\n32, rue Casimir-Beugnet, Lens"),
        Fact("Atelier", "Je veux reprendre confiance en moi"),
        Fact("Salle", "Salle B"),
    ),
    instructions="Présentez ce code à l’entrée.",
    bring_label="À apporter",
    bring=("De quoi écrire",),
    footer="Pôle Métropolitain de l’Artois",
)
ENGLISH = replace(
    TICKET, language="en", qr_description="QR code of the ticket", short_code_label="Spoken code"
)
NUMBER = r"(-?[\d.]+)"


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def drawn_symbol(pdf: bytes) -> tuple[Image.Image, float]:
    """The dark rectangles of the page's figure, one pixel a module, and a module in millimetres."""
    content = PdfReader(io.BytesIO(pdf)).pages[0].get_contents().get_data().decode("latin-1")
    figure = content[content.index("/Alt(") :].split("EMC")[0]
    points_per_module = float(re.search(rf"q {NUMBER} 0 0 -{NUMBER} ", figure)[1])
    image = Image.new("L", (45, 45), 255)
    for rectangle in re.findall(rf"{NUMBER} {NUMBER} m((?: {NUMBER} {NUMBER} l)+)\s+h", figure):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", " ".join(rectangle[:3]))]
        box = (min(numbers[0::2]), min(numbers[1::2]), max(numbers[0::2]), max(numbers[1::2]))
        if box[2] <= 45 and box[3] - box[1] == 1:
            image.paste(0, tuple(map(int, box)))
    return image.resize((450, 450), Image.Resampling.NEAREST), points_per_module * 25.4 / 72


@pytest.mark.parametrize("ticket", [TICKET, ENGLISH])
def test_a_ticket_says_everything(ticket: TicketPaper) -> None:
    lines = text_of(ticket_pdf(ticket)).split("\n")
    assert lines == [
        ticket.event,
        ticket.holder,
        ticket.short_code_label,
        "4F7-K2M-9QX",
        *(line for fact in ticket.facts for line in (fact.label, *fact.value.split("\n"))),
        "Présentez ce code à l’entrée.",
        "À apporter",
        "• De quoi écrire",
        "Pôle Métropolitain de l’Artois",
    ]


@pytest.mark.parametrize("ticket", [TICKET, ENGLISH])
def test_a_ticket_is_accessible(ticket: TicketPaper) -> None:
    root = PdfReader(io.BytesIO(ticket_pdf(ticket))).trailer["/Root"]
    assert root["/Lang"] == ticket.language
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert ticket.event in metadata
    assert "/StructTreeRoot" in root


def test_the_code_on_paper_is_large_and_read() -> None:
    image, module_mm = drawn_symbol(ticket_pdf(TICKET))
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [CODE]
    assert module_mm * 37 >= 38


def test_nothing_typed_is_markup() -> None:
    hostile = '#read("/etc/passwd") *x* $a$ @ref <label> \\ // [#panic()] `raw` "quotes" #{1+1}'
    text = text_of(
        ticket_pdf(replace(TICKET, holder=hostile, facts=(Fact(hostile, hostile),), bring=(hostile,)))
    )
    flat = re.sub(r"\s+", "", text)
    assert flat.count(re.sub(r"\s+", "", hostile)) == 4


@pytest.mark.parametrize("name", ["👩🏽‍🔬 Zoé", "貝圖訥", "\ufdd0", "a\x00b\ud800\r\nc"])
def test_a_name_that_no_font_shows_still_gets_a_ticket(name: str) -> None:
    pdf = ticket_pdf(replace(TICKET, holder=name))
    assert "4F7-K2M-9QX" in text_of(pdf)
    assert "/StructTreeRoot" in PdfReader(io.BytesIO(pdf)).trailer["/Root"]


@pytest.mark.parametrize("name", ["שלום עולם", "مرحبا بالعالم", "Łukasz Ștefan", "Ελένη", "Бетюн"])
def test_other_scripts_keep_the_standard(name: str) -> None:
    pdf = ticket_pdf(replace(TICKET, holder=name, event=name))
    assert "<pdfuaid:part>1" in PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Metadata"].get_data().decode()


def test_a_bare_ticket_and_a_crowded_one_are_made() -> None:
    bare = TicketPaper(
        language="en", event="E", holder="H", code="T" + "A" * 25, qr_description="QR", short_code="1",
        short_code_label="Code",
    )  # fmt: skip
    assert text_of(ticket_pdf(bare)).split() == ["E", "H", "Code", "1"]
    crowded = replace(TICKET, facts=(Fact("x" * 300, "y" * 3000),), bring=("z " * 500,) * 20)
    assert len(PdfReader(io.BytesIO(ticket_pdf(crowded))).pages) > 1


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=100), st.text(alphabet=st.characters(), max_size=100))
def test_any_text_makes_a_ticket(name: str, other: str) -> None:
    ticket = replace(
        TICKET, event=name, holder=other, facts=(Fact(name, other),), bring=(name,), footer=other
    )
    assert ticket_pdf(ticket).startswith(b"%PDF-")


def test_threads_make_the_same_tickets_as_one() -> None:
    tickets = [replace(TICKET, holder=f"Personne {number}") for number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(ticket_pdf, tickets))
    assert together == [ticket_pdf(ticket) for ticket in tickets]
