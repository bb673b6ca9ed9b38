"""A foreign cookie never costs us ours."""

import pytest

from events_app.web.cookies import read_cookies

OURS = "convive_session=OURS"
FOREIGN = [
    'consent={"analytics":true,"ads":[1,2]}',
    "promo=Direct Traffic",
    "flag",
    "path=/",
    "villecms[lang]=fr",
    "prenom=Zoé",
    "prenom=ZoÃ©",
    "a@b=1",
    "=nameless",
    "=",
    "",
    'half="open',
    'json={"a":"x\\"y"}',
    "tab=\t\x01\x7f",
    "long=" + "x" * 8000,
    "equals=a=b==c",
    "expires=Thu, 01 Jan 1970 00:00:00 GMT",
    "comma=a,b; $Version=1; HttpOnly; Secure",
    "percent=%FF%zz%",
    'octal="\\999\\303"',
]


@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize("form", ["{foreign}; {ours}", "{ours}; {foreign}", "{foreign};{ours};{foreign}"])
def test_ours_is_read_beside_any_other(foreign: str, form: str) -> None:
    assert read_cookies([form.format(foreign=foreign, ours=OURS)])["convive_session"] == ("OURS",)


@pytest.mark.parametrize(
    "header", ['convive_session="OURS"', "  convive_session = OURS  ", ";; convive_session=OURS ;"]
)
def test_quotes_and_spaces_around_a_value_are_not_of_it(header: str) -> None:
    assert read_cookies([header]) == {"convive_session": ("OURS",)}


def test_all_values_of_one_name_are_kept_up_to_a_few() -> None:
    assert read_cookies(["a=1; a=2", "a=1; b=3"]) == {"a": ("1", "2"), "b": ("3",)}
    assert len(read_cookies([";".join(f"a={n}" for n in range(99))])["a"]) == 4


def test_a_name_without_a_value_is_nobody_s() -> None:
    assert read_cookies(["convive_session"]) == {}
    assert read_cookies(["convive_session="]) == {"convive_session": ("",)}
