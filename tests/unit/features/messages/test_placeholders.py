"""What stands between braces is replaced and nothing else is done."""

import pytest

from events_app.features.messages.placeholders import filled_html, filled_line, unknown

VALUES = {"given_name": "Léa", "name": "Léa <b>*Martin*</b> {link}", "link": "https://e.example/me/x"}


@pytest.mark.parametrize("written", ["{given_name}", "{{ given_name }}", "{prénom}", "{Prenom}"])
def test_a_name_is_replaced_in_both_languages_and_with_one_or_two_braces(written: str) -> None:
    assert filled_line(f"Bonjour {written},", VALUES) == "Bonjour Léa,"
    assert filled_html(f"Bonjour {written},", VALUES) == "<p>Bonjour Léa,</p>"


@pytest.mark.parametrize(
    "written",
    [
        "{{ 7*7 }}",
        "{given_name.__class__}",
        "{0}",
        "{}",
        "{{ config }}",
        "{given_name!r}",
        "{name:>100000000}",
    ],
)
def test_what_is_no_name_is_named_and_left_as_it_is(written: str) -> None:
    assert unknown(f"Bonjour {written}") == [written]
    assert filled_line(written, VALUES) == written


def test_a_loop_is_text() -> None:
    loop = "{% for x in range(10000000) %}a{% endfor %}"
    assert unknown(loop) == ["{% for x in range(10000000) %}", "{% endfor %}"]
    assert filled_line(loop, VALUES) == loop


def test_what_is_put_in_is_no_markup_and_no_placeholder() -> None:
    assert filled_html("**{name}**", VALUES) == (
        "<p><strong>Léa &lt;b&gt;*Martin*&lt;/b&gt; {link}</strong></p>"
    )
    assert filled_line("{name}", VALUES) == VALUES["name"]


def test_the_link_is_a_link_also_behind_words() -> None:
    address = VALUES["link"]
    shown = filled_html("Voir {link} ou [ma page]({link}).", VALUES)
    assert shown.count(f'href="{address}"') == 2
    assert ">ma page</a>" in shown


def test_scripts_of_organisers_are_text() -> None:
    assert "<script" not in filled_html("<script>alert(1)</script> {given_name}", VALUES)
