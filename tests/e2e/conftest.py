"""A real Chromium; every test that asks for it is skipped visibly where there is none."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

HOW_TO_GET_IT = "no Chromium was found: apt-get install chromium, or set CONVIVE_TEST_CHROMIUM to its path"
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def chromium_path() -> str | None:
    given = os.environ.get("CONVIVE_TEST_CHROMIUM")
    return given or next((found for name in _NAMES if (found := shutil.which(name))), None)


class Browsers:
    """Starts Chromium, with a film in place of the camera when one is given."""

    def __init__(self, playwright: Playwright, executable: str) -> None:
        self._playwright = playwright
        self._executable = executable

    @contextmanager
    def start(self, film: Path | None = None) -> Iterator[Browser]:
        camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        if film is not None:
            camera.append(f"--use-file-for-fake-video-capture={film}")
        browser = self._playwright.chromium.launch(
            executable_path=self._executable, args=_ARGUMENTS + camera, timeout=60_000
        )
        try:
            yield browser
        finally:
            browser.close()

    @contextmanager
    def of_somebody(self, profile: Path) -> Iterator[BrowserContext]:
        """With what it kept the last time in this folder."""
        context = self._playwright.chromium.launch_persistent_context(
            profile,
            executable_path=self._executable,
            args=_ARGUMENTS,
            viewport={"width": 390, "height": 844},
            locale="fr-FR",
        )
        try:
            yield context
        finally:
            context.close()


def kill_browser(profile: Path) -> None:
    """As a battery that dies: SIGKILL to whatever runs with this folder."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            said = (process / "cmdline").read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if f"--user-data-dir={profile}" in said:
            with suppress(ProcessLookupError):
                os.kill(int(process.name), signal.SIGKILL)


@pytest.fixture(scope="module")  # Playwright's event loop runs until then: async tests must not meet it
def browsers() -> Iterator[Browsers]:
    executable = chromium_path()
    if executable is None:
        pytest.skip(HOW_TO_GET_IT)
    with sync_playwright() as playwright:
        yield Browsers(playwright, executable)


@pytest.fixture
def browser(browsers: Browsers) -> Iterator[Browser]:
    """A browser whose camera shows a test picture."""
    with browsers.start() as started:
        yield started
