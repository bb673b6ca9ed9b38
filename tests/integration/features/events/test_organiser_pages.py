"""The organiser's pages, as a browser without JavaScript uses them."""

import re
from io import BytesIO
from typing import Any

import httpx
import pytest
from msgspec.structs import replace
from PIL import Image

from events_app.features.events import hooks
from events_app.features.events.formats import FORMATS
from events_app.features.events.model import EventRecord
from events_app.infra.world import World
from tests.integration.features.events.test_api import EVENTS, MONKEY_TIME, WORKSHOP


@pytest.fixture
def organiser(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers["authorization"] = f"Bearer {organiser_key}"
    return client


@pytest.fixture
async def draft(organiser: httpx.AsyncClient) -> str:
    """The pages' address of a draft with one workshop."""
    assert (await organiser.post(EVENTS, json=MONKEY_TIME)).status_code == 201
    path = f"{EVENTS}/monkey-time-lens"
    assert (await organiser.post(f"{path}/sessions", json=WORKSHOP)).status_code == 201
    return "/org/events/monkey-time-lens"


async def record(organiser: httpx.AsyncClient, slug: str = "monkey-time-lens") -> dict[str, Any]:
    answer = await organiser.get(f"{EVENTS}/{slug}")
    found: dict[str, Any] = answer.json()
    return found


def typed(html: str) -> dict[str, Any]:
    """What a browser would send back of the page's main form."""
    values: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = attributes.get("type", "text")
        if kind in ("checkbox", "radio") and " checked" not in tag:
            continue
        if kind == "checkbox" and attributes.get("name") in values:
            others = values[attributes["name"]]
            values[attributes["name"]] = [
                *([others] if isinstance(others, str) else others),
                attributes["value"],
            ]
            continue
        if kind not in ("file", "search") and "name" in attributes:
            values[attributes["name"]] = attributes.get("value", "")
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL):
        values[name] = text
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        first = re.search(r'<option value="([^"]*)"', options)
        values[name] = (chosen or first)[1] if first else ""  # type: ignore[index]
    return values


async def test_a_monkey_time_is_online_after_four_screens(organiser: httpx.AsyncClient) -> None:
    first = await organiser.get("/org/events/new")
    assert 'href="/org/events/new/monkey_time"' in first.text
    second = await organiser.get("/org/events/new/monkey_time")
    basics = typed(second.text) | {"starts_at": "2018-04-10T14:00", "venue.commune": "lens"}
    saved = await organiser.post("/org/events/new/monkey_time", data=basics)
    assert saved.status_code == 303, saved.text
    assert saved.headers["location"] == "/org/events/monkey-time-lens/new/programme"
    third = await organiser.get(saved.headers["location"])
    rooms = typed(third.text) | {"sessions.confiance.coach": "Karim", "sessions.confiance.room": "Salle 2"}
    saved = await organiser.post(saved.headers["location"], data=rooms)
    assert saved.status_code == 303, saved.text
    fourth = await organiser.get(saved.headers["location"])
    saved = await organiser.post(saved.headers["location"], data=typed(fourth.text) | {"do": "publish"})
    assert saved.status_code == 303, saved.text

    event = await record(organiser)
    assert (event["status"], event["capacity"], event["venue"]["insee"]) == ("published", 40, "62498")
    assert (event["starts_at"], event["ends_at"]) == ("2018-04-10T12:00:00Z", "2018-04-10T14:00:00Z")
    sessions = (await organiser.get(f"{EVENTS}/monkey-time-lens/sessions")).json()["items"]
    workshops = [session for session in sessions if session["kind"] == "workshop"]
    assert [w["title"] for w in workshops] == [
        "Je veux mieux me préparer mentalement",
        "Je veux reprendre confiance en moi",
        "Je veux me réorienter / évoluer",
        "Je veux mieux communiquer",
        "Je veux mieux réseauter",
    ]
    assert (workshops[1]["coach"], workshops[1]["room"]) == ("Karim", "Salle 2")


@pytest.mark.parametrize("code", sorted(FORMATS))
async def test_every_format_becomes_a_draft(organiser: httpx.AsyncClient, code: str) -> None:
    page = await organiser.get(f"/org/events/new/{code}")
    basics = typed(page.text) | {"starts_at": "2018-10-16T09:00", "title": "Un essai"}
    saved = await organiser.post(f"/org/events/new/{code}", data=basics)
    assert saved.status_code == 303, saved.text
    assert (await organiser.get(saved.headers["location"])).status_code == 200
    assert (await organiser.get("/org/events/un-essai/programme")).status_code == 200
    assert (await organiser.get("/org/events/un-essai/form")).status_code == 200


