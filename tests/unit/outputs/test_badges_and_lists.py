"""Badges and lists on paper, read back by another program than the one that wrote them."""

import io

import pytest
from pypdf import PdfReader

from events_app.outputs.badges import SIZES, Badge, BadgePaper, BadgeSize, badges_pdf
from events_app.outputs.lists import ListColumn, ListPaper, ListSheet, list_pdf

CODE = "C" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 3 + "ABCDEFGHIJKLMNOPQRSTUVWXY"
ZOE = Badge(
    "Zoé",
    "d’Haëne-Lefebvre",
    "Ville de Lens",
    "Étudiant",
    "#1d5d86",
    ("Oser",),
    CODE,
    "4F7-K2M-9QX",
)
LONG = Badge("Abdoulaye Mohamed Lamine " * 4, "W" * 120, "C" * 200, "", "#211d1b", ("T" * 99,) * 9, CODE, "X")


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize(("size", "on_a_page"), [("a6", 4), ("card", 10), ("label", 10)])
def test_badges_say_who_and_fill_the_sheet(size: BadgeSize, on_a_page: int) -> None:
    paper = BadgePaper(
        language="fr",
        size=size,
        event="#strong[Monkey] Time",
        title="Badges",
        qr_description="Code du billet",
        badges=(ZOE,) * (on_a_page + 1),
    )
    pdf = badges_pdf(paper)
    first, second = pages_of(pdf)
    assert first.count("d’Haëne-Lefebvre") == on_a_page
    for said in ("#strong[Monkey] Time", "Zoé", "Ville de Lens", "Étudiant", "Oser", "4F7-K2M-9QX"):
        assert said in second
    assert PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize("size", SIZES)
def test_a_long_name_moves_nobody_else(size: BadgeSize) -> None:
    paper = BadgePaper(
        language="fr", size=size, event="E" * 200, title="Badges", qr_description="Q", badges=(LONG, ZOE)
    )
    (only,) = pages_of(badges_pdf(paper))
    assert "Zoé" in only


def test_a_list_repeats_its_head_and_ticks_stand_before_names() -> None:
    rows = tuple(("", f"NOM {number}", "Ville de Lens", "4F7-K2M-9QX") for number in range(80))
    columns = (
        ListColumn("Venu", "box"),
        ListColumn("Nom", "wide"),
        ListColumn("Structure"),
        ListColumn("Code"),
    )
    paper = ListPaper(
        language="fr",
        event="Monkey Time",
        title="Liste",
        columns=columns,
        sheets=(ListSheet("Liste de la porte", "10 avril", rows), ListSheet("Vide", "", ())),
    )
    pages = pages_of(list_pdf(paper))
    assert "Structure" in pages[1]
    assert "NOM 79" in "\n".join(pages)
    assert "Vide" in pages[-1]
