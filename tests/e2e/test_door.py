"""The door page in a real browser: a film of a ticket before the camera, a scanner that types, a search."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Browsers
from tests.e2e.doors import TYPE_LIKE_A_SCANNER, Afternoon, open_afternoon, open_door
from tests.e2e.fake_camera import write_film

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def afternoon(tmp_path: Path) -> Iterator[Afternoon]:
    with open_afternoon(tmp_path) as made:
        yield made


def test_the_camera_admits_once_and_the_counters_move(
    browsers: Browsers, afternoon: Afternoon, tmp_path: Path
) -> None:
    film = write_film(tmp_path / "film.y4m", [("", 3), (afternoon.signed_code, 2), ("", 2)])
    with browsers.start(film) as browser:
        page = open_door(browser, afternoon)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        verdict = page.locator("#verdict")
        expect(verdict).to_have_attribute("data-outcome", "admitted", timeout=30_000)
        expect(page.locator("#verdict-name")).to_have_text("Anne Dupont")
        expect(page.locator("#verdict-places")).to_have_text("Je veux mieux communiquerSalle B")
        expect(verdict).to_be_hidden(timeout=4_000)
        expect(page.locator("#count-inside")).to_have_text("1", timeout=5_000)
        # The film begins again: the same ticket a second time.
        expect(verdict).to_have_attribute("data-outcome", "already_admitted", timeout=30_000)
        expect(page.locator("#verdict-detail")).to_contain_text("Porte A")
        expect(page.locator("#count-present")).to_have_text("1")
        assert errors == []


def test_a_typing_scanner_a_search_and_an_undo(
    browser: Browser, afternoon: Afternoon, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "door.db") as base:
        base.execute("UPDATE event SET capacity = 2")
    page = open_door(browser, afternoon)
    verdict = page.locator("#verdict")
    expect(page.locator("#count-registered")).to_have_text("2", timeout=10_000)
    page.evaluate(TYPE_LIKE_A_SCANNER, afternoon.signed_code)
    expect(page.locator("#verdict-name")).to_have_text("Anne Dupont", timeout=10_000)
    expect(verdict).to_be_hidden(timeout=5_000)
    page.get_by_label("Nom ou code", exact=True).fill("oeuv")
    page.get_by_role("button", name=re.compile("Émile Œuvrard")).click()
    expect(page.locator("#verdict-name")).to_have_text("Émile Œuvrard", timeout=10_000)
    expect(verdict).to_be_hidden(timeout=5_000)
    page.get_by_role("button", name="Annuler").click()
    expect(page.locator("#last-word")).to_have_text("Annulé", timeout=10_000)
    expect(page.locator("#count-inside")).to_have_text("1", timeout=5_000)
    page.get_by_label("Nom ou code", exact=True).fill(afternoon.short_code.lower())
    page.keyboard.press("Enter")
    expect(page.locator("#last-name")).to_have_text("Émile Œuvrard", timeout=10_000)
    expect(page.locator("#door-last")).to_have_attribute("data-outcome", "admitted")
    expect(page.locator("#door-limit")).to_have_text(
        "Complet : 2 à l’intérieur pour 2 places. Appelez un responsable.", timeout=10_000
    )


def test_a_kiosk_says_hello_by_first_name_and_is_free_for_the_next(
    browser: Browser, afternoon: Afternoon
) -> None:
    page = browser.new_context(viewport={"width": 820, "height": 1180}, locale="fr-FR").new_page()
    page.goto(f"{afternoon.base_url}/door/enrol/{afternoon.kiosk}")
    page.get_by_role("button", name="Commencer").click()
    page.wait_for_url("**/kiosk/monkey-time")
    answer = page.locator("#kiosk-answer")
    page.get_by_label("Ou saisissez les neuf caractères écrits sous le code").fill(afternoon.short_code)
    page.keyboard.press("Enter")
    expect(page.locator("#kiosk-word")).to_have_text("Bienvenue, Émile", timeout=10_000)
    expect(page.get_by_role("link", name="Imprimer mon badge")).to_be_visible()
    page.get_by_role("button", name="Terminé").click()
    expect(answer).to_be_hidden()
    page.evaluate(TYPE_LIKE_A_SCANNER, afternoon.signed_code)
    expect(page.locator("#kiosk-word")).to_have_text("Bienvenue, Anne", timeout=10_000)
    expect(page.locator("#kiosk-places")).to_contain_text("Salle B")
    expect(answer).to_be_hidden(timeout=12_000)
