"""The recruiting forum in a browser, in French: from the sides to the contacts that pass.

People are missing, two organisers press at once, and one of them loses the network for a while.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from events_app.features.accounts.members import add_member
from events_app.features.accounts.service import ensure_first_body
from events_app.features.accounts.sign_in import make_link
from events_app.features.events.model import Question
from events_app.features.registration.links import manage_url
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests import databases
from tests.factories import make_event, make_registration, make_session
from tests.servers import RunningServer, running_server
from tests.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECRET = {"CONVIVE_SECRET_KEY": "a secret key that only tests use, long enough"}
COMES, RECEIVES = "Candidat", "Structure qui recrute"
FORUM = "/org/events/monkey-time/networking/entretiens"


class Known(msgspec.Struct, frozen=True):
    sign_in: list[str]
    pages: dict[str, str]  # personal pages, by family name


async def prepare(url: str, world: World) -> Known:
    """Six candidates, three structures, two organisers."""
    db.use_engine(db.make_engine(url))
    await db.open_database()
    starts_at = datetime.now(UTC) + timedelta(minutes=30)
    sides = Question(code="cote", label="Vous êtes", kind="one_choice", choices=[COMES, RECEIVES])
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
    event = await make_event(world, questions=[sides], **times)
    await make_session(
        world,
        event,
        "entretiens",
        title="Entretiens",
        kind="speed_dating",
        slot="",
        capacity_min=None,
        capacity_max=None,
    )
    pages = {}
    for name in ("Terril", "Berline", "Corons"):
        post = await make_registration(
            world, event, family_name=name, organisation=f"Atelier {name}", answers={"cote": RECEIVES}
        )
        pages[name] = urlsplit(manage_url(world, post)).path
    for number in range(6):
        name = f"Candidate{number}"
        person = await make_registration(
            world, event, family_name=name, organisation="", answers={"cote": COMES}
        )
        pages[name] = urlsplit(manage_url(world, person)).path
    body = await ensure_first_body(world)
    links = []
    for name, role in (("odile", "administrator"), ("remi", "organiser")):
        account = await add_member(world, SYSTEM, body, f"{name}@example.org", role, name, invite=False)
        links.append(urlsplit(await make_link(world, account, timedelta(hours=1))).path)
    await db.close_database()
    return Known(links, pages)


@pytest.fixture
def forum(sqlite_template: Path, tmp_path: Path) -> Iterator[tuple[RunningServer, Known]]:
    url = databases.sqlite_copy(sqlite_template, tmp_path)
    with ThreadPoolExecutor(1) as thread:  # the browser's own loop runs in this one
        now = datetime.now(UTC)
        known = thread.submit(asyncio.run, prepare(url, make_world(tmp_path / "data", now))).result()
    with running_server(SECRET | {"CONVIVE_DATABASE_URL": url}) as running:
        yield running, known


def organiser(browser: Browser, server: RunningServer, link: str) -> Page:
    page = browser.new_context(locale="fr-FR", base_url=server.base_url).new_page()
    page.goto(link)
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url("**/org*")
    return page


def test_a_forum_is_played_from_its_sides_to_the_contacts(
    browser: Browser, forum: tuple[RunningServer, Known]
) -> None:
    server, known = forum
    odile, remi = (organiser(browser, server, link) for link in known.sign_in)
    guest = browser.new_context(locale="fr-FR", base_url=server.base_url).new_page()

    guest.goto(known.pages["Candidate0"])
    guest.get_by_role("link", name="Dire qui je souhaite rencontrer").click()
    guest.get_by_role("group", name="Atelier Terril").get_by_label("Vivement").check()
    guest.get_by_role("button", name="Enregistrer mes souhaits").click()
    expect(guest.get_by_text("Vous avez exprimé 1 souhait.")).to_be_visible()

    odile.goto(FORUM)
    expect(odile.get_by_text("6 candidats, 3 structures, 3 tables.")).to_be_visible()
    odile.get_by_label("Tours", exact=True).fill("2")
    odile.get_by_label("Pause après le tour").fill("")
    odile.get_by_label("Minutes de pause").fill("")
    odile.get_by_role("button", name="Proposer les tours").click()
    expect(odile.get_by_text("Chaque candidat a 1 rencontre.")).to_be_visible()
    expect(odile.get_by_text("1 souhait sur 1 est exaucé")).to_be_visible()
    plan = urlsplit(odile.url).path
    cards = odile.request.get(f"{plan}/cards.pdf").body()
    words = "\n".join(page.extract_text() for page in PdfReader(BytesIO(cards)).pages)
    assert all(f"Candidate{number}" in words for number in range(6))
    odile.get_by_role("link", name="Publier…").click()
    odile.get_by_role("button", name="Publier").click()
    expect(odile.get_by_text("Ce plan est publié")).to_be_visible()

    screen = odile.context.new_page()
    screen.goto(f"{FORUM}/screen")
    odile.goto(f"{FORUM}/live")
    remi.goto(f"{FORUM}/live")
    absent = odile.locator("#people li", has_text="Candidate5")
    absent.get_by_role("button", name="Absent").click()
    expect(remi.locator("#people li", has_text="Candidate5")).to_have_attribute("data-state", "absent")
    odile.get_by_role("button", name="Annoncer le tour 1").click()
    remi.get_by_role("button", name="Annoncer le tour 1").click()  # both press
    expect(odile.locator("#now")).to_contain_text("Tour 1 sur 2")
    expect(screen.locator("#round")).to_have_text("Tour 1 sur 2")
    expect(screen.locator("#names")).not_to_contain_text("Candidate5")

    remi.context.set_offline(True)
    expect(remi.locator("#offline")).to_be_visible()
    remi.get_by_role("button", name="Annoncer le tour 2").click()
    expect(remi.locator("#now")).to_contain_text("Tour 2 sur 2")
    expect(odile.locator("#now")).to_contain_text("Tour 1 sur 2")
    remi.context.set_offline(False)
    expect(odile.locator("#now")).to_contain_text("Tour 2 sur 2", timeout=15_000)
    expect(screen.locator("#round")).to_have_text("Tour 2 sur 2")

    for name in ("Candidate0", "Terril"):
        guest.goto(known.pages[name])
        other = "Atelier Terril" if name == "Candidate0" else "Candidate0"
        guest.get_by_role("group", name="Par qui êtes-vous intéressé").get_by_label(other).check()
        guest.get_by_role("button", name="Enregistrer", exact=True).click()
        guest.wait_for_load_state()
    odile.goto(f"{FORUM}/report")
    expect(odile.get_by_text("n’est montré à personne")).to_be_visible()
    odile.get_by_role("button", name="Transmettre les contacts maintenant").click()
    expect(odile.get_by_role("row", name="Candidate0")).to_contain_text("Terril")
    guest.goto(known.pages["Candidate0"])
    expect(guest.get_by_role("link", name="personne1@example.org")).to_be_visible()
