"""The registration form in a browser: wishes by keyboard, conditions, and the whole of it without scripts."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from events_app.features.events.model import Question, ShownWhen
from events_app.infra import database as db
from events_app.infra.world import World
from tests import databases
from tests.factories import make_event, make_workshops
from tests.servers import RunningServer, running_server
from tests.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECRET = {"CONVIVE_SECRET_KEY": "a secret key that only tests use, long enough"}


async def prepare(url: str, world: World) -> None:
    db.use_engine(db.make_engine(url))
    await db.open_database()
    starts_at = datetime.now(UTC) + timedelta(days=10)
    event = await make_event(
        world,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        preferences_count=3,
        max_companions=2,
        questions=[
            Question("job", "In work?", "yes_no", required=True),
            Question("where", "Where?", "short_text", shown_when=ShownWhen("job", ["yes"])),
        ],
    )
    await make_workshops(world, event)
    await db.close_database()


async def wishes(url: str) -> list[str]:
    db.use_engine(db.make_engine(url))
    await db.open_database()
    found = await db.rows(
        "SELECT s.code FROM preference p JOIN session s ON s.id = p.session ORDER BY p.rank"
    )
    await db.close_database()
    return [row["code"] for row in found]


@pytest.fixture
def url(sqlite_template: Path, tmp_path: Path) -> str:
    return databases.sqlite_copy(sqlite_template, tmp_path)


@pytest.fixture
def server(url: str, tmp_path: Path) -> Iterator[RunningServer]:
    with ThreadPoolExecutor(1) as thread:  # the browser's own loop runs in this one
        thread.submit(asyncio.run, prepare(url, make_world(tmp_path / "data"))).result()
    with running_server(SECRET | {"CONVIVE_DATABASE_URL": url}) as running:
        yield running


def kept_wishes(url: str) -> list[str]:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, wishes(url)).result()


def fill_in(page: Page) -> None:
    page.get_by_label("E-mail address").fill("lea@example.org")
    page.get_by_label("First name", exact=True).fill("Léa")
    page.get_by_label("Last name", exact=True).fill("Martin")


def test_wishes_are_ordered_by_keyboard_and_said_aloud(
    browser: Browser, server: RunningServer, url: str
) -> None:
    page = browser.new_page(locale="en-GB", base_url=server.base_url)
    page.goto("/events/monkey-time/register")
    fill_in(page)
    expect(page.get_by_label("Where?")).to_be_hidden()
    expect(page.get_by_label("First name of person 1")).to_be_hidden()
    page.get_by_label("Yes").check()
    expect(page.get_by_label("Where?")).to_be_visible()
    for title in ("Mental", "Orientation"):
        page.get_by_role("button", name=f"Add, {title}").focus()
        page.keyboard.press("Enter")
    expect(page.locator("[aria-live]")).to_have_text("Orientation: wish 2 of 3")
    page.get_by_role("button", name="Move up, Orientation").focus()
    page.keyboard.press("Space")
    expect(page.locator("[aria-live]")).to_have_text("Orientation: wish 1 of 3")
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**/registered?as=confirmed")
    assert kept_wishes(url) == ["orientation", "mental"]


def test_without_scripts_errors_keep_what_was_chosen(
    browser: Browser, server: RunningServer, url: str
) -> None:
    page = browser.new_context(java_script_enabled=False, locale="en-GB", base_url=server.base_url).new_page()
    page.goto("/events/monkey-time/register")
    fill_in(page)
    page.get_by_label("1st wish").select_option("confiance")
    page.get_by_label("3rd wish").select_option("confiance")
    expect(page.get_by_text("Only if your answer to “In work?” is “Yes”:")).to_be_visible()
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text(
        ["Please answer: In work?", "This workshop is among your wishes already."]
    )
    expect(page.get_by_label("1st wish")).to_have_value("confiance")
    expect(page.get_by_label("E-mail address")).to_have_value("lea@example.org")
    page.get_by_label("No", exact=True).check()
    page.get_by_label("3rd wish").select_option("mental")
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**/registered?as=confirmed")
    assert kept_wishes(url) == ["confiance", "mental"]
