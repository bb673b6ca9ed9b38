"""The communes of the territory."""

import pytest

from events_app.features.territory.communes import commune_by_insee, commune_by_name, communes, suggest


def test_there_are_150_with_their_people() -> None:
    assert len(communes()) == 150
    assert sum(commune.population for commune in communes()) == 642_834


@pytest.mark.parametrize("name", ["Lens", "lens", " LENS ", "léns"])
def test_a_name_is_found_however_it_is_typed(name: str) -> None:
    found = commune_by_name(name)
    assert found is not None
    assert found.insee == "62498"


def test_every_commune_is_found_by_its_name_and_by_its_code() -> None:
    for commune in communes():
        assert commune_by_name(commune.name) == commune
        assert commune_by_insee(commune.insee) == commune


@pytest.mark.parametrize(
    ("query", "first"),
    [("be", "Béthune"), ("henin", "Hénin-Beaumont"), ("62300", "Lens"), ("st venant", "Saint-Venant")],
)
def test_suggestions_begin_with_what_was_probably_meant(query: str, first: str) -> None:
    assert suggest(query)[0].name == first


@pytest.mark.parametrize("query", ["", " ", "%", "\x00", "Lille" * 1000])
def test_nothing_is_suggested_for_nothing(query: str) -> None:
    assert suggest(query) == []
