"""Text that comes from people: addresses above all."""

import pytest

from events_app.kernel.text import called, clean_email, email_problem

ACCEPTED = {
    "nom@épicerie.fr": "nom@xn--picerie-9xa.fr",
    "nom@ÉPICERIE.fr": "nom@xn--picerie-9xa.fr",
    "nom@xn--picerie-9xa.fr": "nom@xn--picerie-9xa.fr",
    "nom@straße.de": "nom@xn--strae-oqa.de",
    "nom@例え.jp": "nom@xn--r8jz45g.jp",
    "nom@épicerie。fr": "nom@xn--picerie-9xa.fr",
    "nom@example.org\u200b": "nom@example.org",
    "\u202anom@example.org\u202c": "nom@example.org",
    "\ufeffnom@example.org": "nom@example.org",
    "no\u00adm@exam\u200dple.org": "nom@example.org",
    "\u00a0nom@example.org\u202f": "nom@example.org",
    "\u2066nom@example.org\u2069": "nom@example.org",
    "\u200enom@example.org": "nom@example.org",
    "nom\uff20example.org": "nom@example.org",
    "Nom@EXAMPLE.ORG": "Nom@example.org",
    "mailto:nom@example.org": "nom@example.org",
    "Léa Martin <nom@example.org>": "nom@example.org",
    "<nom@example.org>": "nom@example.org",
    "nom@example.org.": "nom@example.org",
    "nom+forum@example.org": "nom+forum@example.org",
}
REFUSED = (
    "",
    "nom",
    "nom@",
    "@example.org",
    "a@b@example.org",
    "a@example.org, b@example.org",
    "a@example.org b@example.org",
    "a <a@example.org> <b@example.org>",
    "a@-example.org",
    "a@exam ple.org",
    "a\n@example.org",
    "a..b@example.org",
    "a@" + "é" * 300 + ".fr",
    "é" * 65 + "@",
    "a@\u0301.fr",
)


@pytest.mark.parametrize("typed", ACCEPTED)
def test_an_address_as_people_type_and_copy_it(typed: str) -> None:
    assert clean_email(typed) == ACCEPTED[typed]


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_not_one_address(typed: str) -> None:
    assert clean_email(typed) is None
    assert email_problem(typed).startswith("This is not one e-mail address.")


@pytest.mark.parametrize("typed", ["zoé@example.org", "иван@пример.рф", "用户@例え.jp"])
def test_letters_that_mail_servers_do_not_carry_are_refused_with_the_reason(typed: str) -> None:
    assert clean_email(typed) is None
    assert "few mail servers carry that yet" in email_problem(typed)


@pytest.mark.parametrize(
    ("given", "family", "said"),
    [
        ("camille", "ÉVRARD-Dupont", "Camille"),
        ("JEAN-PIERRE", "", "Jean-Pierre"),
        ("anne marie", "", "Anne Marie"),
        ("McKenna", "", "McKenna"),
        ("", "SUKARNO", "Sukarno"),
        ("伟", "王", "伟"),
    ],
)
def test_a_letter_begins_with_a_name_in_its_capitals(given: str, family: str, said: str) -> None:
    assert called(given, family) == said
