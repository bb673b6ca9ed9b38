"""Every main page as a person meets it: on a phone, on a desk, magnified, by keyboard, without scripts."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from events_app.infra.i18n import translator
from tests.e2e.conftest import Browsers
from tests.servers import ROOT, running_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
EVENT = "/events/monkey-time-lens"
DESK = "/org" + EVENT
PUBLIC = {
    "agenda": "/",
    "agenda-month": "/?view=month",
    "agenda-map": "/?view=map",
    "event": EVENT,
    "register": f"{EVENT}/register",
    "registered": f"{EVENT}/registered?as=confirmed",
    "confirmed": "{confirmed}",
    "waiting": "{waiting}",
    "wishes": "{confirmed}/wishes",
    "details": "{confirmed}/details",
    "withdraw": "{confirmed}/withdraw",
    "erase": "{confirmed}/erase",
    "ticket": "/tickets/{ticket}",
    "sign-in": "/sign-in",
    "accessibility": "/accessibility",
    "legal": "/legal",
    "privacy": "/privacy",
    "nowhere": "/nowhere",
    "api-docs": "/api/v1/docs",
}
COMMITTEE = "/org/events/comite-syndical"
EVENING = "/org/events/networking-rev3-printemps/networking/tables"
ORGANISING = {
    "home": "/org",
    "new-format": "/org/events/new",
    "new-basics": "/org/events/new/monkey_time",
    "new-programme": "{draft}/new/programme",
    "new-look": "{draft}/new/look",
    "overview": DESK,
    "edit": f"{DESK}/edit",
    "programme": f"{DESK}/programme",
    "session": f"{DESK}/programme/mental",
    "programme-import": f"{DESK}/programme/import",
    "search": "/org/search?q=forum",
    "statistics": "/org/statistics?from=2020-01-01&to=2029-12-31",
    "form": f"{DESK}/form",
    "registrations": f"{DESK}/registrations",
    "registration": f"{DESK}/registrations/{{person}}",
    "registration-edit": f"{DESK}/registrations/{{person}}/edit",
    "invitations": "/org/events/comite-syndical/invitations",
    "placement": f"{DESK}/placement",
    "proposal": "{run}",
    "move": "{run}/move?registration={person}&slot=ateliers",
    "publish": "{run}/publish",
    "meetings": "/org/events/forum-recrutement-parcours-culturel/networking/entretiens",
    "live": f"{EVENING}/live",
    "screen": f"{EVENING}/screen",
    "series-list": "/org/series",
    "series": "/org/series/cycle-solaire",
    "assemblies": "/org/assemblies",
    "assembly": "/org/assemblies/comite-syndical",
    "sitting": f"{COMMITTEE}/sitting",
    "item": f"{COMMITTEE}/sitting/items/new",
    "wall": f"{COMMITTEE}/sitting/screen",
    "report": f"{EVENING}/report",
    "gates": f"{DESK}/door",
    "event-mail": f"{DESK}/mail",
    "outbox": "/org/outbox",
    "mail": "{mail}",
    "clone": f"{DESK}/clone",
    "cancel": f"{DESK}/cancel",
    "members": "/org/members",
    "bodies": "/org/bodies",
    "body": "/org/bodies/lens-lievin",
    "legal-form": "/org/legal",
    "accesses": "/org/accesses",
    "keys": "/org/keys",
    "account": "/org/account",
    "door": f"/door{EVENT.removeprefix('/events')}",
}
IN_ENGLISH = ("event", "register", "confirmed", "home", "placement", "registrations")
PHONE, DESKTOP, MAGNIFIED, NARROWEST = 390, 1280, 640, 320  # 640: a window of 1280 at 200 %
PUBLIC_BYTES = 60_000  # over the wire, images apart
LAYOUT_SHIFT = {"wishes": 0.1}  # there the selects become a list to be ordered
LEAST_SHIFT = 0.05

RUN_AXE = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.map(one => [one.id, ...one.nodes.map(node => node.html.slice(0, 200))].join(" "));
}"""
# What stands beyond the window's edges; rows of tabs may be pushed aside, hidden words are for the ear.
CUT_OFF = """() => {
  const cut = [...document.querySelectorAll("body *")].filter(element => {
    if (element.closest(".tabs, .skip, .visually-hidden, thead, pre, iframe, svg")) return false;
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && (box.right > innerWidth + 1 || box.left < -1);
  });
  const clipped = [...document.querySelectorAll(".table")].filter(
    one => getComputedStyle(one).overflowX !== "visible" && one.scrollWidth > one.clientWidth);
  return [...cut, ...clipped].slice(0, 3).map(element => element.outerHTML.slice(0, 200));
}"""
COUNT_SHIFTS = """window.shifted = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""
FOCUSED = """() => {
  const it = document.activeElement, look = getComputedStyle(it);
  return { name: it.ariaLabel ?? (it.labels?.[0] ?? it).textContent.trim(), id: it.id,
           ring: look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2 };
}"""


class Site(msgspec.Struct):
    """A running demo, somebody signed in, and the addresses that only a filled database has."""

    base_url: str
    browser: Browser
    staff: Any  # Playwright's storage state
    known: dict[str, str]

    def context(self, *, signed_in: bool = False, **options: Any) -> BrowserContext:
        state = self.staff if signed_in else None
        return self.browser.new_context(
            base_url=self.base_url, storage_state=state, **({"locale": "fr-FR"} | options)
        )


@pytest.fixture(scope="module")
def site(browsers: Browsers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    env = {"CONVIVE_DATA_DIR": str(tmp_path_factory.mktemp("pages") / "data")}
    _convive(env, "demo")
    link = _convive(env, "user", "add", "revue@example.org", "--role", "administrator", "--name", "Odile")
    key = _convive(env, "api-key", "create", "--name", "pages", "--role", "organiser")
    with running_server(env) as server, browsers.start() as browser:
        context = browser.new_context(locale="fr-FR", base_url=server.base_url)
        page = context.new_page()
        page.goto(urlsplit(link).path)
        page.get_by_role("main").get_by_role("button").click()
        page.wait_for_url("**/org*")
        known = _people(server.base_url, key) | _made_by_hand(page)
        staff = context.storage_state()
        context.close()
        yield Site(server.base_url, browser, staff, known)


def _convive(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "events_app", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _people(base_url: str, key: str) -> dict[str, str]:
    answer = httpx.get(
        f"{base_url}/api/v1{EVENT}/registrations?limit=100", headers={"authorization": f"Bearer {key}"}
    )
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    confirmed = next(item for item in items if item["status"] == "confirmed")
    waiting = next(item for item in items if item["status"] == "waiting")
    return {
        "person": confirmed["id"],
        "ticket": confirmed["ticket_code"],
        "confirmed": confirmed["manage_url"].removeprefix(base_url),
        "waiting": waiting["manage_url"].removeprefix(base_url),
    }


def _made_by_hand(page: Page) -> dict[str, str]:
    """A draft, a placement that is proposed, and a mail in the outbox."""
    page.goto("/org/events/new/discovery")
    page.get_by_label("Début").fill("2027-01-10T14:00")
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url("**/new/programme")
    draft = page.url[page.url.index("/org") :].removesuffix("/new/programme")
    page.goto(f"{DESK}/placement")
    page.get_by_role("button", name="Calculer le placement").click()
    page.wait_for_url(re.compile(f"{DESK}/placement/[0-9a-f-]+$"))
    run = page.url[page.url.index("/org") :]
    page.goto(f"{DESK}/mail")
    while not page.locator("main table a").count():  # the worker writes them one after the other
        page.wait_for_timeout(100)
        page.reload()
    mail = page.locator("main table a").first.get_attribute("href")
    assert mail
    return {"draft": draft, "run": run, "mail": mail}


class Visit:
    """One page, its script errors and what it could not load."""

    def __init__(self, context: BrowserContext, name: str) -> None:
        self.name = name
        self.page = context.new_page()
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on(
            "console", lambda note: self.troubles.append(note.text) if note.type == "error" else None
        )

    def go(self, address: str) -> Page:
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == (404 if self.name == "nowhere" else 200)
        if self.name == "nowhere":
            self.troubles.clear()  # the browser notes the 404 that was asked for
        return self.page


def _violations(page: Page) -> list[str]:
    return list(page.evaluate(RUN_AXE))


def _resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})


@pytest.mark.skipif(
    not AXE.exists(), reason="axe-core was not found: apt-get install nodejs npm, then make setup"
)
@pytest.mark.parametrize("name", [*PUBLIC, *ORGANISING])
def test_reads_well_at_every_width(site: Site, name: str) -> None:
    """No violation that axe-core knows, nothing cut off, no error in the console, no English word left."""
    address = (PUBLIC | ORGANISING)[name].format(**site.known)
    with site.context(signed_in=name in ORGANISING, viewport={"width": DESKTOP, "height": 800}) as context:
        visit = Visit(context, name)
        page = visit.go(address)
        page.evaluate(AXE.read_text("utf-8"))
        assert _violations(page) == []
        assert page.evaluate(CUT_OFF) == []
        _resize(page, PHONE)
        assert _violations(page) == []
        for width in (PHONE, MAGNIFIED, NARROWEST):
            _resize(page, width)
            assert page.evaluate(CUT_OFF) == [], width
        assert _left_in_english(page) == []
        assert visit.troubles == []


def _left_in_english(page: Page) -> list[str]:
    """Message ids of more than one word that stand on a French page as they are."""
    if page.url.endswith("/api/v1/docs"):  # written in English, for programmers
        return []
    words = " ".join(page.locator("body").inner_text().split())
    french = translator("fr")
    return [known for known in _msgids() if french.gettext(known) != known and known in words]


@cache
def _msgids() -> list[str]:
    from babel.messages.pofile import read_po

    found: set[str] = set()
    for path in sorted((ROOT / "events_app" / "locale" / "fr").glob("*.po")):
        with path.open("rb") as file:
            found |= {str(one.id) for one in read_po(file) if isinstance(one.id, str)}
    return [one for one in found if " " in one and len(one) > 8 and "%" not in one]


@pytest.mark.parametrize("name", IN_ENGLISH)
def test_reads_in_english_too(site: Site, name: str) -> None:
    address = (PUBLIC | ORGANISING)[name].format(**site.known)
    with site.context(signed_in=name in ORGANISING, locale="en-GB") as context:
        visit = Visit(context, name)
        page = visit.go(address)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        assert not re.search(
            r"Inscription|Placement proposé|Chercher|facultatif", page.locator("nav").first.inner_text()
        )
        _resize(page, NARROWEST)
        assert page.evaluate(CUT_OFF) == []
        assert visit.troubles == []


@pytest.mark.parametrize("name", [name for name in PUBLIC if name != "api-docs"])
def test_public_pages_are_light_and_stand_still(site: Site, name: str) -> None:
    with site.context(viewport={"width": PHONE, "height": 800}) as context:
        page = context.new_page()
        page.add_init_script(COUNT_SHIFTS)
        wire = context.new_cdp_session(page)
        kinds: dict[str, str] = {}
        sizes: dict[str, float] = {}
        wire.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
        wire.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
        wire.send("Network.enable")
        page.goto(PUBLIC[name].format(**site.known), wait_until="networkidle")
        weight = sum(size for request, size in sizes.items() if kinds.get(request) != "Image")
        assert 0 < weight < PUBLIC_BYTES
        assert page.evaluate("window.shifted") < LAYOUT_SHIFT.get(name, LEAST_SHIFT)


def test_without_scripts_from_the_agenda_to_ones_own_page(site: Site) -> None:
    with site.context(java_script_enabled=False, viewport={"width": PHONE, "height": 800}) as context:
        page = context.new_page()
        page.goto("/")
        page.get_by_role("link", name="Monkey Time à Lens").click()
        page.get_by_role("link", name="Rejoindre la liste d’attente").click()
        page.get_by_role("textbox", name="Courriel").fill("lea.sans.script@example.org")
        page.get_by_label("Prénom", exact=True).fill("Léa")
        page.get_by_label("Nom", exact=True).fill("Machut")
        page.locator("select").nth(0).select_option("confiance")
        page.locator("select").nth(1).select_option("mental")
        page.get_by_role("button", name="Rejoindre la liste d’attente").click()
        page.wait_for_url("**/registered?as=waiting")
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_by_keyboard_alone_with_a_visible_focus(site: Site) -> None:
    """The skip link first; then every stop shows where it is, down to two wishes and the button."""
    with site.context(viewport={"width": DESKTOP, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{EVENT}/register")
        press = page.keyboard.press
        press("Tab")
        assert page.evaluate(FOCUSED)["ring"]
        press("Enter")
        expect(page.locator("#main")).to_be_focused()
        typed = {"f-email": "clavier@example.org", "f-given_name": "Ada", "f-family_name": "Clavier"}
        stops: list[str] = []
        added = 0
        for _ in range(60):
            press("Tab")
            stop = page.evaluate(FOCUSED)
            assert stop["ring"], stop
            stops.append(stop["id"] or stop["name"])
            if stop["id"] in typed:
                page.keyboard.type(typed[stop["id"]])
            elif stop["name"].startswith("Ajouter") and added < 2:
                press("Space")
                added += 1
            elif stop["name"] == "Rejoindre la liste d’attente":
                press("Enter")
                break
        page.wait_for_url("**/registered?as=waiting")
        assert [stop for stop in stops if stop in typed] == list(typed)
        assert added == 2


def test_the_desk_is_worked_by_keys(site: Site) -> None:
    with site.context(signed_in=True) as context:
        page = context.new_page()
        page.goto("/org/events/networking-rev3/registrations?status=pending")
        page.locator("main table th a").first.click()
        accept = page.locator('main [data-key="a"]')
        expect(accept).to_be_visible()
        expect(page.locator("#keys")).to_be_hidden()

        expect(page.locator("#keys")).to_be_hidden()
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        expect(page.locator("#keys")).to_contain_text("Accepter")
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()
        page.keyboard.press("a")
        expect(page.locator(".notice")).to_be_visible()

        page.keyboard.press("/")
        expect(page.locator("#everywhere")).to_be_focused()
        page.keyboard.type("world forum")
        page.keyboard.press("Enter")
        found = page.locator('main a[href="/org/events/world-forum"]')
        expect(found).to_be_visible()
        found.click()
        page.locator(".tabs a", has_text="Informations").click()
        page.fill("#f-summary", "Trois jours, autrement dits")
        page.keyboard.press("Control+s")
        expect(page.locator(".notice")).to_be_visible()
