"""Passwords that a program tries first are refused; sentences are not."""

import pytest

from events_app.features.accounts.guessable import is_guessable

OWN = ("Odile Delattre", "odile.delattre@example.org", "Convive", "Pôle métropolitain de l’Artois")


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        " " * 12,
        "            a",
        "abababababab",
        "abcabcabcabc",
        "Lens!Lens!Lens!",
        "12345678901234",
        "098765432109876",
        "azertyuiopqsdf",
        "qwertyuiop1234",
        "poiuytrezaml",
        "1qaz2wsx3edc",
        "abcdefghijklm",
        "motdepasse2018",
        "Motdepasse123!",
        "M0tDeP4sse123!",
        "passwordpassword",
        "P@ssw0rd1234",
        "Convive-Lens-2026",
        "administrateur1",
        "odiledelattre1",
        "Odile.Delattre!",
        "odile.delattre@example.org",
        "Delattre1984!",
        "bienvenue2026",
        "azerty123456",
        "jetaimejetaime",
        "0000000000000000000000000000",
        "abcabcabcabcabcabcabcabcabcabc",
        "Artois-Artois-2026",
    ],
)
def test_refused(password: str) -> None:
    assert is_guessable(password, OWN)


@pytest.mark.parametrize(
    "password",
    [
        "tournesols au bord du canal",
        "Le chat dort sur le clavier",
        "vK7#qhT2mZx9",
        "soixante brouettes vertes",
        "correct horse battery staple",
        "mirabelle-trottinette",
        "Zébulon aime les pommes",
        "хорошая погода сегодня",
        "今天天气很好我们去公园散步吧",
        "zqkvbxnwpyfj",
    ],
)
def test_accepted(password: str) -> None:
    assert not is_guessable(password, OWN)
