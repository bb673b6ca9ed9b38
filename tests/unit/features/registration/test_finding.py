"""By what is typed, the person is found."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.features.registration.finding import WORD_MOST, asked_together, asked_words, words_of
from events_app.kernel.text import fold


def finds(typed: str, given_name: str, family: str, organisation: str = "", email: str = "") -> bool:
    words = words_of(given_name, family, organisation, email, "7KX3PQ2M4")
    asked = asked_words(typed)
    together = asked_together(asked)
    return bool(asked) and (
        all(f" {word}" in words for word in asked) or (together is not None and f" {together}" in words)
    )


@pytest.mark.parametrize(
    ("typed", "given_name", "family"),
    [
        ("lukasz", "Łukasz", "Łęcki"),
        ("lecki", "Łukasz", "Łęcki"),
        ("orsted", "Søren", "Ørsted"),
        ("oersted", "Søren", "Ørsted"),
        ("dukic", "Đorđe", "Đukić"),
        ("djukic", "Đorđe", "Đukić"),
        ("yildiz", "Ayşe", "Yıldız"),
        ("inonu", "İsmet", "İnönü"),
        ("aesa", "Æsa", "Þórsdóttir"),
        ("thorsdottir", "Æsa", "Þórsdóttir"),
        ("sigurdsson", "Jón", "Sigurðsson"),
        ("doeuf", "Hélène", "Dœuf"),
        ("weiss", "Jörg", "Weiß"),
        ("mueller", "Jörg", "Müller"),
        ("muller", "Jörg", "Müller"),
        ("borg", "Ġużè", "Borġ"),
        ("hamrun", "Marija", "Ħamrun"),
        ("njoya", "Ŋjoya", ""),
        ("nguyen", "Đặng", "Nguyễn"),
        ("dang", "Đặng", "Nguyễn"),
        ("obrien", "Zoé", "O'Brien"),
        ("o'brien", "Zoé", "O’Brien"),
        ("o brien", "Zoé", "OʼBrien"),
        ("o＇brien", "Zoé", "O`Brien"),
        ("jeanluc", "Jean-Luc", "Le Goff"),
        ("jean luc", "Jean‑Luc", "Le Goff"),
        ("jean-luc legoff", "Jean Luc", "Le Goff"),
        ("legoff", "Jean-Luc", "Le Goff"),
        ("le goff", "Jean-Luc", "LeGoff"),
        ("goff", "Jean-Luc", "Le Goff"),
        ("legoffjeanluc", "Jean-Luc", "Le Goff"),
        ("dartois", "François", "d’Artois"),
        ("d'artois", "François", "d’Artois"),
        ("artois", "François", "d’Artois"),
        ("王", "小明", "王"),
        ("王小明", "小明", "王"),
        ("明", "小明", "王"),
        ("민수", "", "김민수"),
        ("김", "민수", "김"),
        ("た", "たろう", "山田"),
        ("กิ", "กิตติ", "ศรี"),
        ("محمد", "مُحَمَّد", "عليّ"),
        ("παπαδοπουλος", "Γιώργος", "Παπαδόπουλος"),
        ("семенов", "Артём", "Семёнов"),
        ("7kx3", "Anne", "Dupont"),
        ("7KX3-PQ2M4", "Anne", "Dupont"),
    ],
)
def test_found(typed: str, given_name: str, family: str) -> None:
    assert finds(typed, given_name, family)


@pytest.mark.parametrize("typed", ["d", "l'", "%", "\0", "", "  ", "ł", "é"])
def test_one_letter_of_an_alphabet_looks_for_nobody(typed: str) -> None:
    assert asked_words(typed) == []


@pytest.mark.parametrize(
    "typed",
    ["nadia.dupont@mission", "@mission-locale.fr", "mission", "NADIA.DUPONT@MISSION-LOCALE.FR", "locale.fr"],
)
def test_found_by_the_address(typed: str) -> None:
    assert finds(typed, "A", "B", email="nadia.dupont@mission-locale.fr")
    assert not finds(typed, "A", "B", email="nadia.dupond@misson-locale.org")


def test_found_by_any_word_of_the_organisation() -> None:
    for typed in ("mission", "locale artois", "lartois", "missionlocale"):
        assert finds(typed, "Anne", "Dupont", organisation="Mission locale de l’Artois")


names = st.text(st.sampled_from("éÉł' -’øabcdefghçñ王明" + string.ascii_letters), min_size=1, max_size=40)


@given(names, names)
def test_whatever_stands_in_a_name_finds_it(given_name: str, family: str) -> None:
    for typed in (given_name, family, f"{given_name} {family}", f"{family} {given_name}"):
        if asked_words(typed):
            assert finds(typed[:100], given_name, family)


@given(names, names)
def test_words_are_short_and_can_stand_in_json(given_name: str, family: str) -> None:
    words = words_of(given_name, family, 'a "b" \\c', "x@y.fr", "").split()
    assert all(len(word) <= WORD_MOST and not set(word) & set('"\\ ') for word in words)
    assert len(words) == len(set(words))


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
