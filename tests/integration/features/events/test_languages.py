"""Who wishes neither French nor English reads an event in its own language; other texts are marked."""

import httpx
import pytest

from events_app.features.mailing import event_letters
from events_app.features.mailing.building import build
from events_app.features.registration import links
from events_app.features.registration.job_kinds import CONFIRMATION
from events_app.infra.world import World
from tests.factories import mail_job, make_event, make_registration
from tests.integration.features.events.test_organiser_pages import typed


@pytest.mark.parametrize(
    ("accept", "language"),
    [("de-DE,de;q=0.9", "en"), ("fr,de", "fr"), ("de,en;q=0.5", "en"), (None, "en"), ("*", "en")],
)
async def test_the_language_of_the_page(
    client: httpx.AsyncClient, world: World, accept: str | None, language: str
) -> None:
    event = await make_event(world, language="en", title="World Forum", summary="Three days")
    person = await make_registration(world, event, language="en")
    headers = {"accept-language": accept} if accept else {}
    home = f"/me/{links.manage_token(world, person.id)}"
    for path in (f"/events/{event.slug}", f"/events/{event.slug}/register", home):
        for _ in range(2):
            page = (await client.get(path, headers=headers)).text
            assert f'<html lang="{language}"' in page, path
    marked = '<h1 lang="en">World Forum</h1>' if language == "fr" else "<h1>World Forum</h1>"
    assert marked in (await client.get(f"/events/{event.slug}", headers=headers)).text
    agenda = (await client.get("/", headers=headers)).text
    agenda_language = "fr" if accept in ("de-DE,de;q=0.9", None, "*", "fr,de") else "en"
    assert f'<html lang="{agenda_language}"' in agenda
    assert (f'href="/events/{event.slug}" lang="en"' in agenda) == (agenda_language == "fr")


async def test_errors_are_said_in_the_language_of_the_page(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, language="en")
    answer = await client.post(
        f"/events/{event.slug}/register", data={"email": "x"}, headers={"accept-language": "de"}
    )
    assert "Please enter a name." in answer.text
    asked = await client.get(f"/events/{event.slug}?lang=fr", headers={"accept-language": "de"})
    assert '<html lang="fr"' in asked.text


TEXTS = {"title": "The World Forum", "summary": "Three days on the economy"}


async def test_texts_are_read_in_the_readers_language_and_what_is_missing_is_marked(
    client: httpx.AsyncClient, organiser_key: str, world: World
) -> None:
    event = await make_event(world, title="Le Forum mondial", summary="Trois jours", description="Venez.")
    key = {"authorization": f"Bearer {organiser_key}"}
    api = f"/api/v1/events/{event.slug}"
    said = {"en": TEXTS | {"title": " The World\nForum "}, "fr": {"title": "Sans effet"}}
    changed = await client.patch(api, headers=key, json={"translations": said})
    assert changed.json()["translations"] == {"en": TEXTS}
    in_french, in_english = {"accept-language": "fr"}, {"accept-language": "en"}
    shown = (await client.get(f"/events/{event.slug}", headers=in_english)).text
    assert "<h1>The World Forum</h1>" in shown
    assert '"name":"The World Forum"' in shown
    assert '<div class="prose" lang="fr"><p>Venez.' in shown
    assert "Le Forum mondial" not in shown
    there = (await client.get(f"/events/{event.slug}", headers=in_french)).text
    assert "<h1>Le Forum mondial</h1>" in there
    assert "World" not in there
    person = await make_registration(world, event, language="en")
    for path in ("/", f"/events/{event.slug}/register", f"/events/{event.slug}/registered"):
        page = (await client.get(path, headers=in_english)).text
        assert ("The World Forum" in page, "Le Forum mondial" in page) == (True, False), path
    assert "The World Forum" in (await client.get("/?q=economy", headers=in_english)).text
    letter = await event_letters.about_registration(world, *mail_job(world, CONFIRMATION, person))
    assert letter is not None
    built = build(letter, "convive@example.org", "<one@example.org>", world.now())
    assert built.subject == "You are registered: The World Forum"


@pytest.mark.parametrize(
    ("translations", "field"),
    [
        ({"de": {"title": "Forum"}}, "/translations"),
        ({"en": {"title": "x" * 201}}, "/translations/en/title"),
        ({"en": {"title": "***"}}, "/translations/en/title"),
        ({"en": {"summary": "x" * 1001}}, "/translations/en/summary"),
        ({"en": {"description": "x" * 20001}}, "/translations/en/description"),
        ({"en": {"titel": "x"}}, '"/translations/titel"'),
        ({"en": "x"}, '"/translations"'),
        ("x", "/translations"),
    ],
)
async def test_what_is_no_text_in_another_language_is_said(
    client: httpx.AsyncClient, organiser_key: str, world: World, translations: object, field: str
) -> None:
    event = await make_event(world)
    key = {"authorization": f"Bearer {organiser_key}"}
    answer = await client.patch(
        f"/api/v1/events/{event.slug}", headers=key, json={"translations": translations}
    )
    assert answer.status_code in (400, 422), answer.text
    assert field in answer.text


async def test_the_organiser_gives_the_texts_of_the_other_language_in_the_form(
    client: httpx.AsyncClient, organiser_key: str, world: World
) -> None:
    event = await make_event(world, title="Le Forum mondial")
    path = f"/org/events/{event.slug}/edit"
    client.headers["authorization"] = f"Bearer {organiser_key}"
    form = typed((await client.get(path)).text)
    assert form["translations.en.title"] == ""
    saved = await client.post(path, data=form | {"translations.en.title": "The World Forum"})
    assert saved.status_code == 303, saved.text
    again = await client.get(path)
    assert 'value="The World Forum"' in again.text
    long = typed(again.text) | {"translations.en.title": "x" * 201}
    refused = await client.post(path, data=long)
    assert refused.status_code == 422
    assert 'id="e-translations.en.title"' in refused.text
