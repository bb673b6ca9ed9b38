"""A ticket in a cellar: it opens without a network, and says what is new once there is one."""

from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from tests.e2e.conftest import Browsers
from tests.e2e.doors import open_afternoon

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SOON = 40_000  # usually at once; a page without an answer asks again after a quarter of a minute


def test_a_ticket_opens_without_a_network_and_tells_what_changed_once_there_is_one(
    browsers: Browsers, tmp_path: Path
) -> None:
    with open_afternoon(tmp_path) as afternoon, browsers.start() as browser:
        context = browser.new_context(base_url=afternoon.base_url, locale="fr-FR")
        page = context.new_page()
        page.goto(afternoon.personal_path)
        page.get_by_role("link", name="Afficher le billet").click()
        expect(page.get_by_text("Cette page s’ouvre aussi sans réseau")).to_be_visible(timeout=SOON)
        expect(page.get_by_text("Sans réseau : billet")).to_be_hidden()
        ticket = page.url
        page.go_back()
        page.wait_for_function("async () => await caches.match(location.pathname) !== undefined")
        context.set_offline(True)
        for address in (ticket, afternoon.personal_path):
            page.goto(address)
            expect(page.get_by_role("heading", name="Anne Dupont")).to_be_visible()
            expect(page.get_by_text("Sans réseau : billet")).to_be_visible()
            expect(page.locator(".ticket-code > svg")).to_be_visible()
        page.get_by_role("button", name="Le code seul").click()
        expect(page.get_by_role("dialog").locator("svg")).to_be_visible()
        page.keyboard.press("Escape")
        context.set_offline(False)
        with suppress(PlaywrightError):  # the emulation may leave the event out, or the page be gone by it
            page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.get_by_role("heading", name="Gérer mon inscription")).to_be_visible(timeout=SOON)
        page.goto(f"{afternoon.personal_path}/withdraw")
        page.get_by_role("main").get_by_role("button").click()
        page.wait_for_url(f"**{afternoon.personal_path}")
        page.goto(ticket)
        expect(page.get_by_text("Cette inscription a été annulée")).to_be_visible(timeout=SOON)
        context.set_offline(True)
        page.goto(ticket)
        expect(page.get_by_text("Cette inscription a été annulée")).to_be_visible()
