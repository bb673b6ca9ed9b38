"""The door without a network: it opens, decides, keeps, sends by itself, and tells what needs a look."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as PlaywrightError

from tests.e2e.conftest import Browsers, kill_browser
from tests.e2e.doors import TYPE_LIKE_A_SCANNER, Afternoon, enrolled, open_afternoon, open_door

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PEOPLE = ["Zoé Wattrelos", "Bo Li", "Karim Haddad"]

OPENED = """(name) => new Promise((good) =>
  (indexedDB.open(name).onsuccess = (event) => good(event.target.result)))"""

ALL_THAT_IS_KEPT = (
    f"""async () => {{
  const opened = {OPENED};"""
    + """
  const said = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
  for (const { name } of await indexedDB.databases()) {
    const db = await opened(name);
    for (const store of db.objectStoreNames) {
      const all = db.transaction(store).objectStore(store).getAll();
      said.push(JSON.stringify(await new Promise((good) => (all.onsuccess = () => good(all.result)))));
    }
    db.close();
  }
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) {
      const response = await caches.match(request);
      const type = response.headers.get("content-type");
      if (/html|json/.test(type)) said.push(await response.text());
    }
  return said.join("\\n");
}"""
)


@pytest.fixture
def afternoon(tmp_path: Path) -> Iterator[Afternoon]:
    with open_afternoon(tmp_path, PEOPLE) as made:
        yield made


def prepared(page: Page) -> Page:
    """The list is here, the page is kept."""
    expect(page.locator("#door")).to_have_attribute("data-ready", "yes", timeout=20_000)
    expect(page.locator("#door")).to_have_attribute("data-kept", "yes", timeout=20_000)
    page.wait_for_function(
        f"""async () => {{
          const opened = {OPENED};"""
        + """
          const [{ name }] = await indexedDB.databases();
          const db = await opened(name);
          const count = db.transaction("names").objectStore("names").count();
          const named = await new Promise((good) => (count.onsuccess = () => good(count.result)));
          db.close();
          return named > 0;
        }"""
    )
    return page


def scan(page: Page, code: str, outcome: str, name: str = "") -> None:
    page.evaluate(TYPE_LIKE_A_SCANNER, code)
    expect(page.locator("#verdict")).to_have_attribute("data-outcome", outcome, timeout=10_000)
    if name:
        expect(page.locator("#verdict-name")).to_have_text(name)


def test_a_door_without_network_decides_survives_a_reload_and_sends_by_itself(
    browser: Browser, afternoon: Afternoon
) -> None:
    page = prepared(open_door(browser, afternoon))
    page.context.set_offline(True)
    scan(page, afternoon.signed_code, "admitted", "Anne Dupont")
    expect(page.locator("#verdict-places strong")).to_have_text("Salle B")
    for code, name in zip(afternoon.more_codes, PEOPLE, strict=True):
        scan(page, code, "admitted", name)
    expect(page.locator("#door-sync-words")).to_contain_text("4 à envoyer")
    page.reload()
    expect(page.locator("#door-sync-words")).to_contain_text("4 à envoyer", timeout=15_000)
    expect(page.locator("#door")).to_have_attribute("data-ready", "yes")
    scan(page, afternoon.signed_code, "already_admitted", "Anne Dupont")
    expect(page.locator("#verdict-detail")).to_contain_text("Porte A")
    scan(page, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "refused")
    kept = page.evaluate(ALL_THAT_IS_KEPT)
    assert "ticket_code" in kept
    for name in ["Anne Dupont", "Émile Œuvrard", *PEOPLE]:
        assert not any(part in kept for part in name.split() if len(part) > 2), name
    page.close()
    page = browser.contexts[0].new_page()
    page.goto(f"{afternoon.base_url}/door/monkey-time")
    expect(page.locator("#door-sync-words")).to_contain_text("6 à envoyer", timeout=15_000)
    page.context.set_offline(False)
    expect(page.locator("#door-sync-words")).to_contain_text("Tout est envoyé", timeout=20_000)
    expect(page.locator("#count-inside")).to_have_text("4", timeout=10_000)
    expect(page.locator("#verdict")).to_be_hidden()
    expect(page.locator("#door-check")).to_be_hidden()
    assert "ticket_code" not in page.evaluate(ALL_THAT_IS_KEPT)


def test_a_phone_whose_battery_dies_opens_again_without_the_server_and_has_every_scan(
    browsers: Browsers, afternoon: Afternoon, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    with suppress(PlaywrightError), browsers.of_somebody(profile) as context:
        page = prepared(enrolled(context, afternoon))
        afternoon.server.kill()
        scan(page, afternoon.signed_code, "admitted", "Anne Dupont")
        scan(page, afternoon.more_codes[0], "admitted", PEOPLE[0])
        kill_browser(profile)
    with browsers.of_somebody(profile) as context:
        page = context.new_page()
        page.goto(f"{afternoon.base_url}/door/monkey-time")
        expect(page.locator("#door-sync-words")).to_contain_text("2 à envoyer", timeout=15_000)
        expect(page.locator("#door")).to_have_attribute("data-ready", "yes")
        scan(page, afternoon.signed_code, "already_admitted", "Anne Dupont")


def test_who_has_not_registered_comes_in_without_network_and_leaves_no_name_on_the_phone(
    browser: Browser, afternoon: Afternoon
) -> None:
    page = prepared(open_door(browser, afternoon))
    page.context.set_offline(True)
    page.get_by_text("Arrivé sans inscription").click()
    page.get_by_label("Prénom").fill("Nadia")
    page.get_by_label("Nom", exact=True).fill("Cherifova")
    page.get_by_label("Nombre de personnes, celle-ci comprise").fill("3")
    page.get_by_role("button", name="Inscrire et faire entrer").click()
    expect(page.locator("#verdict")).to_have_attribute("data-outcome", "admitted", timeout=10_000)
    expect(page.locator("#verdict-name")).to_have_text("Nadia Cherifova")
    expect(page.locator("#door-sync-words")).to_contain_text("1 à envoyer")
    expect(page.locator("#count-inside")).to_have_text("3")
    kept = page.evaluate(ALL_THAT_IS_KEPT)
    assert "letter" in kept
    assert "Cherifova" not in kept
    page.reload()
    expect(page.locator("#door-sync-words")).to_contain_text("1 à envoyer", timeout=15_000)
    page.context.set_offline(False)
    expect(page.locator("#door-sync-words")).to_contain_text("Tout est envoyé", timeout=20_000)
    expect(page.locator("#count-inside")).to_have_text("3", timeout=10_000)
    page.get_by_label("Nom ou code", exact=True).fill("cherifova")
    expect(page.locator("#door-found li")).to_have_count(3, timeout=10_000)


def test_one_ticket_lets_in_its_group_online_and_offline(
    browser: Browser, afternoon: Afternoon, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "door.db") as base:
        lead = "(SELECT id FROM registration WHERE given_name = 'Zoé')"
        base.execute(f"UPDATE registration SET group_id = {lead} WHERE given_name IN ('Bo', 'Karim')")
    page = prepared(open_door(browser, afternoon))
    count = page.locator("#verdict-group-count")
    scan(page, afternoon.more_codes[0], "admitted", "Zoé Wattrelos")
    expect(count).to_have_text("De ce groupe, 1 sur 3 à l’intérieur")
    page.get_by_role("button", name="Une personne de plus").click()
    expect(count).to_have_text("De ce groupe, 2 sur 3 à l’intérieur")
    expect(page.locator("#count-inside")).to_have_text("2", timeout=10_000)
    page.reload()
    prepared(page)
    page.context.set_offline(True)
    scan(page, afternoon.more_codes[0], "already_admitted", "Zoé Wattrelos")
    page.get_by_role("button", name="Faire entrer l’autre personne").click()
    expect(count).to_have_text("De ce groupe, 3 sur 3 à l’intérieur")
    page.context.set_offline(False)
    expect(page.locator("#door-sync-words")).to_contain_text("Tout est envoyé", timeout=20_000)
    expect(page.locator("#count-inside")).to_have_text("3", timeout=10_000)


def test_both_doors_are_told_of_one_ticket_until_somebody_has_seen_it(
    browser: Browser, afternoon: Afternoon
) -> None:
    doors = [
        prepared(open_door(browser, afternoon, link))
        for link in (afternoon.enrolment, afternoon.second_enrolment)
    ]
    for page in doors:
        page.context.set_offline(True)
    for page in doors:
        scan(page, afternoon.more_codes[0], "admitted", PEOPLE[0])
    for page in doors:
        page.context.set_offline(False)
    for page in doors:
        expect(page.locator("#door-sync-words")).to_contain_text("Tout est envoyé", timeout=20_000)
    doors[0].reload()  # asks for news at once
    for page in doors:
        expect(page.locator("#door-check-count")).to_have_text("1 à vérifier", timeout=25_000)
        page.locator("#door-check summary").click()
        expect(page.locator("#door-check-list")).to_contain_text(PEOPLE[0])
        expect(page.locator("#door-check-list")).to_contain_text("deux portes")
    page = doors[0]
    page.reload()
    expect(page.locator("#door-check-count")).to_have_text("1 à vérifier", timeout=15_000)
    page.locator("#door-check summary").click()
    page.get_by_role("button", name="Vu", exact=True).click()
    expect(page.locator("#door-check")).to_be_hidden()
    page.reload()
    expect(page.locator("#door-sync-words")).to_contain_text("dernier échange", timeout=15_000)
    expect(page.locator("#door-check")).to_be_hidden()


def test_a_phone_that_keeps_nothing_says_so_and_shows_no_green(
    browser: Browser, afternoon: Afternoon
) -> None:
    page = open_door(browser, afternoon)
    page.add_init_script("indexedDB.open = () => { throw new DOMException('refused', 'SecurityError'); };")
    page.reload()
    expect(page.locator("#door-storage")).to_be_visible(timeout=15_000)
    scan(page, afternoon.signed_code, "refused")
    expect(page.locator("#verdict-detail")).to_contain_text(re.compile("n’a pas pu garder"))


def test_a_disk_that_fills_up_during_the_day_shows_no_green(browser: Browser, afternoon: Afternoon) -> None:
    page = prepared(open_door(browser, afternoon))
    page.context.set_offline(True)
    scan(page, afternoon.signed_code, "admitted")
    page.evaluate("""() => {
      IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
    }""")
    scan(page, afternoon.more_codes[0], "refused")
    expect(page.locator("#door-storage")).to_be_visible()
