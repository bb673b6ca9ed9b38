"""The article of a body's name stands apart from the name."""

import pytest

from events_app.features.accounts.naming import split_article


@pytest.mark.parametrize(
    ("typed", "article", "name"),
    [
        ("le Pôle métropolitain de l’Artois", "le ", "Pôle métropolitain de l’Artois"),
        ("la  communauté de Lens", "la ", "Communauté de Lens"),
        ("les Francas", "les ", "Francas"),
        ("l'Agglomération", "l’", "Agglomération"),
        ("l’ Agglomération", "l’", "Agglomération"),
        ("La Ligue", "", "La Ligue"),
        ("Les Francas", "", "Les Francas"),
        ("Culture Commune", "", "Culture Commune"),
        ("lens-liévin", "", "lens-liévin"),
        ("le", "", ""),
        ("l’", "", ""),
        ("  ", "", ""),
    ],
)
def test_an_article_in_small_letters_stands_apart(typed: str, article: str, name: str) -> None:
    assert split_article(typed) == (article, name)
