"""The door page in a real browser: a film of a ticket before the camera, a scanner that types, a search."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from events_app.features.admission import devices
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.workshops.tables import Place
from events_app.infra import database as db
from events_app.infra.settings import load_settings
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.clock import SystemClock
from events_app.kernel.ids import SystemEntropy
from tests.e2e.conftest import Browsers
from tests.e2e.fake_camera import write_film
from tests.integration.features.admission.rows import make_event, make_registrations, make_session
from tests.servers import free_port, running_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# A busy machine would stretch the pauses between keys that come through the driver.
TYPE_LIKE_A_SCANNER = """text => {
  for (const key of [...text, "Enter"])
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}"""

SECRET = "a secret key that only tests use, long enough"


class Afternoon:
    """A running server with one event whose doors are open, and a link for a phone."""

    base_url: str
    enrolment: str
    signed_code: str
    short_code: str


@pytest.fixture
def afternoon(tmp_path: Path) -> Iterator[Afternoon]:
    url = f"sqlite:///{tmp_path / 'door.db'}"
    with ThreadPoolExecutor(max_workers=1) as thread:  # Playwright keeps a loop running in this one
        made = thread.submit(asyncio.run, _fill(url, tmp_path)).result()
    env = {"CONVIVE_DATABASE_URL": url, "CONVIVE_SECRET_KEY": SECRET, "CONVIVE_WORKER_IN_PROCESS": "0"}
    with running_server(env, free_port()) as server:
        made.base_url = server.base_url
        yield made


async def _fill(url: str, folder: Path) -> Afternoon:
    settings = load_settings({"CONVIVE_DATA_DIR": str(folder), "CONVIVE_SECRET_KEY": SECRET})
    world = World(settings=settings, clock=SystemClock(), entropy=SystemEntropy())
    db.use_engine(db.make_engine(url))
    await db.open_database()
    try:
        await db.migrate()
        event = await make_event(world)
        room = await make_session(
            world, event, "a4", title="Je veux mieux communiquer", room="Salle B", slot="ateliers"
        )
        first, second = await make_registrations(world, event, ["Anne Dupont", "Émile Œuvrard"])
        place = Place(
            id=world.new_id(),
            registration=first.id,
            session=room.id,
            slot="ateliers",
            source="run",
            assigned_at=world.now(),
        )
        await place.save()
        made = Afternoon()
        made.enrolment = (await devices.offer_enrolment(world, SYSTEM, event, "Porte A", ""))[1]
        made.signed_code = await ticket_code_of(world, event, first)
        made.short_code = second.short_code
        return made
    finally:
        await db.close_database()


def open_door(browser: Browser, afternoon: Afternoon) -> Page:
    """As a borrowed phone does: the link, its button, the door."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{afternoon.base_url}/door/enrol/{afternoon.enrolment}")
    page.get_by_role("button", name="Commencer").click()
    page.wait_for_url("**/door/monkey-time")
    return page


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
        expect(page.locator("#verdict-places")).to_have_text("Je veux mieux communiquer, Salle B")
        expect(verdict).to_be_hidden(timeout=4_000)
        expect(page.locator("#count-inside")).to_have_text("1", timeout=5_000)
        # The film begins again: the same ticket a second time.
        expect(verdict).to_have_attribute("data-outcome", "already_admitted", timeout=30_000)
        expect(page.locator("#verdict-detail")).to_contain_text("Porte A")
        expect(page.locator("#count-present")).to_have_text("1")
        assert errors == []


def test_a_typing_scanner_a_search_and_an_undo(browser: Browser, afternoon: Afternoon) -> None:
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


def test_without_a_network_the_scan_is_sent_again(browser: Browser, afternoon: Afternoon) -> None:
    page = open_door(browser, afternoon)
    expect(page.locator("#count-registered")).to_have_text("2", timeout=10_000)  # the page's code runs
    page.context.set_offline(True)
    page.get_by_label("Nom ou code", exact=True).fill(afternoon.short_code)
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_have_attribute("data-outcome", "waiting", timeout=10_000)
    expect(page.locator("#door-offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#verdict-name")).to_have_text("Émile Œuvrard", timeout=15_000)
    expect(page.locator("#door-offline")).to_be_hidden()
