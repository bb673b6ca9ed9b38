"""`python -m tools.screenshots`: remakes the README's pictures in docs/images/ from a fresh demo.

Needs Chromium (`CONVIVE_TEST_CHROMIUM`, or one in the path) and the packages of `make setup-dev`.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.conftest import HOW_TO_GET_IT, chromium_path
from tests.servers import ROOT, running_server

FOLDER = ROOT / "docs" / "images"
EVENT = "/events/monkey-time-lens"
PHONE, DESKTOP = (390, 844), (1280, 800)
COLOURS = 128  # enough for flat pages; keeps each picture under 150 kB
Show = Callable[[Page], None]


def main() -> int:
    executable = chromium_path()
    if executable is None:
        print(HOW_TO_GET_IT, file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="screenshots-") as folder:
        env = {"CONVIVE_DATA_DIR": folder}
        _convive(env, "demo")
        link = _convive(env, "user", "add", "photo@example.org", "--role", "administrator", "--name", "Odile")
        with running_server(env) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=executable,
                args=["--no-sandbox", "--lang=fr-FR", "--use-fake-ui-for-media-stream"],
                env={**os.environ, "LANGUAGE": "fr", "LC_ALL": "fr_FR.UTF-8"},
            )
            _take_all(browser, server.base_url, urlsplit(link).path)
            browser.close()
    return 0


def _convive(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "events_app", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def _take_all(browser: Browser, base_url: str, sign_in: str) -> None:
    context = browser.new_context(base_url=base_url, locale="fr-FR")
    desk = context.new_page()
    desk.goto(sign_in)
    desk.get_by_role("main").get_by_role("button").click()
    desk.wait_for_url("**/org*")
    personal, code = _somebody(desk)
    desk.close()

    visitor = browser.new_context(base_url=base_url, locale="fr-FR")

    def take(name: str, size: tuple[int, int], show: Show, signed_in: bool = False) -> None:
        page = (context if signed_in else visitor).new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        show(page)
        page.wait_for_timeout(400)
        _keep(page.screenshot(), FOLDER / f"{name}.png")
        page.close()

    take("agenda-desktop", DESKTOP, lambda page: _go(page, "/"))
    take("event-phone", PHONE, lambda page: _go(page, EVENT))
    take("placement-desktop", DESKTOP, _placement, signed_in=True)
    _publish(context.new_page())
    take("personal-phone", PHONE, lambda page: _go(page, personal))
    take("door-phone", PHONE, lambda page: _admit(page, code), signed_in=True)
    visitor.close()
    context.close()


def _go(page: Page, address: str) -> None:
    page.goto(address)


def _somebody(page: Page) -> tuple[str, str]:
    """The personal page and the ticket's short code of the first registration."""
    page.goto(f"/org{EVENT}/registrations")
    page.locator("main tbody th a").first.click()
    text = page.get_by_role("main").inner_text()
    link = re.search(r"/me/[\w-]+", text)
    code = re.search(r"\b[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}\b", text)
    if link is None or code is None:
        raise RuntimeError("the page of a registration shows no personal link or no ticket")
    return link[0], code[0]


def _placement(page: Page) -> None:
    page.goto(f"/org{EVENT}/placement")
    page.get_by_role("button", name="Calculer le placement").click()
    page.wait_for_url(re.compile("/placement/[0-9a-f-]+$"))


def _publish(page: Page) -> None:
    """The placement that was computed last: from now on people know their workshop."""
    page.goto(f"/org{EVENT}/placement")
    page.get_by_role("link", name="Voir la proposition").click()
    page.get_by_role("link", name="Publier", exact=True).click()
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url(re.compile("/placement(/[0-9a-f-]+)?$"))
    page.close()


def _admit(page: Page, code: str) -> None:
    """The green verdict over the door's page."""
    page.goto(f"/door{EVENT.removeprefix('/events')}")
    page.get_by_label("Nom ou code", exact=True).fill(code)
    page.keyboard.press("Enter")
    page.locator("#verdict[data-outcome=admitted]").wait_for()


def _keep(picture: bytes, path: Path) -> None:
    with Image.open(BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    raise SystemExit(main())
