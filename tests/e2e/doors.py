"""What tests of the door page share: a server, one event with open doors, a phone enrolled."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from events_app.features.admission import devices
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.workshops.tables import Place
from events_app.infra import database as db
from events_app.infra.settings import load_settings
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.clock import SystemClock
from events_app.kernel.ids import SystemEntropy
from tests.integration.features.admission.rows import make_event, make_registrations, make_session
from tests.servers import RunningServer, free_port, running_server

# A busy machine would stretch the pauses between keys that come through the driver.
TYPE_LIKE_A_SCANNER = """text => {
  for (const key of [...text, "Enter"])
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}"""

SECRET = "a secret key that only tests use, long enough"


class Afternoon:
    """A running server with one event whose doors are open, and a link for a phone."""

    base_url: str
    server: RunningServer
    enrolment: str
    second_enrolment: str
    kiosk: str
    signed_code: str
    short_code: str
    personal_path: str
    """Of Anne Dupont."""
    more_codes: list[str]
    """Signed, of the other people."""


@contextmanager
def open_afternoon(tmp_path: Path, more: Sequence[str] = ()) -> Iterator[Afternoon]:
    """`more`: names of people beside Anne Dupont, who has a workshop, and Émile Œuvrard."""
    url = f"sqlite:///{tmp_path / 'door.db'}"
    with ThreadPoolExecutor(max_workers=1) as thread:  # Playwright keeps a loop running in this one
        made = thread.submit(asyncio.run, _fill(url, tmp_path, more)).result()
    env = {"CONVIVE_DATABASE_URL": url, "CONVIVE_SECRET_KEY": SECRET, "CONVIVE_WORKER_IN_PROCESS": "0"}
    with running_server(env, free_port()) as server:
        made.base_url, made.server = server.base_url, server
        yield made


async def _fill(url: str, folder: Path, more: Sequence[str]) -> Afternoon:
    settings = load_settings({"CONVIVE_DATA_DIR": str(folder), "CONVIVE_SECRET_KEY": SECRET})
    world = World(settings=settings, clock=SystemClock(), entropy=SystemEntropy())
    db.use_engine(db.make_engine(url))
    await db.open_database()
    try:
        await db.migrate()
        event = await make_event(world, placement_published_at=world.now())
        room = await make_session(
            world, event, "a4", title="Je veux mieux communiquer", room="Salle B", slot="ateliers"
        )
        first, second, *others = await make_registrations(
            world, event, ["Anne Dupont", "Émile Œuvrard", *more]
        )
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
        made.personal_path = f"/me/manage{first.id}"
        made.short_code = second.short_code
        made.more_codes = [await ticket_code_of(world, event, each) for each in others]
        made.second_enrolment = (await devices.offer_enrolment(world, SYSTEM, event, "Porte B", ""))[1]
        made.kiosk = (await devices.offer_enrolment(world, SYSTEM, event, "Borne 1", "", kiosk=True))[1]
        return made
    finally:
        await db.close_database()


def open_door(browser: Browser, afternoon: Afternoon, enrolment: str = "") -> Page:
    """As a borrowed phone does: the link, its button, the door."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
    return enrolled(context, afternoon, enrolment)


def enrolled(context: BrowserContext, afternoon: Afternoon, enrolment: str = "") -> Page:
    page = context.new_page()
    page.goto(f"{afternoon.base_url}/door/enrol/{enrolment or afternoon.enrolment}")
    page.get_by_role("button", name="Commencer").click()
    page.wait_for_url("**/door/monkey-time")
    return page
