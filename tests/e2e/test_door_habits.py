"""What door staff's hands and phones do: wrong clocks, reloads, odd scanners, a keyboard over the screen."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.doors import Afternoon, open_afternoon, open_door

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TWO_DAYS_AHEAD = """
  const ahead = 2 * 24 * 3600 * 1000, now = Date.now, Real = Date, origin = performance.timeOrigin;
  Date = class extends Real { constructor(...said) { said.length ? super(...said) : super(now() + ahead); } };
  Date.now = () => now() + ahead;
  Object.defineProperty(performance, "timeOrigin", { get: () => origin + ahead });
"""

TYPE = """([text, end]) => {
  for (const key of [...text, end])
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}"""


@pytest.fixture
def afternoon(tmp_path: Path) -> Iterator[Afternoon]:
    with open_afternoon(tmp_path) as made:
        yield made


def ready(page: Page) -> None:
    expect(page.locator("#count-registered")).to_have_text("2", timeout=15_000)


def test_the_first_scan_of_a_phone_with_a_wrong_clock_is_judged_at_the_right_time(
    browser: Browser, afternoon: Afternoon
) -> None:
    page = open_door(browser, afternoon)
    page.add_init_script(TWO_DAYS_AHEAD)
    page.reload()
    ready(page)
    page.get_by_label("Nom ou code", exact=True).fill(afternoon.short_code)
    page.keyboard.press("Enter")
    expect(page.locator("#last-word")).to_have_text("Bienvenue", timeout=10_000)
    expect(page.locator("#door-clock")).to_be_visible()


def test_an_exit_stays_an_exit_and_scanners_may_end_with_tab_or_say_what_they_read(
    browser: Browser, afternoon: Afternoon
) -> None:
    page = open_door(browser, afternoon)
    ready(page)
    page.evaluate(TYPE, ["]Q1" + afternoon.signed_code, "Tab"])
    expect(page.locator("#last-word")).to_have_text("Bienvenue", timeout=10_000)
    expect(page.locator("#verdict-places strong")).to_have_text("Salle B")
    expect(page.locator("#verdict")).to_be_hidden(timeout=5_000)
    page.get_by_text("Cette porte", exact=True).click()
    page.locator(".door-direction").get_by_text("Sorties").click()
    page.reload()
    ready(page)
    expect(page.locator("#door-gate-shown")).to_contain_text("Sortie")
    page.evaluate(TYPE, [afternoon.signed_code, "Enter"])
    expect(page.locator("#last-word")).to_have_text("Au revoir", timeout=10_000)
    expect(page.locator("#count-inside")).to_have_text("0", timeout=5_000)
    expect(page.locator("#verdict")).to_be_hidden(timeout=5_000)
    # A borrowed phone is given back: the door is closed to it.
    page.get_by_text("Cette porte", exact=True).click()
    page.get_by_role("button", name="Rendre ce téléphone").click()
    page.wait_for_url(re.compile(r"/$|/\?"))
    page.goto(f"{afternoon.base_url}/door/monkey-time")
    page.wait_for_url("**/sign-in?next=*")


def test_what_is_found_stands_above_the_keyboard(browser: Browser, afternoon: Afternoon) -> None:
    page = open_door(browser, afternoon)
    ready(page)
    page.set_viewport_size({"width": 390, "height": 470})
    page.get_by_label("Nom ou code", exact=True).click()
    page.keyboard.type("an")
    found = page.get_by_role("button", name=re.compile("Anne Dupont"))
    expect(found).to_be_visible()
    box = found.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 300
    found.click()
    expect(page.locator("#verdict-name")).to_have_text("Anne Dupont", timeout=10_000)
    expect(page.locator("#verdict")).to_be_hidden(timeout=5_000)
    camera = page.locator("#door-camera").bounding_box()
    assert camera is not None
    assert camera["height"] > 100


def test_a_read_is_felt_before_the_answer_and_the_last_verdict_does_not_stand(
    browser: Browser, afternoon: Afternoon
) -> None:
    page = open_door(browser, afternoon)
    ready(page)
    waiting: list[Route] = []
    page.route("**/scans", lambda route: waiting.append(route))  # noqa: PLW0108 (a method of C cannot be marked)
    with page.expect_request("**/scans"):  # it leaves some time after the screen has changed
        page.evaluate(TYPE, [afternoon.signed_code, "Enter"])
    expect(page.locator("#verdict")).to_have_attribute("data-outcome", "reading")
    expect(page.locator("#verdict-word")).to_have_text("Lu")
    while not waiting:
        page.wait_for_timeout(10)
    waiting[0].continue_()
    expect(page.locator("#verdict")).to_have_attribute("data-outcome", "admitted")