@pytest.mark.parametrize(
    ("typed_in", "field"),
    [
        ({"title": "", "starts_at": "2018-04-10T14:00"}, "title"),
        ({"title": "🎉", "starts_at": "2018-04-10T14:00"}, "title"),
        ({"title": "Oui", "starts_at": ""}, "starts_at"),
        ({"title": "Oui", "starts_at": "demain"}, "starts_at"),
        ({"title": "Oui", "starts_at": "2018-03-25T02:30"}, "starts_at"),
        ({"title": "Oui", "starts_at": "2018-04-10T14:00", "ends_at": "2018-04-10T13:00"}, "ends_at"),
    ],
)
async def test_a_wrong_field_keeps_what_was_typed(
    organiser: httpx.AsyncClient, typed_in: dict[str, str], field: str
) -> None:
    answer = await organiser.post("/org/events/new/free", data=typed_in | {"summary": "<b>gardé</b>"})
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert "&lt;b&gt;gardé&lt;/b&gt;" in answer.text
    assert (await organiser.get(EVENTS)).json()["items"] == []


async def test_the_home_says_what_needs_the_organiser(organiser: httpx.AsyncClient, draft: str) -> None:
    html = (await organiser.get("/org")).text
    assert f'href="{draft}/new/look"' in html
    await organiser.post(f"{draft}/publish")
    html = (await organiser.get("/org")).text
    assert f'href="{draft}"' in html
    assert f'href="{draft}/new/look"' not in html
    assert "Monkey Time" not in (await organiser.get("/org", params={"past": "1"})).text


async def test_details_are_saved_and_an_old_reading_is_refused(
    organiser: httpx.AsyncClient, draft: str
) -> None:
    values = typed((await organiser.get(f"{draft}/edit")).text)
    assert values["starts_at"] == "2018-04-10T14:00"
    saved = await organiser.post(f"{draft}/edit", data=values | {"title": "Monkey Time, bis"})
    assert (saved.status_code, saved.headers["location"]) == (303, draft)
    event = await record(organiser)
    assert (event["title"], event["revision"], event["venue"]["insee"]) == ("Monkey Time, bis", 2, "62498")
    late = await organiser.post(f"{draft}/edit", data=values | {"title": "Trop tard"})
    assert late.status_code == 422
    assert 'value="Trop tard"' in late.text
    assert (await record(organiser))["title"] == "Monkey Time, bis"


async def test_saving_without_a_change_changes_nothing(organiser: httpx.AsyncClient, draft: str) -> None:
    before = await record(organiser)
    values = typed((await organiser.get(f"{draft}/edit")).text)
    assert (await organiser.post(f"{draft}/edit", data=values)).status_code == 303
    assert await record(organiser) == before
    values = typed((await organiser.get(f"{draft}/form")).text)
    assert (await organiser.post(f"{draft}/form", data=values | {"do": "save"})).status_code == 303
    assert await record(organiser) == before


async def test_sessions_are_added_moved_and_deleted(organiser: httpx.AsyncClient, draft: str) -> None:
    values = typed((await organiser.get(f"{draft}/programme/new")).text)
    saved = await organiser.post(f"{draft}/programme/new", data=values | {"title": "Mieux réseauter"})
    assert saved.status_code == 303, saved.text

    async def codes() -> list[str]:
        answer = await organiser.get(f"{EVENTS}/monkey-time-lens/sessions")
        return [session["code"] for session in answer.json()["items"]]

    assert await codes() == ["confiance", "mieux-reseauter"]
    await organiser.post(f"{draft}/programme/confiance/move", data={"to": "down"})
    assert await codes() == ["mieux-reseauter", "confiance"]
    values = typed((await organiser.get(f"{draft}/programme/confiance")).text)
    wrong = await organiser.post(f"{draft}/programme/confiance", data=values | {"capacity_min": "11"})
    assert wrong.status_code == 422
    assert 'id="e-capacity_min"' in wrong.text
    assert (await organiser.get(f"{draft}/programme/confiance/delete")).status_code == 200
    await organiser.post(f"{draft}/programme/confiance/delete")
    assert await codes() == ["mieux-reseauter"]


async def test_the_form_is_built_without_javascript(organiser: httpx.AsyncClient, draft: str) -> None:
    path = f"{draft}/form"
    values = typed((await organiser.get(path)).text)
    for number, label in enumerate(("Déjeunez-vous ?", "Votre régime")):
        page = await organiser.post(path, data=values | {"do": "add_question"})
        assert page.status_code == 200
        values = typed(page.text) | {f"questions.{number}.label": label}
    values |= {
        "questions.0.kind": "yes_no",
        "questions.1.shown_when.question": "dejeunez-vous",
        "questions.1.shown_when.any_of": "oui",
        "profiles": "student",
    }
    assert (await record(organiser))["questions"] == []
    wrong = await organiser.post(path, data=values | {"questions.1.kind": "one_choice", "do": "save"})
    assert wrong.status_code == 422
    assert 'id="e-questions.1.choices"' in wrong.text
    assert (await organiser.post(path, data=values | {"do": "save"})).status_code == 303
    event = await record(organiser)
    assert event["profiles"] == ["student"]
    assert [(q["code"], q["kind"], q["shown_when"]) for q in event["questions"]] == [
        ("dejeunez-vous", "yes_no", None),
        ("votre-regime", "short_text", {"question": "dejeunez-vous", "any_of": ["yes"]}),
    ]
    values = typed((await organiser.get(path)).text)
    page = await organiser.post(path, data=values | {"do": "remove_question.1"})
    assert "Votre régime" not in page.text


