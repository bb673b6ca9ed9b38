"""One real afternoon in a browser, from an empty screen to people in the right workshop, in two languages."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
from icalendar import Calendar
from playwright.sync_api import BrowserContext, Page, expect

from events_app.infra.i18n import Translator, translator
from tests.e2e.conftest import Browsers
from tests.e2e.fake_camera import write_film
from tests.servers import ROOT, RunningServer, free_port, running_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PARIS = ZoneInfo("Europe/Paris")
PLACES = 40
PEOPLE = 43
WORKSHOPS = ("mental", "confiance", "reorienter", "communiquer", "reseauter")


class Afternoon(msgspec.Struct):
    """What the acts of the play share."""

    server: RunningServer
    words: Translator
    organiser: Page
    phone: Page
    api: httpx.Client
    troubles: list[str]
    slug: str = ""

    def say(self, message: str) -> str:
        return self.words.gettext(message)

    def starting(self, message: str) -> re.Pattern[str]:
        """For names of controls: the words, then what else may stand there for screen readers."""
        return re.compile("^" + re.escape(self.say(message)))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_one_afternoon(browsers: Browsers, tmp_path: Path, language: str) -> None:
    with _theatre(browsers, tmp_path, language) as play:
        _create_and_publish(play)
        people = _register_everybody(play)
        _one_withdraws_and_the_first_in_line_gets_the_place(play, people)
        _place_and_publish(play)
        seated = _the_phone_shows_the_workshop(play, people[0])
        _the_calendar_holds_it_in_paris_time(play, people[0], seated)
        _the_door_lets_in_once(browsers, play, tmp_path, people[0], seated)


@contextmanager
def _theatre(browsers: Browsers, folder: Path, language: str) -> Iterator[Afternoon]:
    port = free_port()
    env = {
        "CONVIVE_DATA_DIR": str(folder / "data"),
        "CONVIVE_PORT": str(port),
        "CONVIVE_BASE_URL": f"http://127.0.0.1:{port}",
        "PYTHONPATH": str(ROOT),
    }
    command = partial(_convive, {**os.environ, **env})
    link = command("user", "add", "organisatrice@example.org", "--role", "administrator", "--name", "Odile")
    key = command("api-key", "create", "--name", "inscriptions", "--role", "organiser")
    with running_server(env, port) as server, browsers.start() as browser:
        desk = browser.new_context(locale=language, viewport={"width": 1280, "height": 900})
        pocket = browser.new_context(locale=language, viewport={"width": 390, "height": 844})
        api = httpx.Client(base_url=server.base_url, headers={"authorization": f"Bearer {key}"}, timeout=30)
        troubles: list[str] = []
        play = Afternoon(
            server, translator(language), _page(desk, troubles), _page(pocket, troubles), api, troubles
        )
        play.organiser.goto(link)
        play.organiser.get_by_role("button", name=play.say("Sign in")).click()
        expect(play.organiser).to_have_url(re.compile("/org$"))
        yield play
        assert troubles == []


def _convive(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "events_app", *arguments], env=env, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _page(context: BrowserContext, troubles: list[str]) -> Page:
    """A page whose script errors and refused resources are noted; a form shown again with errors is none."""
    page = context.new_page()
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "console",
        lambda message: (
            troubles.append(message.text) if message.type == "error" and "422" not in message.text else None
        ),
    )
    return page


def _create_and_publish(play: Afternoon) -> None:
    """Four screens, from a format; the event begins in ninety minutes, so its doors are open."""
    page, say = play.organiser, play.say
    starts = (datetime.now(UTC) + timedelta(minutes=90)).astimezone(PARIS)
    page.goto(play.server.base_url + "/org/events/new")
    page.get_by_role("link", name="Monkey Time", exact=True).click()
    page.get_by_label(say("Start")).fill(starts.strftime("%Y-%m-%dT%H:%M"))
    page.locator("[name='commune'], [name='venue.commune']").first.fill("Lens")
    page.get_by_role("button", name=say("Continue")).click()
    coaches = page.get_by_label(play.starting("Coach"))
    rooms = page.locator("fieldset").filter(has=coaches.first).get_by_label(play.starting("Room"))
    for number in range(coaches.count()):
        coaches.nth(number).fill(f"Coach {number + 1}")
    expect(rooms.first).to_be_visible()
    page.get_by_role("button", name=say("Continue")).click()
    page.get_by_role("button", name=say("Publish"), exact=True).click()
    expect(page).to_have_url(re.compile(r"/org/events/[\w-]+$"))
    play.slug = page.url.rpartition("/")[2]
    play.phone.goto(f"{play.server.base_url}/events/{play.slug}")
    expect(play.phone.get_by_role("heading", level=1)).to_have_text("Monkey Time")


def _register_everybody(play: Afternoon) -> list[dict[str, Any]]:
    """One by hand on a phone, with wishes by buttons; the others by the API. What the API says of each."""
    _register_by_hand(play, "lea.machut@example.org", "Léa", "Machut")
    for number in range(1, PEOPLE):
        wishes = [WORKSHOPS[(number + step) % 5] for step in (0, 1, 3)]
        answer = play.api.post(
            f"/api/v1/events/{play.slug}/registrations",
            json={
                "email": f"personne{number}@example.org",
                "given_name": "Personne",
                "family_name": f"Numéro{number:02}",
                "language": play.words.language,
                "preferences": wishes,
                "consent": True,
            },
        )
        assert answer.status_code == 201, answer.text
        assert answer.json()["status"] == ("confirmed" if number < PLACES else "waiting")
    people = play.api.get(f"/api/v1/events/{play.slug}/registrations", params={"limit": 500}).json()["items"]
    assert len(people) == PEOPLE
    return sorted(people, key=lambda person: (person["email"] != "lea.machut@example.org", person["email"]))


def _register_by_hand(play: Afternoon, email: str, given_name: str, family_name: str) -> None:
    page, say = play.phone, play.say
    page.get_by_role("link", name=say("Register"), exact=True).click()
    page.locator("[name=email]").fill("lea.machut")  # no address yet
    page.locator("[name=given_name]").fill(given_name)
    page.get_by_role("button", name=say("Register"), exact=True).click()
    expect(page.locator("[name=given_name]")).to_have_value(given_name)  # kept, beside the error
    expect(page.locator("[aria-invalid=true]")).to_have_count(1)
    page.locator("[name=email]").fill(email)
    page.locator("[name=family_name]").fill(family_name)
    for wish in ("Je veux mieux réseauter", "Je veux mieux communiquer"):
        page.get_by_role("button", name=re.compile(f".*{wish}$")).first.click()
    page.get_by_role("button", name=say("Register"), exact=True).click()
    expect(page).to_have_url(re.compile("/registered"))


def _one_withdraws_and_the_first_in_line_gets_the_place(
    play: Afternoon, people: list[dict[str, Any]]
) -> None:
    leaving = next(person for person in people if person["email"] == "personne7@example.org")
    page = play.phone
    page.goto(leaving["manage_url"])
    page.get_by_role("link", name=play.say("Cancel my registration")).click()
    page.get_by_role("button", name=play.starting("Withdraw")).click()
    expect(page.get_by_role("main")).to_contain_text(play.say("Your registration is withdrawn."))
    first = next(person for person in people if person["email"] == f"personne{PLACES}@example.org")
    now = play.api.get(f"/api/v1/registrations/{first['id']}").json()
    assert now["status"] == "confirmed"
    _until(lambda: _mail_is_there(play.organiser, play, first["email"]))


def _mail_is_there(page: Page, play: Afternoon, recipient: str) -> bool:
    page.goto(f"{play.server.base_url}/org/events/{play.slug}/mail?q={recipient}")
    return page.get_by_role("rowheader", name=recipient).count() > 0


def _until(happens: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.3)


def _place_and_publish(play: Afternoon) -> None:
    page, say = play.organiser, play.say
    page.goto(f"{play.server.base_url}/org/events/{play.slug}/placement")
    page.get_by_role("button", name=say("Compute the placement")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Proposed placement"))
    expect(page.get_by_role("main")).to_contain_text(say("Proven: no placement is better by this measure."))
    page.get_by_role("link", name=say("Publish"), exact=True).click()
    page.get_by_role("button", name=say("Publish"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Published placement"))


def _the_phone_shows_the_workshop(play: Afternoon, person: dict[str, Any]) -> str:
    """The title of the workshop that the person was given."""
    page = play.phone
    page.goto(person["manage_url"])
    main = page.get_by_role("main")
    expect(main).to_contain_text(play.say("My workshop"))
    seated = next(
        title
        for title in ("Je veux mieux réseauter", "Je veux mieux communiquer")
        if title in main.inner_text()
    )
    picture = page.locator("img.ticket-image")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    return seated


def _the_calendar_holds_it_in_paris_time(play: Afternoon, person: dict[str, Any], seated: str) -> None:
    answer = httpx.get(person["calendar_url"])
    assert answer.headers["content-type"].startswith("text/calendar")
    entries = Calendar.from_ical(answer.content).walk("VEVENT")
    workshop = next(entry for entry in entries if seated in str(entry["SUMMARY"]))
    begins = workshop["DTSTART"]
    assert begins.params["TZID"] == "Europe/Paris"
    sessions = play.api.get(f"/api/v1/events/{play.slug}/sessions").json()["items"]
    session = next(found for found in sessions if found["title"] == seated)
    assert begins.dt.astimezone(UTC) == datetime.fromisoformat(session["starts_at"])


def _the_door_lets_in_once(
    browsers: Browsers, play: Afternoon, folder: Path, person: dict[str, Any], seated: str
) -> None:
    """A camera that shows the ticket, an empty hall, and the same ticket again."""
    film = write_film(folder / "hall.y4m", [(person["ticket_code"], 3), ("", 6)])
    door_address = f"{play.server.base_url}/door/{play.slug}"
    with browsers.start(film) as browser:
        context = browser.new_context(
            locale=play.words.language,
            viewport={"width": 390, "height": 844},
            storage_state=play.organiser.context.storage_state(),
        )
        door = _page(context, play.troubles)
        door.goto(door_address)
        verdict = door.locator("#verdict")
        expect(verdict).to_be_visible(timeout=30_000)
        expect(door.locator("#verdict-word")).to_have_text(play.say("Welcome"))
        expect(door.locator("#verdict-name")).to_contain_text("Machut")
        expect(door.locator("#verdict-places")).to_contain_text(seated)
        expect(door.locator("#count-inside")).to_have_text("1", timeout=10_000)
        expect(door.locator("#verdict-word")).to_have_text(play.say("Already in"), timeout=30_000)
        expect(door.locator("#count-present")).to_have_text("1")
    stats = play.api.get(f"/api/v1/events/{play.slug}/stats").json()
    assert stats["present"] == 1
