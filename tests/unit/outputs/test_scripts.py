"""Which letters papers show: asked of the maker of the papers itself."""

import shutil
import subprocess

import pytest
from msgspec.structs import replace

from events_app.outputs.papers import RoomPaper, RoomSheet, room_pdf, ticket_pdf
from events_app.outputs.scripts import SCRIPTS, missing_scripts, packages_for, undrawn, unusual
from tests.unit.outputs.test_papers import TICKET, text_of

HOW_TO_GET_IT = "no Chinese font was found: apt-get install fonts-wqy-microhei (or fonts-noto-cjk)"
NOTE = "Certaines lettres manquent."
# Of no writing system that any font is likely to have: a private use.
NOBODYS = "\U0010fff0"


def has_chinese() -> bool:
    listed = shutil.which("fc-list") and subprocess.run(
        ["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=True
    )
    return bool(listed and listed.stdout.strip())


def test_latin_greek_and_cyrillic_need_no_font_of_the_system() -> None:
    assert undrawn("Zoé Łukasz Đặng Γιώργος Оксана’–…", system_fonts=False) == frozenset()


def test_letters_without_a_font_are_named_and_others_not() -> None:
    assert undrawn("张é伟Ł", system_fonts=False) == {"张", "伟"}
    assert undrawn(f"a{NOBODYS}") == {NOBODYS}
    assert undrawn("") == frozenset()


def test_more_letters_than_are_tried_one_by_one_are_all_named() -> None:
    many = {chr(0x4E00 + number) for number in range(90)}
    assert undrawn(many | {"é"}, system_fonts=False) >= many


def test_without_fonts_of_the_system_the_scripts_are_named_with_a_package_each() -> None:
    found = {script.name: script.package for script in missing_scripts(system_fonts=False)}
    assert found["Chinese"] == found["Korean"] == found["Japanese"] == "fonts-noto-cjk"
    assert found["Thai"] == "fonts-noto-core"
    assert "Greek" not in found


@pytest.mark.skipif(not has_chinese(), reason=HOW_TO_GET_IT)
def test_with_a_font_of_the_system_chinese_is_shown() -> None:
    assert undrawn("张伟さくら김") == frozenset()
    assert {script.name for script in missing_scripts()}.isdisjoint({"Chinese", "Japanese", "Korean"})
    paper = ticket_pdf(replace(TICKET, holder="张伟", undrawn_note=NOTE))
    assert "张伟" in text_of(paper)
    assert NOTE not in text_of(paper)


def test_a_paper_with_an_empty_box_says_so() -> None:
    said = text_of(ticket_pdf(replace(TICKET, holder=f"Nour {NOBODYS}", undrawn_note=NOTE)))
    assert NOTE in said
    sheet = RoomSheet(title=f"Nour {NOBODYS}", subtitle="", lines=())
    for kind in ("cards", "tables", "wall"):
        paper = RoomPaper(
            language="fr",
            kind=kind,
            event="E",
            title="T",
            when="",
            sheets=(sheet,),
            footer="F",
            undrawn_note=NOTE,
        )
        assert NOTE in text_of(room_pdf(paper))


def test_a_paper_that_shows_all_says_nothing_of_it() -> None:
    assert NOTE not in text_of(ticket_pdf(replace(TICKET, undrawn_note=NOTE)))


def test_the_package_goes_by_the_letters() -> None:
    assert packages_for("张さ김") == ("fonts-noto-cjk",)
    assert packages_for("ไ") == ("fonts-noto-core",)
    assert packages_for("🎉") == ("fonts-noto-color-emoji",)
    assert packages_for(NOBODYS) == ()


def test_usual_names_are_asked_nothing_about() -> None:
    assert unusual("Zoé d’Haëne-Łukasz") == set()
    assert unusual("张 Wei") == {"张"}
    assert all(unusual(script.sample) for script in SCRIPTS)