async def test_calling_off_asks_tells_and_is_heard(
    organiser: httpx.AsyncClient, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, str]] = []

    async def hear(world: World, event: EventRecord, what: str, before: EventRecord) -> None:
        heard.append((event.slug, what))

    monkeypatch.setattr(hooks, "_given", replace(hooks.given(), announced_change=(hear,)))
    await organiser.patch(f"{EVENTS}/monkey-time-lens", json={"capacity": 30})
    await organiser.post(f"{draft}/publish")
    assert (await organiser.get(f"{draft}/postpone")).status_code == 200
    assert (await organiser.post(f"{draft}/postpone", data={"reason": ""})).status_code == 422
    await organiser.post(f"{draft}/postpone", data={"reason": "Travaux"})
    await organiser.post(f"{draft}/publish")
    await organiser.patch(f"{EVENTS}/monkey-time-lens", json={"venue": {"name": "Ailleurs"}})
    await organiser.patch(f"{EVENTS}/monkey-time-lens/sessions/confiance", json={"room": "9"})
    await organiser.patch(f"{EVENTS}/monkey-time-lens", json={"capacity": 31})
    await organiser.post(f"{draft}/cancel", data={"reason": "Neige"})
    assert [what for _, what in heard] == ["postponed", "rescheduled", "changed", "cancelled"]
    assert "Neige" in (await organiser.get(draft)).text


async def test_cloning_and_deleting_a_draft(organiser: httpx.AsyncClient, draft: str) -> None:
    saved = await organiser.post(f"{draft}/clone", data={"starts_at": "2018-11-06T14:00"})
    assert saved.headers["location"] == "/org/events/monkey-time-lens-2/new/programme"
    assert (await record(organiser, "monkey-time-lens-2"))["starts_at"] == "2018-11-06T13:00:00Z"
    assert (await organiser.get("/org/events/monkey-time-lens-2/delete")).status_code == 200
    await organiser.post("/org/events/monkey-time-lens-2/delete")
    assert (await organiser.get(f"{EVENTS}/monkey-time-lens-2")).status_code == 404
    await organiser.post(f"{draft}/publish")
    assert (await organiser.post(f"{draft}/delete")).status_code == 409


def photograph(size: tuple[int, int] = (3000, 2000)) -> bytes:
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    Image.new("RGB", size, "#9d3a25").save(out, "JPEG", exif=exif)
    return out.getvalue()


async def test_a_picture_is_made_small_and_loses_its_metadata(
    organiser: httpx.AsyncClient, draft: str
) -> None:
    values = typed((await organiser.get(f"{draft}/new/look")).text)
    files = {"image": ("photo.jpg", photograph(), "image/jpeg")}
    saved = await organiser.post(f"{draft}/new/look", data=values | {"do": "keep"}, files=files)
    assert saved.status_code == 303, saved.text
    address = (await record(organiser))["image_url"].removeprefix("http://testserver.local")
    answer = await organiser.get(address)
    assert answer.headers["content-type"] == "image/webp"
    assert "immutable" in answer.headers["cache-control"]
    with Image.open(BytesIO(answer.content)) as picture:
        assert picture.size == (1600, 1067)
        assert not picture.getexif()


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, photograph()[:2000]])
async def test_what_is_no_picture_is_said_beside_the_field(
    organiser: httpx.AsyncClient, draft: str, content: bytes
) -> None:
    values = typed((await organiser.get(f"{draft}/new/look")).text)
    answer = await organiser.post(
        f"{draft}/new/look", data=values | {"do": "publish"}, files={"image": ("a.png", content, "image/png")}
    )
    if content:  # an empty file is what a browser sends without a choice
        assert answer.status_code == 422
        assert 'id="e-image"' in answer.text
        assert (await record(organiser))["status"] == "draft"


async def test_a_huge_upload_is_refused(organiser: httpx.AsyncClient, draft: str) -> None:
    answer = await organiser.post(
        f"{draft}/new/look", files={"image": ("a.png", b"\0" * 9_000_000, "image/png")}
    )
    assert answer.status_code == 413


async def test_an_event_by_link_gets_an_address_that_nobody_guesses(
    organiser: httpx.AsyncClient, draft: str
) -> None:
    values = typed((await organiser.get(f"{draft}/new/look")).text)
    saved = await organiser.post(f"{draft}/new/look", data=values | {"visibility": "link", "do": "publish"})
    assert re.fullmatch(r"/org/events/monkey-time-lens-[0-9a-f]{20}", saved.headers["location"])


@pytest.mark.parametrize("path", ["", "/edit", "/programme", "/form", "/clone", "/cancel", "/new/look"])
async def test_a_stranger_sees_none_of_it(organiser: httpx.AsyncClient, draft: str, path: str) -> None:
    del organiser.headers["authorization"]
    answer = await organiser.get(draft + path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")
